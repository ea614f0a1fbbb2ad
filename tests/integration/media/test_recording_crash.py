"""A recorder that is killed, and a disk that is full: what was written is there."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from media.callers import clips
from media.callers.tracks import ClipTrack
from media.recording.finish import finish
from media.recording.manifest import Manifest
from media.recording.peer import State
from media.recording.recorder import Recording
from media.recording.sealed import DiskFullError, SealedWriter, TamperedError
from media.recording.shelf import MANIFEST, read_manifest, unfinished
from media.recording.signature import sign
from scanner.signer import Signer
from tests.integration.media.recording_process import KEY, KIM
from tests.support.patience import PATIENCE
from tests.support.talker import Talker

SIGNER = Signer.create("Mediation center")
FPS = 25
UNSHARE = ["unshare", "--user", "--map-root-user", "--mount", "--"]


def _finish(folder: Path) -> Manifest:
    pems = SIGNER.key_pem.decode(), SIGNER.cert_pem.decode()
    return finish(folder, KEY, lambda text: sign(text, *pems))


@contextmanager
def _recorder(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.integration.media.recording_process", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _until(process: "subprocess.Popen[str]", count: int) -> int:
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip().isdigit() and int(line) >= count:
            return int(line)
    raise AssertionError("it ended by itself")


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """The folder of a recorder that was killed, and how many pictures it had been sent."""
    folder = tmp_path_factory.mktemp("recordings") / "one"
    with _recorder(folder) as process:
        sent = _until(process, 3 * FPS)
        process.kill()
    return folder, sent


def _copy(folder: Path, to: Path) -> Path:
    target = to / folder.name
    target.mkdir()
    for path in folder.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    return target


def test_killed_it_loses_less_than_the_last_five_seconds(
    killed: tuple[Path, int], tmp_path: Path
) -> None:
    folder, sent = _copy(killed[0], tmp_path), killed[1]
    assert unfinished(tmp_path) == [folder]
    manifest = _finish(folder)
    (part,) = manifest.parts
    assert (part.consent, part.whole, part.cause) == (KIM, False, "crashed")
    pictures = next(s.frames for s in part.streams if s.name == "video")
    assert sent - pictures < 2 * FPS  # the promise is five seconds; a chunk is one
    assert unfinished(tmp_path) == []
    assert read_manifest(folder, KEY)[0] == manifest


def test_finishing_that_died_begins_anew(killed: tuple[Path, int], tmp_path: Path) -> None:
    folder = _copy(killed[0], tmp_path)
    SealedWriter(folder / "001.webm", KEY, "half").abandon()
    SealedWriter(folder / f"{MANIFEST}.new", KEY, "half").abandon()
    first = _finish(folder)
    assert first.parts[0].sha256
    (folder / "001.journal").write_bytes(b"its deletion was not done")
    assert _finish(folder) == first
    assert not list(folder.glob("*.journal"))


def test_a_journal_that_cannot_be_read_is_kept_and_said(
    killed: tuple[Path, int], tmp_path: Path
) -> None:
    folder = _copy(killed[0], tmp_path)
    (folder / "002.journal").write_bytes(b"damaged")
    manifest = _finish(folder)
    assert [(p.file, p.cause) for p in manifest.parts] == [
        ("001.webm", "crashed"),
        (None, "unreadable"),
    ]
    assert (folder / "002.empty").read_bytes() == b"damaged"


def test_a_recording_does_not_pass_for_another(killed: tuple[Path, int], tmp_path: Path) -> None:
    folder = _copy(killed[0], tmp_path)
    _finish(folder)
    with pytest.raises(TamperedError):
        read_manifest(folder.rename(tmp_path / "two"), KEY)


_SMALL = """
import subprocess, sys
from pathlib import Path
from tests.integration.media import test_recording_crash as this
folder = Path({folder!r})
folder.mkdir()
subprocess.run(["mount", "-t", "tmpfs", "-o", "size={size}", "tmpfs", folder], check=True)
this.{what}(folder)
"""


def _on_a_small_disk(folder: Path, size: str, what: str) -> None:
    """Run a function of this file on a real file system of that size, in a namespace of its own."""
    code = _SMALL.format(folder=str(folder), size=size, what=what)
    subprocess.run([*UNSHARE, sys.executable, "-c", code], check=True, timeout=60)


async def _until_full(folder: Path) -> None:
    """Record key frames, 200 a second, until the recorder ends by itself and says why."""
    full = asyncio.Event()
    recording = Recording(
        folder, KEY, "room", lambda _, state: full.set() if state is State.DISK_FULL else None
    )
    face = ClipTrack("video", clips.pictures(count=2)[:1] * 2, 0.005)
    async with Talker(face) as talker, asyncio.timeout(PATIENCE):
        await talker.take(await recording.answer(KIM, await talker.offer(), talker.mids()))
        await full.wait()


def record_until_full(disk: Path) -> None:
    """What fitted is whole, and can be finished as soon as there is room."""
    asyncio.run(_until_full(disk / "one"))
    size = (disk / "one" / "001.journal").stat().st_size
    assert size > 100_000
    try:
        _finish(disk / "one")
    except DiskFullError:
        names = [path.name for path in (disk / "one").iterdir()]
        assert names == ["001.journal"]  # nothing half done, nothing lost
    else:
        raise AssertionError("there was no room for the file")
    subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
    part = _finish(disk / "one").parts[0]
    assert part.file
    assert part.cause == "disk_full"
    assert part.size > size // 2


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    _on_a_small_disk(tmp_path / "disk", "512k", "record_until_full")
