"""The usage log for supervisors and admins: figures, never what was said."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from center.domain.consultation import Consultation
from center.domain.quality import sum_up
from center.protocol.quality import MediationUsagePage
from center.protocol.rest import Summary, UsageDetail, UsageFilter, UsagePage, UsageRow
from center.protocol.views import EventView
from center.protocol.words import Language
from center.services.cursor import decode_key, encode_key
from center.services.exports import COLUMNS, Sheet, to_csv, to_xlsx
from center.services.office import (
    OfficeWork,
    OfficeWorkFactory,
    UsageFact,
    UsageKey,
    UsageQuery,
)
from center.services.ports import StoredEvent
from center.services.quality import quality_sides
from center.services.usage import (
    day_bounds,
    mediation_row,
    normal_days,
    summarize,
    usage_row,
)
from center.services.views import page_view

STRIDE = 500
"""Rows read at a time for exports and sums."""


class Reports:
    """Every figure is computed from the consultations when it is asked for."""

    def __init__(self, work: OfficeWorkFactory, zone: ZoneInfo) -> None:
        self._work = work
        self._zone = zone

    async def usage(self, wanted: UsageFilter, after: str | None, limit: int) -> UsagePage:
        """A page of the log, newest first; `after` is the `next` of the page before.

        Raises:
            NotFound: `after` was not made by this center.
        """
        query = self._query(wanted)
        async with self._work() as work:
            facts = await work.usage.page(query, decode_key(after) if after else None, limit + 1)
            shown = facts[:limit]
            return UsagePage(
                rows=await _rows(work, shown),
                next=encode_key(_key(shown[-1])) if len(facts) > limit else None,
                total=await work.usage.count(query),
            )

    async def detail(self, consultation_id: str) -> UsageDetail:
        """One consultation with its events and its pages' records (not what bar codes say).

        Raises:
            NotFound: no such consultation.
        """
        async with self._work() as work:
            found = await work.consultations.get(consultation_id)
            (fact,) = await work.usage.page(UsageQuery(number=found.number), None, 1)
            (row,) = await _rows(work, (fact,))
            pages = await work.pages.of(consultation_id)
            events = await work.events.of(f"consultation:{consultation_id}")
            quality = await quality_sides(work, consultation_id)
        figures = tuple(page_view(page).model_copy(update={"codes": ()}) for page in pages)
        told = tuple(map(_event, events))
        return UsageDetail(row=row, pages=figures, events=told, quality=quality)

    async def mediations(self, after: str | None, limit: int) -> MediationUsagePage:
        """A page of the mediations, newest first; `after` as in `usage`.

        Raises:
            NotFound: `after` was not made by this center.
        """
        async with self._work() as work:
            key = decode_key(after) if after else None
            below = (key.requested_at, key.consultation_id) if key else None
            found = await work.mediations.page(below, limit + 1)
            shown = found[:limit]
            lines = await work.quality.tallies_of_seats([mediation.id for mediation in shown])
            names = await _names(work)
            last = UsageKey(shown[-1].convened_at, shown[-1].id) if len(found) > limit else None
            return MediationUsagePage(
                rows=tuple(
                    mediation_row(one, sum_up(lines.get(one.id, {}).values()), names)
                    for one in shown
                ),
                next=encode_key(last) if last else None,
                total=await work.mediations.count(),
            )

    async def csv(
        self, wanted: UsageFilter, language: Language, columns: Sequence[str] = COLUMNS
    ) -> bytes:
        """All rows as CSV that Excel opens: these columns, words in this language."""
        sheet = Sheet(language, self._zone, tuple(columns))
        return await asyncio.to_thread(to_csv, await self._all_rows(wanted), sheet)

    async def xlsx(
        self, wanted: UsageFilter, language: Language, columns: Sequence[str] = COLUMNS
    ) -> bytes:
        """All rows as a workbook: these columns, words in this language."""
        sheet = Sheet(language, self._zone, tuple(columns))
        return await asyncio.to_thread(to_xlsx, await self._all_rows(wanted), sheet)

    async def summary(self, now: datetime) -> Summary:
        """The local day so far, against the same weekday of four weeks before up to this time of
        the day; weeks before the first consultation do not count."""
        day = now.astimezone(self._zone).date()
        async with self._work() as work:
            begin, end = day_bounds(day, self._zone)
            today = await _between(work, begin, end)
            first = await work.usage.first_at()
            normal = [
                await _between(work, since, until)
                for since, until in normal_days(now, self._zone)
                if first is not None and until > first
            ]
            running = await work.consultations.open_all()
            on_duty = await work.duties.all_on()
        return summarize(day, self._zone, today, normal, running, len(on_duty))

    async def _all_rows(self, wanted: UsageFilter) -> list[UsageRow]:
        async with self._work() as work:
            return list(await _rows(work, await _all(work, self._query(wanted))))

    def _query(self, wanted: UsageFilter) -> UsageQuery:
        """Days are the city's, both ends included."""
        since, until = wanted.since, wanted.until
        return UsageQuery(
            since=day_bounds(since, self._zone)[0] if since else None,
            until=day_bounds(until, self._zone)[1] if until else None,
            kiosk_id=wanted.kiosk_id,
            state=wanted.state,
            matter=wanted.matter,
            language=wanted.language,
            staff_id=wanted.lawyer_id,
            outcome=wanted.outcome,
            number=wanted.number or None,
            connected=wanted.connected,
            max_rating=wanted.max_rating,
        )


async def _between(work: OfficeWork, since: datetime, until: datetime) -> list[Consultation]:
    facts = await _all(work, UsageQuery(since=since, until=until))
    return [fact.consultation for fact in facts]


async def _all(work: OfficeWork, query: UsageQuery) -> list[UsageFact]:
    facts: list[UsageFact] = []
    after: UsageKey | None = None
    while more := await work.usage.page(query, after, STRIDE):
        facts += more
        after = _key(more[-1])
    return facts


async def _rows(
    work: OfficeWork, facts: list[UsageFact] | tuple[UsageFact, ...]
) -> tuple[UsageRow, ...]:
    kiosks = {kiosk.kiosk_id: kiosk for kiosk in await work.kiosks.all()}
    names = await _names(work)
    return tuple(usage_row(fact, kiosks, names) for fact in facts)


async def _names(work: OfficeWork) -> dict[str, str]:
    return {found.staff.staff_id: found.staff.name for found in await work.accounts.all()}


def _key(fact: UsageFact) -> UsageKey:
    return UsageKey(fact.consultation.requested_at, fact.consultation.id)


def _event(event: StoredEvent) -> EventView:
    return EventView(
        seq=event.seq,
        stream=event.stream,
        version=event.version,
        type=event.type,
        at=event.at,
        actor=event.actor,
        data=event.data,
    )
