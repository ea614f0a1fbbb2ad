"""Janus' recordings, whole, torn and made up, and what becomes of them."""

import io
import random
import struct
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from aiortc.rtp import RtpPacket
from hypothesis import given
from hypothesis import strategies as st

from media.callers import clips
from media.recording.convert import Publication, convert
from media.recording.finish import finish
from media.recording.manifest import Consent, Envelope, Manifest
from media.recording.mjr import MAX_INFO, MAX_PACKET, Mjr, MjrError, NothingRecordedError
from media.recording.recorder import NotAgreedError
from media.recording.rtp import Codec
from media.recording.sealed import DiskFullError
from media.recording.shelf import open_part
from tests.support.mjr import BEGUN_US, head, mjr, packet

KEY = b"k" * 32
KIM = Consent(peer="kiosk:K07", who="Kim Minji", at="2026-11-22T01:02:03Z")
PIECE = 1000
"""Bytes of a picture that go into one packet."""


def _read(data: bytes) -> list[tuple[float, RtpPacket]]:
    return list(Mjr(io.BytesIO(data)).packets())


def _rtp(number: int, payload: bytes = b"\x10\x00", **changed: int) -> RtpPacket:
    fields = {"payload_type": 96, "marker": 1, "sequence_number": number, "timestamp": 0, "ssrc": 7}
    return RtpPacket(**fields | changed, payload=payload)


def _face(seconds: float, lag: float = 0.0) -> Iterator[tuple[float, RtpPacket]]:
    """Pictures, 25 a second, cut into packets; each arrives `lag` and up to 30 ms after it was
    taken."""
    number, clip, chance = 65_500, clips.pictures(), random.Random(1)
    for n in range(round(seconds * 25)):
        data = clip[n] if n < len(clip) else clip[1 + n % (len(clip) - 1)]
        at = n / 25 + lag + chance.uniform(0, 0.03)
        for begin in range(0, len(data), PIECE):
            piece = (b"\x00" if begin else b"\x10") + data[begin : begin + PIECE]
            last = int(begin + PIECE >= len(data))
            yield at, _rtp(number & 0xFFFF, piece, marker=last, timestamp=4_294_960_000 + n * 3600)
            number += 1


def _voice(seconds: float, lag: float = 0.0) -> Iterator[tuple[float, RtpPacket]]:
    clip, chance = clips.sound(), random.Random(2)
    for n in range(round(seconds * 50)):
        at = n / 50 + lag + chance.uniform(0, 0.03)
        yield at, _rtp(n, clip[n % len(clip)], payload_type=111, timestamp=n * 960, ssrc=8)


def _wrapping(packets: Iterator[tuple[float, RtpPacket]]) -> Iterator[tuple[float, RtpPacket]]:
    for at, one in packets:
        one.timestamp &= 0xFFFFFFFF
        yield at, one


@pytest.fixture
def janus(tmp_path: Path) -> dict[str, Path]:
    """What Janus kept of one publisher: sound from 0.4 s after the picture on."""
    face, voice = tmp_path / "face.mjr", tmp_path / "voice.mjr"
    face.write_bytes(mjr(_wrapping(_face(4))))
    late = mjr(_voice(3), t="a", c="opus", u=BEGUN_US + 400_000)
    voice.write_bytes(late)
    return {"face.video": face, "face.audio": voice}


def _converted(folder: Path, files: dict[str, Path]) -> Manifest:
    convert(folder, KEY, "room-1", [Publication(KIM, files)])
    return finish(folder, KEY, lambda text: Envelope(manifest=text, signature=""))


def _webm(folder: Path, file: str | None) -> "av.container.InputContainer":
    assert file
    with open_part(folder, KEY, file) as reader:
        return av.open(io.BytesIO(reader.read(0, reader.size)), "r")


@given(
    st.lists(
        st.tuples(st.integers(0, 2**32 - 1), st.binary(max_size=60), st.integers(0, 2**32 - 1)),
        max_size=8,
    )
)
def test_what_was_written_is_read(packets: list[tuple[int, bytes, int]]) -> None:
    written = [(at, _rtp(n, data, timestamp=time)) for n, (at, data, time) in enumerate(packets)]
    found = _read(head() + b"".join(packet(at, one.serialize()) for at, one in written))
    assert [one.serialize() for _, one in found] == [one.serialize() for _, one in written]
    highest = [max(at for at, _ in written[: n + 1]) / 1000 for n in range(len(written))]
    assert [at for at, _ in found] == highest


