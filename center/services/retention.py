"""Deletes papers and personal words when their time has come; the log of events stays whole."""

from dataclasses import dataclass
from datetime import timedelta

from center.services.audit import entry
from center.services.office import OfficeWorkFactory
from center.services.ports import BlobStore, Clock
from config.settings import RetentionSettings


@dataclass(frozen=True, slots=True)
class Deleted:
    """What one run removed: picture and document files, and consultations' personal words."""

    blobs: int
    confidences: int


class Retention:
    """Run it hourly; a run that was cut off is completed by the next."""

    def __init__(
        self, work: OfficeWorkFactory, clock: Clock, blobs: BlobStore, settings: RetentionSettings
    ) -> None:
        self._work = work
        self._clock = clock
        self._blobs = blobs
        self._settings = settings

    async def run(self) -> Deleted:
        """Delete what is past its time; says so in the audit log when there was anything."""
        now = self._clock.now()
        async with self._work() as work:
            old_pages = now - timedelta(days=self._settings.pages_days)
            blobs = await work.retention.delete_pages(old_pages)
            old_words = now - timedelta(days=self._settings.personal_days)
            confidences = await work.retention.delete_confidences(old_words)
            # Files first: were the records gone before, a crash would leave files nobody knows.
            for sha256 in blobs:
                await self._blobs.delete(sha256)
            if blobs or confidences:
                detail = f"{len(blobs)} files, personal words of {confidences} consultations"
                await work.audit.add(entry(now, "center", "retention.delete", detail=detail))
            await work.commit()
        return Deleted(len(blobs), confidences)
