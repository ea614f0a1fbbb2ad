"""Recording real connections: aiortc peers with pre-encoded clips, a lossy line between."""

import asyncio
import errno
import io
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import av
import pytest
from aiortc.rtp import (
    RTCP_PSFB_FIR,
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    RtcpByePacket,
    RtcpPsfbPacket,
    RtcpRtpfbPacket,
    RtcpSenderInfo,
    RtcpSrPacket,
    RtpPacket,
)

from media.callers import clips
from media.callers.tracks import ClipTrack
from media.recording.finish import finish
from media.recording.manifest import Consent, Manifest
from media.recording.peer import State
from media.recording.recorder import NotAgreedError, Recording
from media.recording.shelf import open_part, unfinished
from media.recording.signature import sign
from media.recording.verification import verify
from scanner.signer import Signer
from tests.support.lossy_link import Line, LossyLink
from tests.support.patience import PATIENCE, until
from tests.support.talker import Talker

KEY = b"k" * 32
KIM = Consent(peer="kiosk-7", who="Kim Minji", at="2026-11-22T01:02:03Z")
PICTURES, PACKETS = 25, 50
"""A second's worth of the tracks below."""
SIGNER = Signer.create("Mediation center")


def _face() -> ClipTrack:
    return ClipTrack("video", clips.pictures(), 1 / PICTURES)


def _voice() -> ClipTrack:
    return ClipTrack("audio", clips.sound(), 1 / PACKETS)


@dataclass
class Studio:
    """A recording under test, and what it said."""

    folder: Path
    states: list[tuple[str, State]] = field(default_factory=list)
    _moved: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self.recording = Recording(self.folder, KEY, "room-1", self._changed)

    async def record(self, talker: Talker, link: LossyLink | None = None) -> None:
        offer = await talker.offer()
        answer = await self.recording.answer(
            KIM, link.offer(offer) if link else offer, talker.mids()
        )
        await talker.take(link.answer(answer) if link else answer)

    async def until(self, state: State) -> None:
        async with asyncio.timeout(PATIENCE), self._moved:
            await self._moved.wait_for(lambda: any(s is state for _, s in self.states))

    async def finish(self) -> Manifest:
        await self.recording.stop()
        return self.finish_only()

    def finish_only(self) -> Manifest:
        pems = SIGNER.key_pem.decode(), SIGNER.cert_pem.decode()
        return finish(self.folder, KEY, lambda text: sign(text, *pems))

    def webm(self, file: str | None) -> "av.container.InputContainer":
        assert file
        with open_part(self.folder, KEY, file) as reader:
            return av.open(io.BytesIO(reader.read(0, reader.size)), "r")

    def _changed(self, peer: str, state: State) -> None:
        self.states.append((peer, state))
        self._news = asyncio.get_running_loop().create_task(self._tell())

    async def _tell(self) -> None:
        async with self._moved:
            self._moved.notify_all()


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    studio = Studio(tmp_path / "recording-1")
    yield studio
    await studio.recording.stop()


def _frames(manifest: Manifest, name: str) -> int:
    return sum(s.frames for part in manifest.parts for s in part.streams if s.name == name)


def _sounds(datagrams: list[bytes]) -> int:
    """How many are packets of sound: the payload type stands in the clear."""
    return sum(data[1] & 0x7F == 96 for data in datagrams)


async def test_a_lossy_line_costs_no_sound_but_its_own_loss(studio: Studio) -> None:
    """8 % of all packets, 50 ms: pictures come again, sound misses what the line lost."""
    face, voice = _face(), _voice()
    line = Line(0.08, 0.05)
    link = LossyLink(line, Line(0.05, 0.05))
    await link.open()
    async with Talker(face, voice) as talker:
        await studio.record(talker, link)
        await studio.until(State.RECORDING)
        await voice.until_sent(3 * PACKETS)
        line.loss, voice.muted = 0, True
        await face.until_sent(PICTURES)  # meanwhile all sound arrives, and pictures come again
        sinks = studio.recording._peers["kiosk-7"]._sinks
        manifest = await studio.finish()
    link.close()
    lost, passed = _sounds(line.lost), _sounds(line.passed)
    assert lost > 3
    given_up = next(sink.frames.lost for sink in sinks if sink.name == "audio")
    assert given_up <= 1.1 * lost
    assert _frames(manifest, "audio") == passed
    assert face.sent - _frames(manifest, "video") <= 10
    assert studio.states == [("kiosk-7", State.RECORDING), ("kiosk-7", State.ENDED)]
    container = studio.webm(manifest.parts[0].file)
    decoded = sum(1 for _ in container.decode(video=0))
    assert decoded == _frames(manifest, "video")


