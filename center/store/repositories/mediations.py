"""Mediations and their words."""

from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Executable, Row, Table, bindparam, delete, func, insert, tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from center.domain.errors import NotFound
from center.domain.mediation import LIVE, Mediation
from center.domain.mediation_words import MediationWords
from center.store.cipher import Cipher
from center.store.repositories.calls import NEXT_NUMBER
from center.store.repositories.log import SqlEvents
from center.store.repositories.mapping import CompareAndSet, first_of, rows_of
from center.store.tables.mediations import MediationRow, MediationSeatRow, MediationWordsRow

MEDIATIONS: Table = MediationRow.__table__  # type: ignore[attr-defined]
M = MEDIATIONS.c

_ANY = MEDIATIONS.select()
BY_ID = _ANY.where(M.id == bindparam("id"))
BY_NUMBER = _ANY.where(M.number == bindparam("number"))
LIVE_ALL = _ANY.where(M.state.in_(LIVE)).order_by(M.scheduled_at)
SAVED = CompareAndSet(MEDIATIONS, "id")

_MEDIATION: TypeAdapter[Mediation] = TypeAdapter(Mediation)
_WORDS: TypeAdapter[MediationWords] = TypeAdapter(MediationWords)


class SqlMediations:
    """`mediation_ports.Mediations`."""

    def __init__(self, session: AsyncSession, events: SqlEvents, cipher: Cipher) -> None:
        self._session, self._events, self._cipher = session, events, cipher

    async def get(self, mediation_id: str) -> Mediation:
        row = await first_of(self._session, BY_ID, id=mediation_id)
        if row is None:
            raise NotFound(f"mediation {mediation_id}")
        return mediation_of(row)

    async def by_number(self, number: str) -> Mediation | None:
        row = await first_of(self._session, BY_NUMBER, number=number)
        return mediation_of(row) if row else None

    async def live(self) -> tuple[Mediation, ...]:
        return await self._all(LIVE_ALL)

    async def with_staff(self, staff_id: str, limit: int) -> tuple[Mediation, ...]:
        theirs = select(MediationSeatRow.mediation_id).where(MediationSeatRow.staff_id == staff_id)
        query = _ANY.where(M.id.in_(theirs))
        return await self._all(query.order_by(M.convened_at.desc()).limit(limit))

    async def page(self, after: tuple[datetime, str] | None, limit: int) -> tuple[Mediation, ...]:
        query = _ANY if after is None else _ANY.where(tuple_(M.convened_at, M.id) < tuple_(*after))
        return await self._all(query.order_by(M.convened_at.desc(), M.id.desc()).limit(limit))

    async def count(self) -> int:
        return (await self._session.exec(select(func.count()).select_from(MediationRow))).one()

    async def save(self, mediation: Mediation, expected_version: int) -> None:
        await self._events.lock()
        await SAVED.write(self._session, _row(mediation), expected_version)
        await self._seat(mediation)

    async def next_number(self, day: date) -> int:
        await self._events.lock()
        connection = await self._session.connection()
        taken = await connection.execute(NEXT_NUMBER, {"day": f"TJ{day:%Y%m%d}"})
        number: int = taken.scalar_one()
        return number

    async def words(self, mediation_id: str) -> MediationWords:
        row = await self._session.get(MediationWordsRow, mediation_id)
        if row is None:
            return MediationWords(mediation_id)
        return _WORDS.validate_json(self._cipher.open(row.sealed, f"mediation {mediation_id}"))

    async def keep_words(self, words: MediationWords) -> None:
        name = words.mediation_id
        sealed = self._cipher.seal(_WORDS.dump_json(words), f"mediation {name}")
        await self._session.merge(MediationWordsRow(mediation_id=name, sealed=sealed))

    async def delete_words(self, scheduled_before: datetime) -> int:
        old = select(MediationRow.id).where(col(MediationRow.scheduled_at) < scheduled_before)
        doomed = delete(MediationWordsRow).where(col(MediationWordsRow.mediation_id).in_(old))
        result = await self._session.exec(doomed.execution_options(synchronize_session=False))
        return int(result.rowcount)

    async def _seat(self, mediation: Mediation) -> None:
        people = {seat.staff_id for seat in mediation.seats if seat.staff_id is not None}
        here = col(MediationSeatRow.mediation_id) == mediation.id
        await self._session.exec(
            delete(MediationSeatRow).where(here).execution_options(synchronize_session=False)
        )
        for staff_id in sorted(people):
            seat = {"mediation_id": mediation.id, "staff_id": staff_id}
            await self._session.exec(insert(MediationSeatRow).values(seat))

    async def _all(self, query: Executable) -> tuple[Mediation, ...]:
        return tuple(map(mediation_of, await rows_of(self._session, query)))


def mediation_of(row: MediationRow | Row[Any]) -> Mediation:
    """The mediation of a row."""
    return _MEDIATION.validate_python(row.value)


def _row(mediation: Mediation) -> dict[str, object]:
    return {
        "id": mediation.id,
        "number": mediation.number,
        "version": mediation.version,
        "state": mediation.state,
        "mediator_id": mediation.mediator_id,
        "convened_at": mediation.convened_at,
        "scheduled_at": mediation.scheduled_at,
        "agreement_sha256": mediation.agreement.sealed_sha256,
        "value": _MEDIATION.dump_python(mediation, mode="json"),
    }
