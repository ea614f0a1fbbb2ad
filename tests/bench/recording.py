"""CPU of recording a call: ours beside aiortc's `MediaRecorder`, the same caller for both.

The caller (pre-encoded 720p25 and sound) is this process; each recorder is a process of its own,
gets the offer on its standard input, and counts its CPU time, finishing included.
"""

import asyncio
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import av
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRecorder

from media.callers import clips
from media.callers.tracks import ClipTrack
from media.loopback import allow_loopback
from media.recording.finish import finish
from media.recording.manifest import Consent, Envelope
from media.recording.recorder import Recording
from tests.support.talker import Talker

SECONDS = 20.0
FPS = 25
KEY = bytes(32)


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds a call-minute, and how many pictures the file holds of those sent."""

    cpu_s: float
    pictures: int
    sent: int

    @property
    def a_minute_kept(self) -> float:
        """CPU seconds for a minute of pictures in the file."""
        return self.cpu_s * self.sent / max(1, self.pictures)


async def cost(recorder: str, *, sound: bool) -> Cost:
    """Of `ours` or `stock`."""
    command = [sys.executable, "-m", "tests.bench.recording", recorder]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    assert process.stdin
    assert process.stdout
    face = ClipTrack("video", clips.pictures(1280, 720, 2 * FPS), 1 / FPS)
    voice = ClipTrack("audio", clips.sound(), 0.02)
    async with Talker(*([face, voice] if sound else [face])) as talker:
        process.stdin.write(json.dumps(await talker.offer()).encode() + b"\n")
        await talker.take(json.loads(await process.stdout.readline()))
        await face.until_sent(round(SECONDS * FPS))
        process.stdin.write(b"stop\n")
        sent = face.sent
        done = json.loads(await process.stdout.readline())
    await process.wait()
    return Cost(done["cpu_s"] * 60 / SECONDS, done["pictures"], sent)


async def _record(recorder: str) -> None:
    allow_loopback()
    with tempfile.TemporaryDirectory() as folder:
        await {"ours": _ours, "stock": _stock}[recorder](Path(folder))


async def _ours(folder: Path) -> None:
    recording = Recording(folder / "one", KEY, "bench", lambda *_: None)
    consent = Consent(peer="caller", who="", at="2026-01-01T00:00:00Z")
    offer = json.loads(await _line())
    _say(await recording.answer(consent, offer))
    begin = time.process_time()
    await _line()
    await recording.stop()
    manifest = finish(folder / "one", KEY, lambda text: Envelope(manifest=text, signature=""))
    used = time.process_time() - begin
    streams = manifest.parts[0].streams
    _say({"cpu_s": used, "pictures": next(s.frames for s in streams if s.codec == "VP8")})


async def _stock(folder: Path) -> None:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    recorder = MediaRecorder(str(folder / "one.webm"))
    connection.on("track", recorder.addTrack)
    offer = json.loads(await _line())
    await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
    await recorder.start()
    await connection.setLocalDescription(await connection.createAnswer())
    _say(connection.localDescription.sdp)
    begin = time.process_time()
    await _line()
    await recorder.stop()
    used = time.process_time() - begin
    await connection.close()
    _say({"cpu_s": used, "pictures": _pictures(folder / "one.webm")})


def _pictures(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(bool(p.size) and p.stream.type == "video" for p in container.demux())


async def _line() -> str:
    return await asyncio.to_thread(sys.stdin.readline)


def _say(what: object) -> None:
    print(json.dumps(what), flush=True)


async def compare() -> list[tuple[str, float, float]]:
    """What is compared, ours, `MediaRecorder`'s: CPU seconds.

    With sound the latter loses most pictures, so there a minute of pictures in the file counts.
    """
    ours, stock = [await cost(which, sound=False) for which in ("ours", "stock")]
    both, lossy = [await cost(which, sound=True) for which in ("ours", "stock")]
    return [
        ("recording pictures, CPU a call-minute", ours.cpu_s, stock.cpu_s),
        ("recording both, CPU a minute in the file", both.a_minute_kept, lossy.a_minute_kept),
    ]


async def main() -> None:
    """Tell the figures alone."""
    for what, ours, stock in await compare():
        print(f"{what}: {ours:.2f} s, MediaRecorder {stock:.2f} s, 1/{stock / ours:.1f}")


if __name__ == "__main__":
    asyncio.run(_record(sys.argv[1]) if len(sys.argv) > 1 else main())
