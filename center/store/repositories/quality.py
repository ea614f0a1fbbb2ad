"""Batches of points and their tallies."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple
from dataclasses import fields as dataclass_fields
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from center.domain.quality import Batch, Point, SeatBatch, Tally, sum_up
from center.protocol.words import PeerRole, QualityLevel
from center.store.repositories.mapping import conflicts, first_of, picked, values, written
from center.store.tables.quality import (
    QualityBatchRow,
    QualityTallyRow,
    SeatBatchRow,
    SeatTallyRow,
)

BATCHES: Table = QualityBatchRow.__table__  # type: ignore[attr-defined]
TALLIES: Table = QualityTallyRow.__table__  # type: ignore[attr-defined]
SEAT_BATCHES: Table = SeatBatchRow.__table__  # type: ignore[attr-defined]
SEAT_TALLIES: Table = SeatTallyRow.__table__  # type: ignore[attr-defined]


class _Book:
    """The statements of a table of batches and of its tallies, one a page."""

    def __init__(self, batches: Table, tallies: Table) -> None:
        self.page = tuple(column.name for column in tallies.primary_key)
        here = [tallies.c[name] == bindparam(f"of_{name}") for name in self.page]
        self.counted = select(tallies.c.last_number, tallies.c.tally).where(*here)
        self.counted_on, self.begun = tallies.update().where(*here), tallies.insert()
        self.added = batches.insert()


_TALKS = _Book(BATCHES, TALLIES)
_SEATS = _Book(SEAT_BATCHES, SEAT_TALLIES)


class SqlQuality:
    """`quality_ports.QualityBook`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, batch: Batch) -> bool:
        return await self._add(batch, _TALKS)

    async def add_of_seat(self, batch: SeatBatch) -> bool:
        return await self._add(batch, _SEATS)

    async def _add(self, batch: Batch | SeatBatch, book: _Book) -> bool:
        known = values(batch)
        page = {name: known[name] for name in book.page}
        here = {f"of_{name}": value for name, value in page.items()}
        found = await first_of(self._session, book.counted, **here)
        if found is not None and found.last_number >= batch.number:
            return False
        tally = (_tally(found.tally) if found else Tally()).plus(batch.points)
        count, which = (book.counted_on, here) if found else (book.begun, page)
        news = {"last_number": batch.number, "tally": asdict(tally)}
        points = [list(astuple(point)) for point in batch.points]
        with conflicts(f"quality of {page}"):
            await written(self._session, count, which | news)
            await written(self._session, book.added, known | {"points": points})
        return True

    async def batches(self, consultation_id: str) -> tuple[Batch, ...]:
        query = select(QualityBatchRow).where(QualityBatchRow.consultation_id == consultation_id)
        ordered = query.order_by(col(QualityBatchRow.side), col(QualityBatchRow.began_at))
        return tuple(map(_batch, (await self._session.exec(ordered)).all()))

    async def tallies(
        self, consultation_ids: Sequence[str]
    ) -> Mapping[str, Mapping[PeerRole, Tally]]:
        wanted = col(QualityTallyRow.consultation_id).in_(consultation_ids)
        query = select(QualityTallyRow).where(wanted).order_by(col(QualityTallyRow.side))
        pages: dict[str, dict[PeerRole, list[Tally]]] = defaultdict(lambda: defaultdict(list))
        for row in (await self._session.exec(query)).all():
            pages[row.consultation_id][row.side].append(_tally(row.tally))
        return {
            key: {side: sum_up(tallies) for side, tallies in sides.items()}
            for key, sides in pages.items()
        }

    async def batches_of_seats(self, mediation_id: str) -> tuple[SeatBatch, ...]:
        query = select(SeatBatchRow).where(SeatBatchRow.mediation_id == mediation_id)
        rows = (await self._session.exec(query.order_by(col(SeatBatchRow.began_at)))).all()
        return tuple(
            SeatBatch(**picked(row, SeatBatch) | {"points": tuple(map(_point, row.points))})
            for row in rows
        )

    async def tallies_of_seats(
        self, mediation_ids: Sequence[str]
    ) -> Mapping[str, Mapping[tuple[str, str], Tally]]:
        query = select(SeatTallyRow).where(col(SeatTallyRow.mediation_id).in_(mediation_ids))
        ordered = query.order_by(col(SeatTallyRow.seat_id), col(SeatTallyRow.towards))
        pages: dict[str, dict[tuple[str, str], list[Tally]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for row in (await self._session.exec(ordered)).all():
            pages[row.mediation_id][row.seat_id, row.towards].append(_tally(row.tally))
        return {
            key: {link: sum_up(tallies) for link, tallies in links.items()}
            for key, links in pages.items()
        }

    async def delete_batches(self, before: datetime) -> int:
        gone = 0
        for table in (QualityBatchRow, SeatBatchRow):
            old = delete(table).where(col(table.began_at) < before)
            done: Any = await self._session.exec(old)
            gone += int(done.rowcount)
        return gone


def _tally(data: Mapping[str, Any]) -> Tally:
    """JSON has no tuples."""
    known: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    return Tally(**known)


def _batch(row: QualityBatchRow) -> Batch:
    points = tuple(_point(fields) for fields in row.points)
    return Batch(**picked(row, Batch) | {"points": points})


def _point(fields: Sequence[Any]) -> Point:
    known = dict(zip((field.name for field in dataclass_fields(Point)), fields, strict=True))
    return Point(**known | {"level": QualityLevel(known["level"])})
