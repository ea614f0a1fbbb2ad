"""A room that Debian's Janus recorded becomes the same sealed files as one of our own."""

import io
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import av

from center.realtime.engine.janus import Janus
from media.callers import clips
from media.callers.tracks import ClipTrack
from media.recording.manifest import Consent, Manifest
from media.recording.orders import Converting, Published
from media.recording.shelf import open_part
from media.recording.verification import verify
from scanner.signer import Signer
from tests.support.janus import JanusProcess, janus
from tests.support.patience import until
from tests.support.talker import Talker

KEY = b"k" * 32
KIM = Consent(peer="kiosk:K07", who="Kim Minji", at="2026-11-22T01:02:03Z")
SIGNER = Signer.create("Mediation center")


@asynccontextmanager
async def _talking(session: Janus, folder: Path) -> AsyncIterator[tuple[ClipTrack, ClipTrack]]:
    """Somebody talks in a room that Janus records; what they send."""
    face = ClipTrack("video", clips.pictures(), 1 / 25)
    voice = ClipTrack("audio", clips.sound(), 1 / 50)
    handle = await session.attach(lambda _: None)
    await handle.tell("create", room=7, record=True, rec_dir=str(folder), videocodec="vp8")
    await handle.tell("join", ptype="publisher", room=7)
    async with Talker(face, voice) as talker:
        answer = await handle.tell("publish", ("offer", await talker.offer()))
        await talker.take(answer.sdp or "")
        await face.until_sent(10)
        yield face, voice


async def _recorded(server: JanusProcess, folder: Path) -> tuple[ClipTrack, ClipTrack]:
    """What was sent in a second or so."""
    session = await Janus.connect(server.settings())
    try:
        async with _talking(session, folder) as (face, voice):
            await face.until_sent(20)
    finally:
        await session.close()
    return face, voice


async def _file(folder: Path, kind: str) -> str:
    """Janus gives a recording this name when it is whole, and tells nobody."""
    return str((await until(lambda: _whole(folder, kind)))[0])


def _whole(folder: Path, kind: str) -> list[Path]:
    return list(folder.glob(f"*-{kind}-*.mjr"))


def _convert(folder: Path, files: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    told = Converting(
        folder=str(folder),
        key=KEY.hex(),
        seal_key=SIGNER.key_pem.decode(),
        seal_certificate=SIGNER.cert_pem.decode(),
        room="mediation-1",
        published=(Published(consent=KIM, files=files),),
    )
    command = [sys.executable, "-m", "media", "convert"]
    return subprocess.run(
        command, input=told.model_dump_json(), capture_output=True, text=True, check=False
    )


async def test_a_room_on_janus_becomes_a_sealed_recording(tmp_path: Path) -> None:
    async with janus(tmp_path, 1) as (server,):
        face, voice = await _recorded(server, tmp_path / "janus")
        found = {kind: await _file(tmp_path / "janus", kind) for kind in ("video", "audio")}
    done = _convert(tmp_path / "reel", found)
    assert done.returncode == 0, done.stderr
    (part,) = Manifest.model_validate(json.loads(done.stdout)).parts
    assert (part.consent, part.whole, part.cause) == (KIM, True, "ended")
    frames = {stream.name: stream.frames for stream in part.streams}
    assert face.sent - 10 <= frames["video"] <= face.sent
    assert voice.sent - 20 <= frames["audio"] <= voice.sent
    assert verify(tmp_path / "reel", KEY, SIGNER.cert_pem.decode()) == []
    with open_part(tmp_path / "reel", KEY, part.file or "") as reader:
        plain = av.open(io.BytesIO(reader.read(0, reader.size)), "r")
    assert sum(1 for _ in plain.decode(video=0)) == frames["video"]


async def test_a_recording_ends_when_nobody_comes_back_to_order_it(tmp_path: Path) -> None:
    async with janus(tmp_path, 1, reclaim_s=1) as (server,):
        session = await Janus.connect(server.settings())
        async with _talking(session, tmp_path / "janus"):
            await session.let_go()
            for kind in ("video", "audio"):
                await _file(tmp_path / "janus", kind)


def test_what_cannot_be_converted_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.mjr").write_bytes(b"something else")
    done = _convert(tmp_path / "reel", {"video": str(tmp_path / "x.mjr")})
    assert done.returncode == 2
    assert done.stderr.startswith("MjrError: not a recording of Janus")
    assert KEY.hex() not in done.stderr
    assert not (tmp_path / "reel").exists()