async def test_a_gap_that_stays_asks_for_a_key_frame_and_the_rest_decodes(studio: Studio) -> None:
    face, line = ClipTrack("video", clips.pictures(), 0.01), Line()
    link = LossyLink(line)
    await link.open()
    async with Talker(face) as talker:
        await studio.record(talker, link)
        await studio.until(State.RECORDING)
        await face.until_sent(10)
        line.loss = 1.0
        await face.until_sent(140)  # more than the sender's history of packets
        before, line.loss = face.keys_asked, 0.0
        await until(lambda: face.keys_asked > before)
        await face.until_sent(150)
        manifest = await studio.finish()
    link.close()
    kept = _frames(manifest, "video")
    container = studio.webm(manifest.parts[0].file)
    assert sum(1 for _ in container.decode(video=0)) == kept >= 10 + 20


async def test_sizes_change_and_the_file_is_sealed(studio: Studio) -> None:
    face, voice = _face(), _voice()
    async with Talker(face, voice) as talker:
        await studio.record(talker)
        await studio.until(State.RECORDING)
        await face.until_sent(10)
        face.clip = clips.pictures(640, 480, 20)
        face.key_frame()
        await face.until_sent(10)
        manifest = await studio.finish()
    (part,) = manifest.parts
    assert (part.consent, part.whole, part.cause) == (KIM, True, "ended")
    assert {(s.name, s.codec) for s in part.streams} == {("video", "VP8"), ("audio", "opus")}
    sizes = {(f.width, f.height) for f in studio.webm(part.file).decode(video=0)}
    assert sizes == {(320, 240), (640, 480)}
    assert sorted(path.name for path in studio.folder.iterdir()) == ["001.webm", "manifest"]
    certificate = SIGNER.cert_pem.decode()
    assert verify(studio.folder, KEY, certificate) == []
    assert verify(studio.folder, KEY, Signer.create("Other").cert_pem.decode()) == [
        "signature: not the center's"
    ]
    _flip_a_byte(studio.folder / "001.webm")
    assert verify(studio.folder, KEY, certificate) == ["001.webm: not what was sealed"]


def _flip_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


async def test_a_track_that_joins_and_a_page_that_comes_again(studio: Studio) -> None:
    """The desk joins on the same connection; a reloaded page makes a new one: a second part."""
    voice, desk = _voice(), _face()
    async with Talker(voice) as talker:
        await studio.record(talker)
        await studio.until(State.RECORDING)
        with pytest.raises(ValueError, match="ICE"):
            await studio.recording.answer(KIM, "v=0\r\nm=audio 9 UDP 1\r\n")
        talker.connection.addTrack(desk)
        await studio.record(talker)
        await desk.until_sent(20)
        await studio.recording.hang_up("kiosk-7")
    studio.states.clear()
    again = _voice()
    async with Talker(again) as talker:
        await studio.record(talker)
        await studio.until(State.RECORDING)
        manifest = await studio.finish()
    first, second = manifest.parts
    assert {s.name for s in first.streams} == {"audio", "video"}
    assert _frames(manifest, "video") >= 10
    assert [s.codec for s in second.streams] == ["opus"]
    assert second.since >= first.until


async def test_face_and_desk_of_one_offer_are_both_kept(studio: Studio) -> None:
    """aiortc's bundling stops the transport of a second video unless all share one from the first
    on; a page offers three places at once."""
    voice, face, desk = _voice(), _face(), _face()
    async with Talker(voice, face, desk) as talker:
        names = dict(zip("012", ("face.audio", "face.video", "desk.video"), strict=True))
        answer = await studio.recording.answer(KIM, await talker.offer(), names)
        await talker.take(answer)
        await studio.until(State.RECORDING)
        await desk.until_sent(PICTURES)
        manifest = await studio.finish()
    assert all(_frames(manifest, name) >= 10 for name in names.values())
    shown = [[stream.name for stream in part.streams] for part in manifest.parts]
    assert sorted(map(sorted, shown)) == [["desk.video"], ["face.audio", "face.video"]]


async def test_nobody_is_recorded_without_having_agreed(studio: Studio) -> None:
    async with Talker(_voice()) as talker:
        with pytest.raises(NotAgreedError):
            await studio.recording.answer(Consent(peer="p", who="Li", at=""), await talker.offer())
    assert list(studio.folder.iterdir()) == []


async def test_a_peer_that_vanishes_is_said_and_kept(studio: Studio) -> None:
    voice = _voice()
    async with Talker(voice) as talker:
        await studio.record(talker)
        await studio.until(State.RECORDING)
        await voice.until_sent(25)
    await studio.until(State.LOST)
    manifest = studio.finish_only()
    assert manifest.parts[0].cause == "lost"
    assert _frames(manifest, "audio") > 20