def test_a_torn_file_is_read_up_to_the_tear() -> None:
    first, second = packet(0, _rtp(1).serialize()), packet(20, _rtp(2).serialize())
    whole = head() + first + second
    for length in range(len(head()), len(whole) + 1):
        file = Mjr(io.BytesIO(whole[:length]))
        kept = (length >= len(head() + first)) + (length == len(whole))
        assert len(list(file.packets())) == kept
        assert file.whole is (length in {len(head()), len(head() + first), len(whole)})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MJR0000",
        b"MEETECHO\x00\x05audio",
        b"MJR00001" + head()[8:],
        b"MJR00002\x00",
        b"MJR00002\x00\x00",
        b"MJR00002\x00\x05{}",
        b"MJR00002" + struct.pack(">H", MAX_INFO + 1) + b"{" * (MAX_INFO + 1),
        b"MJR00002" + struct.pack(">H", MAX_INFO) + b"[" * MAX_INFO,
        head(t="d", c="text"),
        head(c="h264"),
        head(c=["vp8"]),
        head(u=None),
        head(u=-1),
        head(u="soon"),
        head(e=True),
        head(**{"or": 63}),
        head(t="a"),
    ],
)
def test_what_is_no_recording_we_keep_is_refused(data: bytes) -> None:
    with pytest.raises(MjrError):
        Mjr(io.BytesIO(data))


def test_a_file_that_janus_opened_for_nothing_is_told_apart() -> None:
    with pytest.raises(NothingRecordedError):
        Mjr(io.BytesIO(b"MJR00002"))


def test_lengths_that_lie_and_what_is_no_packet() -> None:
    good = packet(5, _rtp(1).serialize())
    assert len(_read(head() + packet(0, b"") + packet(1, b"no RTP at all") + good)) == 1
    huge = packet(6, _rtp(2, bytes(MAX_PACKET)).serialize())
    file = Mjr(io.BytesIO(head() + good + huge + good))
    assert len(list(file.packets())) == 1
    assert not file.whole


@given(st.binary(max_size=400), st.data())
def test_nothing_made_up_does_more_than_be_refused_or_end(junk: bytes, data: st.DataObject) -> None:
    whole = bytearray(head() + b"".join(packet(n, _rtp(n).serialize()) for n in range(4)) + junk)
    for _ in range(3):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    try:
        found = _read(bytes(whole))
    except MjrError:
        return
    assert len(found) <= len(whole) // 10
    assert sum(len(one.payload) for _, one in found) <= len(whole)


def test_a_publication_becomes_the_same_file_as_a_recording(
    tmp_path: Path, janus: dict[str, Path]
) -> None:
    manifest = _converted(tmp_path / "reel", janus)
    (part,) = manifest.parts
    assert (part.consent, part.whole, part.cause) == (KIM, True, "ended")
    assert (manifest.room, manifest.started_at[:10]) == ("room-1", "2026-11-22")
    assert {(s.name, s.codec, s.frames) for s in part.streams} == {
        ("face.video", "VP8", 100),
        ("face.audio", "opus", 150),
    }
    container = _webm(tmp_path / "reel", part.file)
    assert sum(1 for _ in container.decode(video=0)) == 100
    assert sorted(path.name for path in (tmp_path / "reel").iterdir()) == ["001.webm", "manifest"]
    assert all(path.exists() for path in janus.values())


def test_sound_fits_the_picture_though_packets_came_when_they_liked(
    tmp_path: Path, janus: dict[str, Path]
) -> None:
    """Sound began 0.4 s after the picture; each packet came up to 30 ms late."""
    manifest = _converted(tmp_path / "reel", janus)
    times: dict[str, list[float]] = {"video": [], "audio": []}
    for one in _webm(tmp_path / "reel", manifest.parts[0].file).demux():
        if one.size and one.pts is not None:
            times[one.stream.type].append(one.pts / 1000)
    skews = [at - n / 25 for n, at in enumerate(times["video"])]
    skews += [at - 0.4 - n / 50 for n, at in enumerate(times["audio"])]
    assert max(skews) - min(skews) < 0.02


