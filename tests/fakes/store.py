"""The store in memory: compare-and-set on versions, a log without gaps, commits all at once.

A unit of work reads a copy taken when it was entered and checks at its commit, against what is
there by then, every version it wrote over. Repositories yield to the event loop, so that concurrent
units interleave.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from types import TracebackType
from typing import Self

from center.domain.consultation import QUEUED, TALKING, Consultation
from center.domain.duty import Duty
from center.domain.errors import NotFound, VersionConflict
from center.domain.mediation import LIVE, Mediation
from center.domain.mediation_words import MediationWords
from center.domain.papers import Mark, Sheet
from center.domain.queue import Wait
from center.domain.records import Confidence, Kiosk, Page, Staff
from center.protocol.words import ConsultationState
from center.services.ports import Change, NewEvent, StoredEvent

WITH_STAFF = TALKING | {ConsultationState.OFFERED, ConsultationState.WRAP_UP}


@dataclass
class Tables:
    """What is committed."""

    log: list[StoredEvent] = field(default_factory=list)
    consultations: dict[str, Consultation] = field(default_factory=dict)
    duties: dict[str, Duty] = field(default_factory=dict)
    confidences: dict[str, Confidence] = field(default_factory=dict)
    pages: dict[str, tuple[Page, ...]] = field(default_factory=dict)
    sheets: dict[tuple[str, str], Sheet] = field(default_factory=dict)
    marks: dict[tuple[str, str], Mark] = field(default_factory=dict)
    kiosks: dict[str, Kiosk] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    numbers: Counter[date] = field(default_factory=Counter)

    mediations: dict[str, Mediation] = field(default_factory=dict)
    mediation_words: dict[str, MediationWords] = field(default_factory=dict)

    def version(self, stream: str) -> int:
        return sum(entry.stream == stream for entry in self.log)

    def snapshot(self) -> "Tables":
        return Tables(**{name: copy(value) for name, value in vars(self).items()})


@dataclass
class FakeStore:
    """A database. `before_commit` is awaited once, just before the next commit is checked."""

    tables: Tables = field(default_factory=Tables)
    before_commit: Callable[[], Awaitable[None]] | None = None
    commits: int = 0
    refused: int = 0

    def unit(self) -> "FakeUnitOfWork":
        return FakeUnitOfWork(self)


class FakeUnitOfWork:
    """Implements `ports.UnitOfWork`."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store
        self.mine = Tables()
        self.written: list[tuple[str, int, NewEvent]] = []
        self.saved: dict[tuple[str, str], int] = {}
        self.days: set[date] = set()
        self.unversioned: set[tuple[str, Hashable]] = set()

    async def __aenter__(self) -> Self:
        self.mine = self._store.tables.snapshot()
        self.events = FakeEvents(self)
        self.consultations = FakeConsultations(self)
        self.duties = FakeDuties(self)
        self.confidences = FakeConfidences(self)
        self.pages = FakePages(self)
        self.papers = FakePapers(self)
        self.mediations = FakeMediations(self)
        self.kiosks = FakeKiosks(self.mine.kiosks)
        self.staff = FakeStaff(self.mine.staff)
        await asyncio.sleep(0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.written.clear()

    async def commit(self) -> tuple[Change, ...]:
        if competitor := self._store.before_commit:
            self._store.before_commit = None
            await competitor()
        await asyncio.sleep(0)
        there = self._store.tables
        try:
            self._check(there)
        except VersionConflict:
            self._store.refused += 1
            raise
        changes = tuple(_append(there, *entry) for entry in self.written)
        self._copy_rows(there)
        self._store.commits += 1
        return changes

    def _check(self, there: Tables) -> None:
        expected: dict[str, int] = {}
        for stream, version, _ in self.written:
            expected.setdefault(stream, version)
        for stream, version in expected.items():
            if there.version(stream) != version:
                raise VersionConflict(stream)
        for (table, key), version in self.saved.items():
            row = getattr(there, table).get(key)
            if (row.version if row else 0) != version:
                raise VersionConflict(f"{table} {key}")
        if any(there.numbers[day] >= self.mine.numbers[day] for day in self.days):
            raise VersionConflict("number taken")
        self._check_client_refs(there)

    def _check_client_refs(self, there: Tables) -> None:
        taken = {(c.kiosk_id, c.client_ref): c.id for c in there.consultations.values()}
        for table, key in self.saved:
            if table == "consultations":
                mine = self.mine.consultations[key]
                if taken.get((mine.kiosk_id, mine.client_ref), key) != key:
                    raise VersionConflict("client_ref taken")

    def _copy_rows(self, there: Tables) -> None:
        for table, key in self.saved.keys() | self.unversioned:
            getattr(there, table)[key] = getattr(self.mine, table)[key]
        for day in self.days:
            there.numbers[day] = self.mine.numbers[day]


def _append(there: Tables, stream: str, version: int, event: NewEvent) -> Change:
    seq = len(there.log) + 1
    there.log.append(
        StoredEvent(seq, stream, version + 1, event.type, event.at, event.actor, event.data)
    )
    return Change(seq, stream, event.type, event.kiosk_id, event.staff_ids, event.hall)


class FakeEvents:
    def __init__(self, unit: FakeUnitOfWork) -> None:
        self._unit = unit

    async def append(self, stream: str, expected_version: int, events: Sequence[NewEvent]) -> None:
        pending = sum(written == stream for written, _, _ in self._unit.written)
        if self._unit.mine.version(stream) + pending != expected_version:
            raise VersionConflict(stream)
        for offset, event in enumerate(events):
            self._unit.written.append((stream, expected_version + offset, event))

    async def since(self, seq: int, limit: int = 1000) -> tuple[StoredEvent, ...]:
        return tuple(self._unit.mine.log[seq : seq + limit])

    async def of(self, stream: str) -> tuple[StoredEvent, ...]:
        return tuple(entry for entry in self._unit.mine.log if entry.stream == stream)

    async def last_seq(self, stream: str | None = None) -> int:
        numbers = (e.seq for e in self._unit.mine.log if stream in (None, e.stream))
        return max(numbers, default=0)


class FakeConsultations:
    def __init__(self, unit: FakeUnitOfWork) -> None:
        self._unit = unit
        self._rows = unit.mine.consultations

    async def get(self, consultation_id: str) -> Consultation:
        await asyncio.sleep(0)
        if consultation_id not in self._rows:
            raise NotFound(consultation_id)
        return self._rows[consultation_id]

    async def by_client_ref(self, kiosk_id: str, client_ref: str) -> Consultation | None:
        wanted = (kiosk_id, client_ref)
        return self._newest(lambda c: (c.kiosk_id, c.client_ref) == wanted)

    async def by_number(self, number: str) -> Consultation | None:
        return self._newest(lambda c: c.number == number)

    async def open_for_kiosk(self, kiosk_id: str) -> Consultation | None:
        return self._newest(lambda c: c.kiosk_id == kiosk_id and c.state in QUEUED | TALKING)

    async def newest_of_kiosk(self, kiosk_id: str) -> Consultation | None:
        return self._newest(lambda c: c.kiosk_id == kiosk_id)

    async def with_staff(self, staff_id: str) -> Consultation | None:
        return self._newest(lambda c: c.staff_id == staff_id and c.state in WITH_STAFF)

    async def open_all(self) -> tuple[Consultation, ...]:
        return await self._in(QUEUED | TALKING | {ConsultationState.WRAP_UP})

    async def queued(self) -> tuple[Consultation, ...]:
        return await self._in(QUEUED)

    async def messages(self) -> tuple[Consultation, ...]:
        found = [c for c in self._rows.values() if c.state is ConsultationState.MESSAGE]
        return tuple(sorted(found, key=lambda c: c.answer_promised_at or c.requested_at))

    async def save(self, consultation: Consultation, expected_version: int) -> None:
        row = self._rows.get(consultation.id)
        if (row.version if row else 0) != expected_version:
            raise VersionConflict(consultation.id)
        self._unit.saved.setdefault(("consultations", consultation.id), expected_version)
        self._rows[consultation.id] = consultation

    async def recent_waits(self, limit: int) -> tuple[Wait, ...]:
        accepted = [(c.accepted_at, c) for c in self._rows.values() if c.accepted_at]
        accepted.sort(key=lambda pair: pair[0], reverse=True)
        waits = [Wait(at - c.requested_at, c.place_on_arrival) for at, c in accepted]
        return tuple(waits[:limit])

    async def next_number(self, day: date) -> int:
        self._unit.days.add(day)
        self._unit.mine.numbers[day] += 1
        return self._unit.mine.numbers[day]

    async def _in(self, states: frozenset[ConsultationState]) -> tuple[Consultation, ...]:
        await asyncio.sleep(0)
        found = [c for c in self._rows.values() if c.state in states]
        return tuple(sorted(found, key=lambda c: c.requested_at))

    def _newest(self, wanted: Callable[[Consultation], bool]) -> Consultation | None:
        found = [c for c in self._rows.values() if wanted(c)]
        return max(found, key=lambda c: c.requested_at, default=None)


class FakeDuties:
    def __init__(self, unit: FakeUnitOfWork) -> None:
        self._unit = unit
        self._rows = unit.mine.duties

    async def get(self, staff_id: str) -> Duty | None:
        return self._rows.get(staff_id)

    async def all_on(self) -> tuple[Duty, ...]:
        await asyncio.sleep(0)
        return tuple(duty for duty in self._rows.values() if duty.on)

    async def save(self, duty: Duty, expected_version: int) -> None:
        row = self._rows.get(duty.staff_id)
        if (row.version if row else 0) != expected_version:
            raise VersionConflict(duty.staff_id)
        self._unit.saved.setdefault(("duties", duty.staff_id), expected_version)
        self._rows[duty.staff_id] = duty


class FakeConfidences:
    def __init__(self, unit: FakeUnitOfWork) -> None:
        self._unit = unit
        self._rows = unit.mine.confidences

    async def get(self, consultation_id: str) -> Confidence:
        return self._rows.get(consultation_id, Confidence(consultation_id))

    async def save(self, confidence: Confidence) -> None:
        self._unit.unversioned.add(("confidences", confidence.consultation_id))
        self._rows[confidence.consultation_id] = confidence


class FakePages:
    def __init__(self, unit: FakeUnitOfWork) -> None:
        self._unit = unit
        self._rows = unit.mine.pages

    async def add(self, page: Page) -> bool:
        pages = self._rows.get(page.consultation_id, ())
        if any(known.sha256 == page.sha256 for known in pages):
            return False
        self._unit.unversioned.add(("pages", page.consultation_id))
        self._rows[page.consultation_id] = (*pages, page)
        return True

    async def grow(self, page: Page) -> None:
        pages = self._rows[page.consultation_id]
        self._unit.unversioned.add(("pages", page.consultation_id))
        self._rows[page.consultation_id] = tuple(
            page if known.sha256 == page.sha256 else known for known in pages
        )

    async def of(self, consultation_id: str) -> tuple[Page, ...]:
        pages = self._rows.get(consultation_id, ())
        return tuple(sorted(pages, key=lambda page: page.position))


class FakePapers:
    def __init__(self, unit: FakeUnitOfWork) -> None:
        self._unit = unit

    async def add_sheet(self, sheet: Sheet) -> None:
        self._keep("sheets", (sheet.consultation_id, sheet.sheet_id), sheet)

    async def sheet(self, consultation_id: str, sheet_id: str) -> Sheet | None:
        return self._unit.mine.sheets.get((consultation_id, sheet_id))

    async def save_mark(self, mark: Mark) -> None:
        self._keep("marks", (mark.consultation_id, mark.mark_id), mark)

    async def marks(self, consultation_id: str) -> tuple[Mark, ...]:
        found = [m for m in self._unit.mine.marks.values() if m.consultation_id == consultation_id]
        return tuple(sorted(found, key=lambda mark: (mark.made_at, mark.mark_id)))

    def _keep(self, table: str, key: tuple[str, str], row: Sheet | Mark) -> None:
        self._unit.unversioned.add((table, key))
        getattr(self._unit.mine, table)[key] = row


class FakeKiosks:
    def __init__(self, rows: dict[str, Kiosk]) -> None:
        self._rows = rows

    async def get(self, kiosk_id: str) -> Kiosk:
        if kiosk_id not in self._rows:
            raise NotFound(kiosk_id)
        return self._rows[kiosk_id]

    async def all(self) -> tuple[Kiosk, ...]:
        return tuple(self._rows[key] for key in sorted(self._rows))


class FakeStaff:
    def __init__(self, rows: dict[str, Staff]) -> None:
        self._rows = rows

    async def get(self, staff_id: str) -> Staff:
        if staff_id not in self._rows:
            raise NotFound(staff_id)
        return self._rows[staff_id]

    async def all(self) -> tuple[Staff, ...]:
        return tuple(self._rows[key] for key in sorted(self._rows))


class FakeMediations:
    def __init__(self, unit: FakeUnitOfWork) -> None:
        self._unit = unit
        self._rows = unit.mine.mediations

    async def get(self, mediation_id: str) -> Mediation:
        await asyncio.sleep(0)
        if mediation_id not in self._rows:
            raise NotFound(mediation_id)
        return self._rows[mediation_id]

    async def by_number(self, number: str) -> Mediation | None:
        return next((m for m in self._rows.values() if m.number == number), None)

    async def live(self) -> tuple[Mediation, ...]:
        found = [m for m in self._rows.values() if m.state in LIVE]
        return tuple(sorted(found, key=lambda m: m.scheduled_at))

    async def with_staff(self, staff_id: str, limit: int) -> tuple[Mediation, ...]:
        newest = await self.page(None, len(self._rows))
        return tuple(m for m in newest if staff_id in {s.staff_id for s in m.seats})[:limit]

    async def page(self, after: tuple[datetime, str] | None, limit: int) -> tuple[Mediation, ...]:
        keys = sorted(((m.convened_at, m.id) for m in self._rows.values()), reverse=True)
        below = [key for key in keys if after is None or key < after]
        return tuple(self._rows[key] for _, key in below[:limit])

    async def count(self) -> int:
        return len(self._rows)

    async def save(self, mediation: Mediation, expected_version: int) -> None:
        row = self._rows.get(mediation.id)
        if (row.version if row else 0) != expected_version:
            raise VersionConflict(mediation.id)
        self._unit.saved.setdefault(("mediations", mediation.id), expected_version)
        self._rows[mediation.id] = mediation

    async def next_number(self, _day: date) -> int:
        return len(self._rows) + 1

    async def words(self, mediation_id: str) -> MediationWords:
        return self._unit.mine.mediation_words.get(mediation_id, MediationWords(mediation_id))

    async def keep_words(self, words: MediationWords) -> None:
        self._unit.unversioned.add(("mediation_words", words.mediation_id))
        self._unit.mine.mediation_words[words.mediation_id] = words

    async def delete_words(self, scheduled_before: datetime) -> int:
        old = [m.id for m in self._rows.values() if m.scheduled_at < scheduled_before]
        return len([self._unit.mine.mediation_words.pop(name, None) for name in old])
