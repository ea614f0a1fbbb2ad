"""From the journals of a recording to what is kept: WebM files, manifest, signature; all sealed.

The same after a stop and after a crash. Journals go only when everything that came of them was read
back from the disk; dying in between leaves them, and the next attempt begins anew.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from media.recording.export import Survey, export, survey
from media.recording.manifest import Consent, Envelope, Manifest, Part, Stream
from media.recording.rtp import Codec
from media.recording.sealed import SealedWriter, TamperedError, sync_folder
from media.recording.shelf import MANIFEST, read_manifest
from media.recording.webm import Source

log = logging.getLogger(__name__)

Sign = Callable[[str], Envelope]


def finish(folder: Path, key: bytes, sign: Sign) -> Manifest:
    """Make what is kept; blocks for some three seconds of CPU for each ten minutes.

    Raises:
        DiskFullError: there is no room; the journals stay.
        OSError: a file cannot be written or read back; the journals stay.
    """
    journals = sorted(folder.glob("*.journal"))
    if not (folder / MANIFEST).exists():
        _write(folder, key, sign(_manifest(folder, key, journals).model_dump_json()))
    manifest = read_manifest(folder, key)[0]
    kept = {part.file.partition(".")[0] for part in manifest.parts if part.file}
    for journal in journals:
        if journal.stem in kept:
            journal.unlink()
        else:
            journal.rename(journal.with_suffix(".empty"))
    return manifest


def _manifest(folder: Path, key: bytes, journals: list[Path]) -> Manifest:
    parts: list[Part] = []
    begun = {"room": "", "started_at": ""}
    for journal in journals:
        made, first = _parts_of(journal, key)
        parts += made
        begun = first or begun
    return Manifest(
        recording=folder.name,
        room=begun["room"],
        started_at=begun["started_at"],
        sealed_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        parts=tuple(parts),
    )


def _parts_of(journal: Path, key: bytes) -> tuple[list[Part], dict[str, str] | None]:
    """What came of a journal, and what its beginning says of the recording."""
    name = f"{journal.parent.name}/{journal.name}"
    try:
        found = survey(journal, key, name)
    except TamperedError:
        log.warning("journal %s cannot be read", name)
        found = Survey(cause="unreadable")
    begun = next((fact for fact in found.facts if fact.get("fact") == "begun"), None)
    part = Part(
        file=None,
        consent=Consent.model_validate(begun["consent"]) if begun else None,
        since=found.since,
        until=found.until,
        whole=found.whole,
        cause=found.cause,
    )
    parts = [
        _with_file(part, journal, key, replace(found, samples=samples), suffix)
        for suffix, samples in _apart(found).items()
    ]
    if begun is None:
        return parts or [part], None
    return parts or [part], {which: str(begun[which]) for which in ("room", "started_at")}


def _apart(found: Survey) -> dict[str, dict[tuple[str, Codec], Source]]:
    """The streams by the file they go into: of two pictures in one file players show the first."""
    files: dict[str, dict[tuple[str, Codec], Source]] = {}
    for (name, codec), source in found.samples.items():
        suffix = ".desk.webm" if name.startswith("desk.") else ".webm"
        files.setdefault(suffix, {})[name, codec] = source
    return files


def _with_file(part: Part, journal: Path, key: bytes, found: Survey, suffix: str) -> Part:
    target = journal.with_suffix(suffix)
    target.unlink(missing_ok=True)  # an earlier attempt died
    recording = journal.parent.name
    names = f"{recording}/{journal.name}", f"{recording}/{target.name}"
    done = export(journal, target, key, names, found)
    streams = tuple(Stream(name=s.name, codec=s.codec, frames=s.frames) for s in done.streams)
    return part.model_copy(
        update={
            "file": target.name, "streams": streams, "size": done.size, "sha256": done.sha256
        }
    )  # fmt: skip


def _write(folder: Path, key: bytes, envelope: Envelope) -> None:
    """The manifest, whole or not at all."""
    fresh = folder / f"{MANIFEST}.new"
    fresh.unlink(missing_ok=True)
    writer = SealedWriter(fresh, key, f"{folder.name}/{MANIFEST}")
    try:
        writer.append(envelope.model_dump_json().encode())
        writer.close()
        fresh.rename(folder / MANIFEST)
        sync_folder(folder)
    except OSError:
        writer.abandon()
        fresh.unlink(missing_ok=True)
        raise
