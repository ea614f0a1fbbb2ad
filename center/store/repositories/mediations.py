"""Mediations and their words."""

from datetime import date, datetime

from pydantic import TypeAdapter
from sqlalchemy import delete, func, insert, tuple_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from center.domain.errors import NotFound, VersionConflict
from center.domain.mediation import LIVE, Mediation
from center.domain.mediation_words import MediationWords
from center.store.cipher import Cipher
from center.store.repositories.calls import NEXT_NUMBER
from center.store.repositories.log import SqlEvents
from center.store.repositories.mapping import conflicts
from center.store.tables.mediations import MediationRow, MediationSeatRow, MediationWordsRow

_MEDIATION: TypeAdapter[Mediation] = TypeAdapter(Mediation)
_WORDS: TypeAdapter[MediationWords] = TypeAdapter(MediationWords)


class SqlMediations:
    """`mediation_ports.Mediations`."""

    def __init__(self, session: AsyncSession, events: SqlEvents, cipher: Cipher) -> None:
        self._session, self._events, self._cipher = session, events, cipher

    async def get(self, mediation_id: str) -> Mediation:
        found = await self._all(_query().where(MediationRow.id == mediation_id))
        if not found:
            raise NotFound(f"mediation {mediation_id}")
        return found[0]

    async def by_number(self, number: str) -> Mediation | None:
        found = await self._all(_query().where(MediationRow.number == number))
        return found[0] if found else None

    async def live(self) -> tuple[Mediation, ...]:
        query = _query().where(col(MediationRow.state).in_(LIVE))
        return await self._all(query.order_by(col(MediationRow.scheduled_at)))

    async def with_staff(self, staff_id: str, limit: int) -> tuple[Mediation, ...]:
        theirs = select(MediationSeatRow.mediation_id).where(MediationSeatRow.staff_id == staff_id)
        query = _query().where(col(MediationRow.id).in_(theirs))
        return await self._all(query.order_by(col(MediationRow.convened_at).desc()).limit(limit))

    async def page(self, after: tuple[datetime, str] | None, limit: int) -> tuple[Mediation, ...]:
        at, key = col(MediationRow.convened_at), col(MediationRow.id)
        query = _query() if after is None else _query().where(tuple_(at, key) < tuple_(*after))
        return await self._all(query.order_by(at.desc(), key.desc()).limit(limit))

    async def count(self) -> int:
        return (await self._session.exec(select(func.count()).select_from(MediationRow))).one()

    async def save(self, mediation: Mediation, expected_version: int) -> None:
        await self._events.lock()
        row = _row(mediation)
        same = (col(MediationRow.id) == mediation.id) & (
            col(MediationRow.version) == expected_version
        )
        with conflicts("MediationRow"):
            statement = (
                update(MediationRow).where(same) if expected_version else insert(MediationRow)
            )
            result = await self._session.exec(statement.values(row))
        if result.rowcount != 1:
            raise VersionConflict(f"mediation {mediation.id} is no longer at {expected_version}")
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

    async def _all(self, query: SelectOfScalar[MediationRow]) -> tuple[Mediation, ...]:
        rows = (await self._session.exec(query)).all()
        return tuple(map(mediation_of, rows))


def mediation_of(row: MediationRow) -> Mediation:
    """The mediation of a row."""
    return _MEDIATION.validate_python(row.value)


def _query() -> SelectOfScalar[MediationRow]:
    return select(MediationRow)


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
