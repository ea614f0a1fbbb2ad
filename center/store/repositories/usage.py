"""Consultations for the usage log: filtered, newest first, a page at a time."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from center.domain.quality import sum_up
from center.services.office import UsageFact, UsageKey, UsageQuery
from center.store.repositories.calls import consultation_of
from center.store.repositories.quality import SqlQuality
from center.store.tables.calls import ConsultationRow
from center.store.tables.log import EventRow

ENDS_OF_WAIT = ("left", "message_left", "kiosk_revoked")
"""Events that end a wait without an acceptance."""


class SqlUsage:
    """`office.UsageLog`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(
        self, query: UsageQuery, after: UsageKey | None, limit: int
    ) -> tuple[UsageFact, ...]:
        at, key = col(ConsultationRow.requested_at), col(ConsultationRow.id)
        found = select(ConsultationRow).where(*_conditions(query))
        if after is not None:
            found = found.where(tuple_(at, key) < tuple_(after.requested_at, after.consultation_id))
        rows = (await self._session.exec(found.order_by(at.desc(), key.desc()).limit(limit))).all()
        ends = await self._wait_ends([row.id for row in rows if row.accepted_at is None])
        lines = await SqlQuality(self._session).tallies([row.id for row in rows])
        return tuple(
            UsageFact(
                consultation_of(row), ends.get(row.id), sum_up(lines.get(row.id, {}).values())
            )
            for row in rows
        )

    async def count(self, query: UsageQuery) -> int:
        total = select(func.count()).select_from(ConsultationRow).where(*_conditions(query))
        return (await self._session.exec(total)).one()

    async def first_at(self) -> datetime | None:
        return (await self._session.exec(select(func.min(ConsultationRow.requested_at)))).one()

    async def _wait_ends(self, ids: list[str]) -> dict[str, datetime]:
        """When those who were never accepted stopped waiting, by consultation, from the log."""
        streams = [f"consultation:{key}" for key in ids]
        query = select(EventRow.stream, EventRow.at).where(
            col(EventRow.stream).in_(streams), col(EventRow.type).in_(ENDS_OF_WAIT)
        )
        rows = (await self._session.exec(query)).all()
        return {stream.partition(":")[2]: at for stream, at in rows}


def _conditions(query: UsageQuery) -> list[ColumnElement[bool]]:
    equal: dict[Any, object] = {
        ConsultationRow.kiosk_id: query.kiosk_id,
        ConsultationRow.state: query.state,
        ConsultationRow.matter: query.matter,
        ConsultationRow.language: query.language,
        ConsultationRow.staff_id: query.staff_id,
        ConsultationRow.outcome: query.outcome,
        ConsultationRow.number: query.number,
    }
    found = [col(column) == value for column, value in equal.items() if value is not None]
    if query.since is not None:
        found.append(col(ConsultationRow.requested_at) >= query.since)
    if query.until is not None:
        found.append(col(ConsultationRow.requested_at) < query.until)
    if query.connected is not None:
        talked = col(ConsultationRow.talk_started_at)
        found.append(talked.is_not(None) if query.connected else talked.is_(None))
    if query.max_rating is not None:
        found.append(col(ConsultationRow.rating) <= query.max_rating)
    return found
