"""The rows of recordings."""

from datetime import datetime

from sqlalchemy import delete, exists
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from center.services.hands import IN_HAND
from center.services.recording_ports import Reel
from center.store.repositories.mapping import picked, values
from center.store.tables.log import EventRow
from center.store.tables.recordings import ReelRow


class SqlReels:
    """`recording_ports.Reels`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, reel_id: str) -> Reel | None:
        row = await self._session.get(ReelRow, reel_id)
        return _reel(row) if row else None

    async def save(self, reel: Reel) -> None:
        await self._session.merge(ReelRow(**values(reel)))

    async def delete(self, reel_id: str) -> None:
        await self._session.exec(delete(ReelRow).where(col(ReelRow.reel_id) == reel_id))

    async def of(self, recording_id: str) -> tuple[Reel, ...]:
        query = select(ReelRow).where(ReelRow.recording_id == recording_id)
        return await self._all(query.order_by(col(ReelRow.started_at)))

    async def newest(self, limit: int, staff_id: str | None = None) -> tuple[Reel, ...]:
        query = select(ReelRow)
        if staff_id is not None:
            query = query.where(
                exists().where(
                    col(EventRow.stream).in_(
                        [
                            "consultation:" + col(ReelRow.room_id),
                            "mediation:" + col(ReelRow.room_id),
                        ]
                    ),
                    col(EventRow.actor) == f"staff:{staff_id}",
                    col(EventRow.type).in_(IN_HAND),
                )
            )
        return await self._all(query.order_by(col(ReelRow.started_at).desc()).limit(limit))

    async def started_before(self, moment: datetime) -> tuple[Reel, ...]:
        return await self._all(select(ReelRow).where(col(ReelRow.started_at) < moment))

    async def _all(self, query: SelectOfScalar[ReelRow]) -> tuple[Reel, ...]:
        return tuple(map(_reel, (await self._session.exec(query)).all()))


def _reel(row: ReelRow) -> Reel:
    return Reel(**picked(row, Reel))