def test_a_torn_file_is_kept_and_said_to_be_torn(tmp_path: Path, janus: dict[str, Path]) -> None:
    torn = janus["face.video"].read_bytes()
    janus["face.video"].write_bytes(torn[: len(torn) // 2])
    (part,) = _converted(tmp_path / "reel", janus).parts
    assert (part.whole, part.cause) == (False, "crashed")
    frames = {stream.name: stream.frames for stream in part.streams}
    assert frames["face.audio"] == 150
    assert 10 < frames["face.video"] < 100


def test_packets_that_janus_never_got_cost_their_pictures_only(
    tmp_path: Path, janus: dict[str, Path]
) -> None:
    """Without packet 20 the chain of pictures is broken up to the next key frame; sound goes on."""
    face = [one for n, one in enumerate(_wrapping(_face(4))) if n != 20]
    voice = [one for n, one in enumerate(_voice(3)) if n % 10]
    janus["face.video"].write_bytes(mjr(face))
    janus["face.audio"].write_bytes(mjr(voice, t="a", c="opus"))
    (part,) = _converted(tmp_path / "reel", janus).parts
    frames = {stream.name: stream.frames for stream in part.streams}
    assert frames["face.audio"] == 135
    assert frames["face.video"] == sum(one.marker for _, one in face[:20])


def test_a_source_that_changes_and_what_comes_in_between(
    tmp_path: Path, janus: dict[str, Path]
) -> None:
    """Another source with another clock takes over after three seconds of silence."""
    first = list(_voice(1))
    between = [(1.1, _rtp(9, b"x", payload_type=111, ssrc=99)), (1.1, _rtp(50, b"x", ssrc=8))]
    again = [(at + 4, _rtp(one.sequence_number, one.payload, payload_type=111, ssrc=10,
                           timestamp=one.timestamp)) for at, one in first]  # fmt: skip
    janus["face.audio"].write_bytes(mjr(first + between + again, t="a", c="opus"))
    (part,) = _converted(tmp_path / "reel", {"face.audio": janus["face.audio"]}).parts
    assert part.streams[0].frames == 100
    heard = [one.pts for one in _webm(tmp_path / "reel", part.file).demux() if one.size]
    expected = [1000 * begin + 20 * n for begin in (0, 4) for n in range(50)]
    assert all(abs((at or 0) - due) < 40 for at, due in zip(heard, expected, strict=True))


def test_a_disk_that_is_full_leaves_nothing_half_done(
    tmp_path: Path, janus: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DiskFullError

    monkeypatch.setattr("media.recording.convert.write_chunks", full)
    with pytest.raises(DiskFullError):
        _converted(tmp_path / "reel", janus)
    assert not (tmp_path / "reel").exists()


def test_all_or_nothing(tmp_path: Path, janus: dict[str, Path]) -> None:
    (tmp_path / "empty.mjr").write_bytes(b"MJR00002")
    (tmp_path / "bad.mjr").write_bytes(head(c="h264"))
    for files, refusal in (
        (janus | {"desk.video": tmp_path / "bad.mjr"}, MjrError),
        (janus | {"desk.video": tmp_path / "gone.mjr"}, FileNotFoundError),
    ):
        with pytest.raises(refusal):
            _converted(tmp_path / "reel", files)
        assert not (tmp_path / "reel").exists()
    with pytest.raises(NotAgreedError):
        convert(tmp_path / "reel", KEY, "r", [Publication(Consent(peer="p", who="", at=""), janus)])
    assert not (tmp_path / "reel").exists()
    manifest = _converted(tmp_path / "reel", janus | {"desk.video": tmp_path / "empty.mjr"})
    assert len(manifest.parts[0].streams) == 2
    with pytest.raises(FileExistsError):
        _converted(tmp_path / "reel", janus)
    assert (tmp_path / "reel" / "manifest").exists()


def test_codecs_are_those_of_webm() -> None:
    assert [Mjr(io.BytesIO(head(c=c))).info.codec for c in ("vp8", "vp9")] == [Codec.VP8, Codec.VP9]
