"""From journals to WebM files: what is in them, when, and how well sound and picture fit."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import av
import pytest
from aiortc.rtp import RtpPacket

from media.callers import clips
from media.recording.export import Export, export, survey
from media.recording.frames import TrackFrames
from media.recording.journal import Journal, Kind, Record, ntp_bytes, write_chunks
from media.recording.rtp import Codec
from media.recording.sealed import SealedReader, SealedWriter
from media.recording.sealed_file import CHUNK, SealedFile
from media.recording.timeline import PLAUSIBLE_S, Report, tracks

KEY = b"k" * 32
NTP_1970 = 2_208_988_800
PICTURE, SOUND = 1, 2


def _journal(path: Path, journal: Journal, *, close: bool = True) -> Path:
    writer = SealedWriter(path, KEY, "n")
    write_chunks(writer, journal.take(0))
    (writer.close if close else writer.abandon)()
    return path


def _begin(*tracks: tuple[int, str, Codec]) -> Journal:
    journal = Journal()
    for number, name, codec in tracks:
        journal.fact(0, fact="track", number=number, name=name, codec=codec)
    return journal


def _frame(track: int, time: int, arrival: float, data: bytes, *, key: bool = True) -> Record:
    return Record(Kind.KEY_FRAME if key else Kind.FRAME, track, time, arrival, data)


def _export(folder: Path, journal: Journal) -> tuple[Export, bytes]:
    path = _journal(folder / "j", journal)
    done = export(path, folder / "w", KEY, ("n", "n"), survey(path, KEY, "n"))
    with SealedReader(folder / "w", KEY, "n") as reader:
        data = reader.read(0, reader.size)
    assert len(data) == done.size
    return done, data


@dataclass
class _Sender:
    """One track of a peer whose clock drifts and whose line loses, delays and mixes up.

    Every packet carries in its bytes when its picture or sound was really taken.
    """

    kind: str
    rate: int
    period: float
    drift: float
    capture_s: float
    """From the event to the packet on the line: encoders and pacers differ."""
    dice: random.Random
    clock_step: float = 0.0
    start: int = field(init=False)

    def __post_init__(self) -> None:
        self.start = self.dice.getrandbits(32)

    def rtp(self, moment: float) -> int:
        return (self.start + round(moment * self.rate * (1 + self.drift))) & 0xFFFFFFFF

    def ntp(self, moment: float, half: float) -> int:
        step = self.clock_step if moment > half else 0.0
        return round((NTP_1970 + 1e9 + moment + step) * (1 << 32))

    def packets(self, seconds: float, key: bytes) -> Iterator[tuple[float, RtpPacket]]:
        for n in range(int(seconds / self.period)):
            moment = n * self.period
            stamp = round(moment * 1e6).to_bytes(8, "big")
            picture = (b"\x10" + (key if n % 50 == 0 else b"\x01")) + stamp
            packet = RtpPacket(
                97, 1, (self.start + n) & 0xFFFF, self.rtp(moment), 5,
                picture if self.kind == "video" else stamp,
            )  # fmt: skip
            if self.dice.random() >= 0.05:
                yield self._arrival(moment), packet
            elif self.kind == "video" and self.dice.random() < 0.9:
                yield self._arrival(moment) + 0.4, packet  # sent again

    def _arrival(self, moment: float) -> float:
        return moment + self.capture_s + 0.15 + self.dice.expovariate(100)


def _run(sender: _Sender, journal: Journal, number: int, seconds: float, key: bytes) -> None:
    codec = Codec.VP8 if sender.kind == "video" else Codec.OPUS
    frames = TrackFrames(sender.kind, lambda _: codec)
    arrivals = sorted(sender.packets(seconds, key), key=lambda pair: pair[0])
    report_every, due = (1.0, 0.5) if sender.kind == "video" else (5.0, 0.5)
    for now, packet in arrivals:
        for frame in frames.add(packet, now):
            journal.add(_frame(number, frame.time, now, frame.data, key=frame.key))
        if now > due:
            moment = now - 0.15 + sender.dice.expovariate(200)
            time, ntp = frames.time(sender.rtp(moment)), sender.ntp(moment, seconds / 2)
            arrival = moment + 0.15 + sender.dice.expovariate(100)
            journal.add(Record(Kind.REPORT, number, time, arrival, ntp_bytes(ntp)))
            due += report_every


def _skews(data: bytes, folder: Path) -> dict[str, list[float]]:
    """For each stream: where in the file minus when taken, seconds, in the file's order."""
    (folder / "plain.webm").write_bytes(data)
    found: dict[str, list[float]] = {"audio": [], "video": []}
    with av.open(str(folder / "plain.webm")) as container:
        for packet in container.demux():
            if packet.size:
                assert packet.pts is not None
                taken = int.from_bytes(bytes(packet)[-8:], "big") / 1e6
                found[packet.stream.type].append(packet.pts / 1000 - taken)
    return found


