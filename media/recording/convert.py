"""What Janus recorded becomes journals, as of our own recorder; `finish` does the rest."""

import heapq
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from media.recording.journal import Journal, write_chunks
from media.recording.manifest import Consent
from media.recording.mjr import Mjr, NothingRecordedError
from media.recording.mjr_track import MjrTrack
from media.recording.recorder import NotAgreedError
from media.recording.sealed import SealedWriter

MAX_TRACKS = 16
"""Tracks of one publication, changes of source included, as in the recorder."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What one participant sent in one go, by what it shows, and that they had agreed to it."""

    consent: Consent
    files: Mapping[str, Path]


def convert(folder: Path, key: bytes, room: str, publications: Sequence[Publication]) -> None:
    """Write the journals of a recording into `folder`, which must not exist; the files of Janus
    stay. A file that Janus opened for nothing is left out, a torn one read up to the tear.

    Raises:
        NotAgreedError: a consent says nothing; nothing is left in `folder`, here and below.
        MjrError: a file cannot be read at all.
        FileExistsError: there is a recording of this name.
        OSError: a file is not there, or there is no room.
    """
    for publication in publications:
        if not publication.consent.at:
            raise NotAgreedError(publication.consent.peer)
    with ExitStack() as files:
        opened = [_open(publication, files) for publication in publications]
        begun_us = min((m.info.written_us for one in opened for m in one.values()), default=0)
        begun = {"room": room, "started_at": _moment(begun_us)}
        with _new(folder):
            for number, publication in enumerate(publications):
                tracks = [MjrTrack(n, m, begun_us) for n, m in opened[number].items()]
                consent = publication.consent.model_dump()
                path = folder / f"{number + 1:03}.journal"
                _write(path, key, begun | {"consent": consent}, tracks)


def _open(publication: Publication, files: ExitStack) -> dict[str, Mjr]:
    found = {}
    for name, path in publication.files.items():
        try:
            found[name] = Mjr(files.enter_context(path.open("rb")))
        except NothingRecordedError:
            continue
    return found


def _moment(since_1970_us: int) -> str:
    return datetime.fromtimestamp(since_1970_us / 1e6, UTC).isoformat(timespec="milliseconds")


@contextmanager
def _new(folder: Path) -> Iterator[None]:
    """A folder that stays only if all goes well."""
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield
    except BaseException:
        shutil.rmtree(folder)
        raise


def _write(path: Path, key: bytes, begun: Mapping[str, object], tracks: list[MjrTrack]) -> None:
    writer = SealedWriter(path, key, f"{path.parent.name}/{path.name}", each_chunk=False)
    try:
        for chunks in _chunks(begun, tracks):
            write_chunks(writer, chunks)
        writer.close()
    finally:
        writer.abandon()


def _chunks(begun: Mapping[str, object], tracks: list[MjrTrack]) -> Iterator[list[bytes]]:
    """A journal in pieces. Its end is written only where no file was torn."""
    journal, numbers = Journal(), iter(range(1, MAX_TRACKS + 1))
    journal.fact(0.0, fact="begun", **begun)
    every = [track.records(numbers) for track in tracks]
    for record in heapq.merge(*every, key=lambda record: record.arrival):
        journal.add(record)
        if journal.due(0.0):
            yield journal.take(0.0)
    if all(track.whole for track in tracks):
        journal.fact(max((t.now for t in tracks), default=0.0), fact="ended", cause="ended")
    yield journal.take(0.0)
