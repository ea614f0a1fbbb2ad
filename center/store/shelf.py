"""Recordings on the disk, sealed under the center's key; implements `recording_ports.Shelf`."""

import asyncio
import hashlib
import logging
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import starmap
from pathlib import Path

from center.domain.errors import NotFound
from center.services.recording_ports import PartFacts, Participant, Playing, Reel, Take
from center.store.takes import Takes
from media.recording import shelf
from media.recording.manifest import Consent, Manifest, Part
from media.recording.orders import Converting, Finishing, Published

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "media")

Seal = Callable[[], tuple[str, str]]
"""Key and certificate that manifests are signed with, PEM."""


class FileShelf:
    """One folder a reel; `kept` is where media servers record what becomes one."""

    def __init__(self, folder: Path, key: bytes, seal: Seal, kept: Takes) -> None:
        self._folder, self._key, self._seal, self._takes = folder, key, seal, kept

    def unfinished(self) -> tuple[str, ...]:
        """Reels that were cut off before they were finished."""
        cut_off = {folder.name for folder in shelf.unfinished(self._folder)}
        return tuple(sorted(cut_off | self._takes.reels()))

    async def takes(self, reel_id: str) -> tuple[Take, ...]:
        """What a media server kept of a reel, once it has closed its files."""
        return await self._takes.of(reel_id)

    async def convert(self, reel: Reel, published: Sequence[tuple[Participant, Take]]) -> Reel:
        """`finish` from takes, which are no more afterwards; those of nobody are thrown away.

        Raises:
            OSError: it failed; the takes stay as they are.
        """
        folder = self._folder / reel.reel_id
        manifest = await asyncio.to_thread(self._manifest, reel.reel_id)
        if published and manifest is None:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            told = Converting(
                **(await self._telling(folder)).model_dump(),
                room=reel.room_id,
                published=tuple(starmap(_published, published)),
            )
            manifest = await self._run("convert", told)
        await asyncio.to_thread(self._takes.delete, reel.reel_id)
        return _sealed(reel, manifest)

    async def finish(self, reel: Reel) -> Reel:
        """In a process of its own: three seconds of processor for ten minutes of talk.

        Raises:
            OSError: it failed; what was recorded stays as it is.
        """
        folder = self._folder / reel.reel_id
        if not folder.is_dir():
            return _sealed(reel, None)
        return _sealed(reel, await self._run("finish", await self._telling(folder)))

    async def parts(self, reel_id: str) -> tuple[PartFacts, ...]:
        """What a finished reel holds; nothing when it is not there (any more)."""
        manifest = await asyncio.to_thread(self._manifest, reel_id)
        return tuple(
            _facts(number, part)
            for number, part in enumerate(manifest.parts if manifest else (), start=1)
            if part.file is not None and part.consent is not None
        )

    async def open(self, reel_id: str, number: int) -> Playing:
        """Raises NotFound."""
        return await asyncio.to_thread(self._open, reel_id, number)

    async def delete(self, reel_id: str) -> None:
        """Take it off the disk; again is harmless."""
        await asyncio.to_thread(shutil.rmtree, self._folder / reel_id, ignore_errors=True)
        await asyncio.to_thread(self._takes.delete, reel_id)

    def _manifest(self, reel_id: str) -> Manifest | None:
        try:
            return shelf.read_manifest(self._folder / reel_id, self._key)[0]
        except shelf.NotFinishedError:
            return None

    def _open(self, reel_id: str, number: int) -> Playing:
        manifest = self._manifest(reel_id)
        parts = manifest.parts if manifest else ()
        file = parts[number - 1].file if 0 < number <= len(parts) else None
        if file is None:
            raise NotFound(f"part {number} of reel {reel_id}")
        try:
            return shelf.open_part(self._folder / reel_id, self._key, file)
        except FileNotFoundError as error:
            raise NotFound(f"part {number} of reel {reel_id}") from error

    async def _telling(self, folder: Path) -> Finishing:
        seal_key, seal_certificate = await asyncio.to_thread(self._seal)
        return Finishing(
            folder=str(folder),
            key=self._key.hex(),
            seal_key=seal_key,
            seal_certificate=seal_certificate,
        )

    async def _run(self, command: str, told: Finishing) -> Manifest:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *COMMAND, command, stdin=pipe, stdout=pipe, stderr=pipe
        )
        try:
            out, errors = await process.communicate(told.model_dump_json().encode())
        finally:
            if process.returncode is None:  # the center goes down; the next start does it again
                process.kill()
                await process.wait()
        if process.returncode != 0:
            raise OSError(f"{told.folder}: {errors.decode()[-2000:]}")
        return Manifest.model_validate_json(out)


def _sealed(reel: Reel, manifest: Manifest | None) -> Reel:
    if manifest is None:
        return replace(reel, ended_at=reel.started_at, sealed_at=datetime.now(UTC))
    until = max((part.until for part in manifest.parts), default=0.0)
    # The times inside count from when the recorder really began.
    begun = manifest.started_at and datetime.fromisoformat(manifest.started_at)
    started_at = begun or reel.started_at
    return replace(
        reel,
        started_at=started_at,
        ended_at=started_at + timedelta(seconds=until),
        sealed_at=datetime.fromisoformat(manifest.sealed_at),
        size=sum(part.size for part in manifest.parts),
        manifest=hashlib.sha256(manifest.model_dump_json().encode()).hexdigest(),
    )


def _published(participant: Participant, take: Take) -> Published:
    at = participant.agreed_at.isoformat(timespec="milliseconds")
    consent = Consent(peer=participant.peer, who=participant.who, at=at)
    return Published(consent=consent, files=dict(take.files))


def _facts(number: int, part: Part) -> PartFacts:
    assert part.consent is not None  # noqa: S101 - the caller looked
    return PartFacts(
        number=number,
        peer=part.consent.peer,
        who=part.consent.who,
        agreed_at=datetime.fromisoformat(part.consent.at),
        since=part.since,
        until=part.until,
        whole=part.whole,
        cause=part.cause,
        streams=tuple(stream.name for stream in part.streams),
        size=part.size,
        sha256=part.sha256,
    )