async def test_silence_is_said_and_ends_with_the_next_frame(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("media.recording.peer.SILENT_S", 0.5)
    voice = _voice()
    async with Talker(voice) as talker:
        await studio.record(talker)
        await studio.until(State.RECORDING)
        voice.muted = True
        await studio.until(State.SILENT)
        studio.states.clear()
        voice.muted = False
        await studio.until(State.RECORDING)


class _StuckDisk:
    """Writing hangs until it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def __call__(self, *_: object) -> None:
        self.go.wait(20)


async def test_a_disk_that_hangs_is_said_at_once_and_memory_is_bounded(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, voice = _StuckDisk(), ClipTrack("audio", clips.sound(), 0.005)
    monkeypatch.setattr("media.recording.peer.write_chunks", disk)
    monkeypatch.setattr("media.recording.peer.MAX_WAITING", 30_000)
    async with Talker(voice) as talker:
        await studio.record(talker)
        await studio.until(State.DISK_SLOW)
        async with asyncio.timeout(PATIENCE):
            await voice.until_sent(100)
        assert studio.recording._peers["kiosk-7"].journal.waiting < 31_000
        disk.go.set()
        await studio.recording.stop()
    assert [state for _, state in studio.states] == [State.RECORDING, State.DISK_SLOW]


async def test_a_disk_that_fails_ends_the_recording(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    voice = _voice()
    monkeypatch.setattr("media.recording.peer.write_chunks", fail)
    async with Talker(voice) as talker:
        await studio.record(talker)
        await studio.until(State.DISK_FAILED)
    assert studio.finish_only().parts[0].cause == "crashed"


async def test_an_offer_that_is_none_leaves_an_ended_recording(studio: Studio) -> None:
    for sdp in ("", "x" * 300_000, "v=0\r\nm=audio 9 X 0\r\n", "m=video 9 X 96\r\n" * 17):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever the parser says
            await studio.recording.answer(KIM, sdp)
    assert studio.finish_only().parts[0].file is None
    assert unfinished(studio.folder.parent) == []


async def test_hostile_packets_are_bounded(studio: Studio) -> None:
    """Foreign sources, unknown payload, storms of reports and of requests for packets
    and key frames, and broken RTCP, all in one call."""
    voice, face = _voice(), _face()
    async with Talker(face, voice) as talker:
        await studio.record(talker)
        await studio.until(State.RECORDING)
        await _flood(talker)
        await face.until_sent(PICTURES)
        recorder = studio.recording._peers["kiosk-7"]
        router = recorder._sinks[0].tap._receiver.transport._rtp_router
        sinks = {sink.name: sink for sink in recorder._sinks}
        assert len(router.ssrc_table) < 30
        await until(lambda: sinks["video"].tap.refused > 50)
        manifest = await studio.finish()
    assert face.sent - _frames(manifest, "video") <= 10
    assert voice.sent - _frames(manifest, "audio") <= 15
    assert (studio.folder / "001.webm").stat().st_size < 2_000_000


async def _flood(talker: Talker) -> None:
    video, sound = (talker.sender(kind) for kind in ("video", "audio"))
    send, payload = video.transport._send_rtp, b"\x10\x00" + bytes(50)
    bomb = RtcpRtpfbPacket(RTCP_RTPFB_NACK, video._ssrc, sound._ssrc, lost=list(range(0, 5000, 20)))
    asks = (RtcpPsfbPacket(fmt, 1, video._ssrc) for fmt in (RTCP_PSFB_PLI, RTCP_PSFB_FIR))
    wishes = [bytes(bomb), *map(bytes, asks)]
    for n in range(500):
        await send(RtpPacket(97, 1, n, 0, 1000 + n, payload).serialize())
        await send(RtpPacket(120, 1, n, 0, 5000 + n, payload).serialize())
        await send(RtpPacket(77, 1, n, 0, video._ssrc, payload).serialize())  # reads as RTCP
        info = RtcpSenderInfo(n << 32, n * 7919, 1, 1)
        await send(bytes(RtcpSrPacket(ssrc=video._ssrc, sender_info=info)))
        await send(bytes(RtcpByePacket(sources=[1000 + n])))
        await send(b"\x81\xcd\xff\xff" + bytes(40))
        for wish in wishes:
            await send(wish)


async def test_a_disk_that_hangs_is_said_before_much_waits_for_it(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = _StuckDisk()
    monkeypatch.setattr("media.recording.peer.write_chunks", disk)
    monkeypatch.setattr("media.recording.peer.HANGS_S", 0.2)
    async with Talker(_voice()) as talker:
        await studio.record(talker)
        await studio.until(State.DISK_SLOW)
        disk.go.set()
        await studio.recording.stop()


async def test_whatever_goes_wrong_inside_is_said(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("as told")

    monkeypatch.setattr("media.recording.peer.write_chunks", fails)
    async with Talker(_voice()) as talker:
        await studio.record(talker)
        await studio.until(State.LOST)
        await studio.recording.stop()
