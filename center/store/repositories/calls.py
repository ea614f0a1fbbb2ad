"""Consultations, duties, and the words said in confidence."""

import json
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Insert, Row, Select, Table, Update, select, text
from sqlmodel.ext.asyncio.session import AsyncSession

from center.domain.consultation import QUEUED, TALKING, Consultation
from center.domain.duty import Duty
from center.domain.errors import NotFound, VersionConflict
from center.domain.queue import Wait
from center.domain.recording import NEVER, Recording
from center.domain.records import Confidence
from center.protocol.words import ConsultationState, DutyState, PeerRole
from center.store.cipher import Cipher
from center.store.repositories.log import SqlEvents
from center.store.repositories.mapping import conflicts, picked, rows_of, values, written
from center.store.tables.calls import ConfidenceRow, ConsultationRow, DutyRow

WITH_RESIDENT = QUEUED | TALKING
WITH_STAFF = TALKING | {ConsultationState.OFFERED, ConsultationState.WRAP_UP}
OPEN = WITH_RESIDENT | {ConsultationState.WRAP_UP}

CONSULTATIONS: Table = ConsultationRow.__table__  # type: ignore[attr-defined]
C = CONSULTATIONS.c
DUTIES: Table = DutyRow.__table__  # type: ignore[attr-defined]

# One statement, so that two transactions cannot both be first; it reads the same on both databases.
NEXT_NUMBER = text(
    "INSERT INTO day_numbers (day, last) VALUES (:day, 1)"
    " ON CONFLICT (day) DO UPDATE SET last = day_numbers.last + 1 RETURNING last"
)


class SqlConsultations:
    """`ports.Consultations`."""

    def __init__(self, session: AsyncSession, events: SqlEvents) -> None:
        self._session = session
        self._events = events

    async def get(self, consultation_id: str) -> Consultation:
        found = await self._first(_query().where(C.id == consultation_id))
        if found is None:
            raise NotFound(f"consultation {consultation_id}")
        return found

    async def by_client_ref(self, kiosk_id: str, client_ref: str) -> Consultation | None:
        return await self._first(_query().where(C.kiosk_id == kiosk_id, C.client_ref == client_ref))

    async def by_number(self, number: str) -> Consultation | None:
        return await self._first(_query().where(C.number == number))

    async def open_for_kiosk(self, kiosk_id: str) -> Consultation | None:
        return await self._first(
            _newest().where(C.kiosk_id == kiosk_id, C.state.in_(WITH_RESIDENT))
        )

    async def newest_of_kiosk(self, kiosk_id: str) -> Consultation | None:
        return await self._first(_newest().where(C.kiosk_id == kiosk_id))

    async def with_staff(self, staff_id: str) -> Consultation | None:
        return await self._first(_newest().where(C.staff_id == staff_id, C.state.in_(WITH_STAFF)))

    async def open_all(self) -> tuple[Consultation, ...]:
        return await self._in(OPEN)

    async def queued(self) -> tuple[Consultation, ...]:
        return await self._in(QUEUED)

    async def messages(self) -> tuple[Consultation, ...]:
        query = _query().where(C.state == ConsultationState.MESSAGE)
        return await self._all(query.order_by(C.answer_promised_at))

    async def save(self, consultation: Consultation, expected_version: int) -> None:
        row = row_of(consultation)
        statement = (
            CONSULTATIONS.update().where(C.id == consultation.id, C.version == expected_version)
            if expected_version
            else CONSULTATIONS.insert()
        )
        await _compare_and_set(self._session, self._events, statement.values(row))

    async def recent_waits(self, limit: int) -> tuple[Wait, ...]:
        query = (
            select(C.accepted_at, C.requested_at, C.place_on_arrival)
            .where(C.accepted_at.is_not(None))
            .order_by(C.accepted_at.desc())
            .limit(limit)
        )
        found = await rows_of(self._session, query)
        return tuple(
            Wait(row.accepted_at - row.requested_at, row.place_on_arrival) for row in found
        )

    async def next_number(self, day: date) -> int:
        await self._events.lock()
        connection = await self._session.connection()
        number: int = (await connection.execute(NEXT_NUMBER, {"day": day.isoformat()})).scalar_one()
        return number

    async def _in(self, states: frozenset[ConsultationState]) -> tuple[Consultation, ...]:
        query = _query().where(C.state.in_(states))
        return await self._all(query.order_by(C.requested_at))

    async def _first(self, query: Select[Any]) -> Consultation | None:
        found = await self._all(query.limit(1))
        return found[0] if found else None

    async def _all(self, query: Select[Any]) -> tuple[Consultation, ...]:
        return tuple(map(consultation_of, await rows_of(self._session, query)))