@pytest.mark.parametrize(
    ("seconds", "step"), [(3600, 3.0), (600, -3.0)], ids=["hour-ahead", "back"]
)
def test_sound_fits_the_picture_after_an_hour_with_loss(
    tmp_path: Path, seconds: int, step: float
) -> None:
    """An hour, 5 % loss, two drifting clocks, 120 ms between the ways of sound and picture, and
    the sender's clock set by three seconds in the middle."""
    journal = _begin((PICTURE, "face", Codec.VP8), (SOUND, "voice", Codec.OPUS))
    dice = random.Random(4)
    picture = _Sender("video", 90_000, 0.5, 30e-6, 0.13, dice, step)
    sound = _Sender("audio", 48_000, 0.25, -90e-6, 0.01, dice, step)
    _run(picture, journal, PICTURE, seconds, clips.pictures(count=1)[0])
    _run(sound, journal, SOUND, seconds, b"")
    done, data = _export(tmp_path, journal)
    skews = _skews(data, tmp_path)
    assert [stream.frames for stream in done.streams] == [len(skews["video"]), len(skews["audio"])]
    assert len(skews["audio"]) > seconds * 4 * 0.93
    common = sorted(skews["video"])[len(skews["video"]) // 2]
    assert 0 < common < 0.5
    worst = max(abs(skew - common) for kind in skews.values() for skew in kind)
    assert worst < 0.02  # each within 20 ms of the common line: 40 ms between any two


def test_size_and_codec_may_change_and_all_decodes(tmp_path: Path) -> None:
    small, large = clips.pictures(count=5), clips.pictures(640, 480, 5)
    modern = clips.pictures(count=5, codec="libvpx-vp9")
    journal = _begin((1, "face", Codec.VP8), (2, "face", Codec.VP9))
    for n, data in enumerate([*small, *large]):
        journal.add(_frame(1, n * 3600, n * 0.04, data, key=n % 5 == 0))
    for n, data in enumerate(modern):
        journal.add(_frame(2, n * 3600, 1 + n * 0.04, data, key=n == 0))
    done, data = _export(tmp_path, journal)
    assert [(s.name, s.codec, s.frames) for s in done.streams] == [
        ("face", "VP8", 10),
        ("face", "VP9", 5),
    ]
    (tmp_path / "plain.webm").write_bytes(data)
    with av.open(str(tmp_path / "plain.webm")) as container:
        assert container.duration == pytest.approx(1_200_000, abs=60_000)
        sizes = [(f.width, f.height) for f in container.decode(video=0)]
    assert sizes == [(320, 240)] * 5 + [(640, 480)] * 5
    with av.open(str(tmp_path / "plain.webm")) as container:
        assert len(list(container.decode(video=1))) == 5


def test_sound_alone_makes_a_file(tmp_path: Path) -> None:
    journal = _begin((1, "voice", Codec.OPUS), (2, "face", Codec.VP8))
    for n, data in enumerate(clips.sound()):
        journal.add(_frame(1, n * 960, n * 0.02, data))
        journal.add(_frame(2, n * 1800, n * 0.02, b"\x01no key", key=False))
    done, data = _export(tmp_path, journal)
    assert [(s.name, s.frames) for s in done.streams] == [("voice", 50)]
    (tmp_path / "plain.webm").write_bytes(data)
    with av.open(str(tmp_path / "plain.webm")) as container:
        assert sum(f.samples for f in container.decode(audio=0)) > 45 * 960


def test_what_claims_to_be_a_key_frame_and_is_none_spoils_nothing(tmp_path: Path) -> None:
    journal = _begin((1, "face", Codec.VP8))
    journal.add(_frame(1, 0, 0.0, b"\x00junk"))
    journal.add(_frame(1, 3600, 0.04, clips.pictures()[0]))
    done, _ = _export(tmp_path, journal)
    assert done.streams[0].frames == 2  # kept as it came; the size is the real one's


def test_a_journal_without_its_end_gives_what_was_written(tmp_path: Path) -> None:
    journal = _begin((1, "voice", Codec.OPUS))
    for n, data in enumerate(clips.sound()):
        journal.add(_frame(1, n * 960, n * 0.02, data))
    path = _journal(tmp_path / "j", journal, close=False)
    found = survey(path, KEY, "n")
    assert not found.whole
    assert export(path, tmp_path / "w", KEY, ("n", "n"), found).streams[0].frames == 50


def test_times_that_lie_are_taken_at_their_arrival() -> None:
    honest = [Report(n * 90_000, 1e9 + n, n + 0.1) for n in range(20)]
    track = tracks({1: honest}, {1: 90_000})[1]
    assert track.taken(90_000 * 5, 5.1) == pytest.approx(5.1, abs=0.01)
    assert track.taken(1 << 40, 7.0) == 7.0
    assert track.taken(0, PLAUSIBLE_S + 5) == PLAUSIBLE_S + 5
    assert tracks({}, {1: 90_000})[1].taken(5, 3.0) == 3.0


def test_one_late_report_moves_nothing() -> None:
    reports = [Report(n * 48_000, 1e9 + n, n + 0.1) for n in range(30)]
    reports[10] = Report(10 * 48_000, 1e9 + 10.5, 10.6)
    track = tracks({1: reports}, {1: 48_000})[1]
    assert track.taken(48_000 * 10, 10.1) == pytest.approx(10.1, abs=0.001)


def test_large_files_go_back_to_their_beginning_only(tmp_path: Path) -> None:
    file = SealedFile(SealedWriter(tmp_path / "a", KEY, "n"))
    file.write(b"a" * 100)
    file.write(b"b" * (2 * CHUNK))
    file.seek(10)
    file.write(b"HEAD")
    file.seek(CHUNK + 5)
    with pytest.raises(OSError, match="beginning"):
        file.write(b"x")
    file.seek(0, 2)
    file.write(b"end")
    file.finish()
    with SealedReader(tmp_path / "a", KEY, "n") as reader:
        data = reader.read(0, reader.size)
        assert reader.whole
    assert data == b"a" * 10 + b"HEAD" + b"a" * 86 + b"b" * (2 * CHUNK) + b"end"
