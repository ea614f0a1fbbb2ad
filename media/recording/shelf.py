"""Finished recordings, read where they lie: manifests and plain WebM out of sealed files.

Imports neither codecs nor signatures, so whoever only plays recordings loads quickly.
"""

from pathlib import Path

from media.recording.manifest import Envelope, Manifest
from media.recording.sealed import SealedReader, TamperedError

MANIFEST = "manifest"


class NotFinishedError(FileNotFoundError):
    """The recording has no manifest yet."""


def unfinished(recordings: Path) -> list[Path]:
    """Folders of recordings that were cut off, or whose finishing was: to do at the start."""
    return sorted({journal.parent for journal in recordings.glob("*/*.journal")})


def read_manifest(folder: Path, key: bytes) -> tuple[Manifest, Envelope]:
    """The manifest of a finished recording.

    Raises:
        NotFinishedError: there is none.
        TamperedError: it was altered, or belongs to another recording or key.
    """
    try:
        with SealedReader(folder / MANIFEST, key, f"{folder.name}/{MANIFEST}") as reader:
            data = reader.read(0, reader.size)
            if not reader.whole:
                raise TamperedError("the manifest is cut off")
    except FileNotFoundError as error:
        raise NotFinishedError(folder.name) from error
    envelope = Envelope.model_validate_json(data)
    return Manifest.model_validate_json(envelope.manifest), envelope


def open_part(folder: Path, key: bytes, file: str) -> SealedReader:
    """The plain WebM of a part, readable at any place.

    Raises:
        TamperedError: it was altered, or belongs elsewhere.
        OSError: it is not there.
    """
    return SealedReader(folder / file, key, f"{folder.name}/{file}")