class SqlDuties:
    """`ports.Duties`."""

    def __init__(self, session: AsyncSession, events: SqlEvents) -> None:
        self._session = session
        self._events = events

    async def get(self, staff_id: str) -> Duty | None:
        found = await self._all(DUTIES.select().where(DUTIES.c.staff_id == staff_id))
        return found[0] if found else None

    async def all_on(self) -> tuple[Duty, ...]:
        on = DUTIES.c.state.not_in([DutyState.OFF, DutyState.AWAY])
        return await self._all(DUTIES.select().where(on).order_by(DUTIES.c.staff_id))

    async def save(self, duty: Duty, expected_version: int) -> None:
        row = values(duty)
        same = (DUTIES.c.staff_id == duty.staff_id, DUTIES.c.version == expected_version)
        statement = DUTIES.update().where(*same) if expected_version else DUTIES.insert()
        await _compare_and_set(self._session, self._events, statement.values(row))

    async def _all(self, query: Select[Any]) -> tuple[Duty, ...]:
        rows = await rows_of(self._session, query)
        return tuple(Duty(**picked(row, Duty)) for row in rows)


class SqlConfidences:
    """`ports.Confidences`: one sealed JSON object a consultation."""

    def __init__(self, session: AsyncSession, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    async def get(self, consultation_id: str) -> Confidence:
        row = await self._session.get(ConfidenceRow, consultation_id)
        if row is None:
            return Confidence(consultation_id)
        said = json.loads(self._cipher.open(row.sealed, consultation_id))
        if said["notes_saved_at"]:
            said["notes_saved_at"] = datetime.fromisoformat(said["notes_saved_at"])
        return Confidence(**said)

    async def save(self, confidence: Confidence) -> None:
        plain = json.dumps(values(confidence), default=datetime.isoformat).encode()
        sealed = self._cipher.seal(plain, confidence.consultation_id)
        await self._session.merge(
            ConfidenceRow(consultation_id=confidence.consultation_id, sealed=sealed)
        )


async def _compare_and_set(
    session: AsyncSession, events: SqlEvents, statement: Insert | Update
) -> None:
    await events.lock()
    with conflicts(statement.table.description):
        count = await written(session, statement)
    if count != 1:
        raise VersionConflict(f"{statement.table.description}: somebody else was first")


def _query() -> Select[Any]:
    return CONSULTATIONS.select()


def _newest() -> Select[Any]:
    return _query().order_by(C.requested_at.desc(), C.id)


_RECORDING: TypeAdapter[Recording] = TypeAdapter(Recording)


def row_of(consultation: Consultation) -> dict[str, Any]:
    """The column values of a consultation."""
    recording = consultation.recording
    told = None if recording == NEVER else _RECORDING.dump_python(recording, mode="json")
    return values(consultation) | {"recording": told}


def consultation_of(row: ConsultationRow | Row[Any]) -> Consultation:
    """The domain's value of a row."""
    known = picked(row, Consultation)
    known["declined_by"] = frozenset(row.declined_by)
    known["media_up"] = frozenset(map(PeerRole, row.media_up))
    known["recording"] = _RECORDING.validate_python(row.recording) if row.recording else NEVER
    return Consultation(**known)
