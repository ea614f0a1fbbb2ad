"""Deletes papers and personal words when their time has come, and takes the people out of old
events and the curves out of old talks. The log keeps every event in its place, and tallies stay, so
no figure ever changes."""

from dataclasses import dataclass, replace
from datetime import timedelta

from center.domain.anonymity import Anonymity
from center.domain.consultation import Consultation
from center.services.audit import entry
from center.services.office import OfficeWork, OfficeWorkFactory
from center.services.ports import BlobStore, Clock
from config.settings import RetentionSettings

BATCH = 100
"""Things of one commit: people at work do not wait for a big clean-up."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """What one run removed: picture and document files, personal words of consultations and of
    mediations, pictures that no page names, and from how many consultations the people."""

    blobs: int = 0
    confidences: int = 0
    mediations: int = 0
    unnamed: int = 0
    people: int = 0


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
        deleted = await self._delete()
        await self._forget_curves()
        unnamed, people = await self._sweep(), 0
        while more := await self._forget_people():
            people += more
        return replace(deleted, unnamed=unnamed, people=people)

    async def _delete(self) -> Deleted:
        now = self._clock.now()
        async with self._work() as work:
            old_pages = now - timedelta(days=self._settings.pages_days)
            blobs = await work.retention.delete_pages(old_pages)
            old_words = now - timedelta(days=self._settings.personal_days)
            confidences = await work.retention.delete_confidences(old_words)
            mediations = await work.mediations.delete_words(old_words)
            # Files first: were the records gone before, a crash would leave files nobody knows.
            for sha256 in blobs:
                await self._blobs.delete(sha256)
            if blobs or confidences or mediations:
                spoken = f"{confidences} consultations and {mediations} mediations"
                detail = f"{len(blobs)} files, personal words of {spoken}"
                await self._note(work, "retention.delete", detail)
            await work.commit()
        return Deleted(len(blobs), confidences, mediations)

    async def _sweep(self) -> int:
        """Pictures that came before their page, which then never came."""
        before = self._clock.now() - timedelta(hours=self._settings.unregistered_hours)
        old = await self._blobs.put_before(before)
        deleted = 0
        for begin in range(0, len(old), BATCH):
            async with self._work() as work:
                unnamed = await work.retention.unnamed(old[begin : begin + BATCH])
            deleted += sum([await self._blobs.delete(sha256, before) for sha256 in unnamed])
        if deleted:
            async with self._work() as work:
                await self._note(work, "retention.sweep", f"{deleted} files without a page")
                await work.commit()
        return deleted

    async def _forget_curves(self) -> None:
        """The points of old talks; what they came to stays."""
        before = self._clock.now() - timedelta(days=self._settings.events_days)
        async with self._work() as work:
            if forgotten := await work.quality.delete_batches(before):
                await self._note(work, "retention.curves", f"{forgotten} records of lines")
            await work.commit()

    async def _forget_people(self) -> int:
        """One batch; from how many consultations people were taken out."""
        before = self._clock.now() - timedelta(days=self._settings.events_days)
        async with self._work() as work:
            old = await work.retention.named_people(before, BATCH)
            done = sum([await _anonymize(work, consultation) for consultation in old])
            if done:
                detail = f"people of {done} consultations, to {old[-1].number}"
                await self._note(work, "retention.anonymize", detail)
            await work.commit()
        return done

    async def _note(self, work: OfficeWork, action: str, detail: str) -> None:
        await work.audit.add(entry(self._clock.now(), "center", action, detail=detail))


async def _anonymize(work: OfficeWork, consultation: Consultation) -> bool:
    anonymity, events = Anonymity(), []
    for event in await work.events.of(f"consultation:{consultation.id}"):
        actor, data = anonymity.entry(event.actor, event.data)
        events.append(replace(event, actor=actor, data=data))
    return await work.retention.forget_people(anonymity.consultation(consultation), events)
