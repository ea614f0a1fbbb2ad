"""Consultations, duties, and the words said in confidence."""

import json
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Executable, Row, Table, bindparam, select, text
from sqlmodel.ext.asyncio.session import AsyncSession

from center.domain.consultation import QUEUED, TALKING, Consultation
from center.domain.duty import Duty
from center.domain.errors import NotFound
from center.domain.queue import Wait
from center.domain.recording import NEVER, Recording
from center.domain.records import Confidence
from center.protocol.words import ConsultationState, DutyState, PeerRole
from center.store.cipher import Cipher
from center.store.repositories.log import SqlEvents
from center.store.repositories.mapping import CompareAndSet, first_of, picked, rows_of, values
from center.store.tables.calls import ConfidenceRow, ConsultationRow, DutyRow

WITH_RESIDENT = QUEUED | TALKING
WITH_STAFF = TALKING | {ConsultationState.OFFERED, ConsultationState.WRAP_UP}
OPEN = WITH_RESIDENT | {ConsultationState.WRAP_UP}

CONSULTATIONS: Table = ConsultationRow.__table__  # type: ignore[attr-defined]
C = CONSULTATIONS.c
DUTIES: Table = DutyRow.__table__  # type: ignore[attr-defined]
D = DUTIES.c

_ANY = CONSULTATIONS.select()
_IN_ORDER = _ANY.order_by(C.requested_at)
_NEWEST = _ANY.order_by(C.requested_at.desc(), C.id).limit(1)
_AT_KIOSK = C.kiosk_id == bindparam("kiosk_id")
BY_ID = _ANY.where(C.id == bindparam("id"))
BY_CLIENT_REF = _ANY.where(_AT_KIOSK, C.client_ref == bindparam("client_ref"))
BY_NUMBER = _ANY.where(C.number == bindparam("number"))
NEWEST_OF_KIOSK = _NEWEST.where(_AT_KIOSK)
OPEN_FOR_KIOSK = NEWEST_OF_KIOSK.where(C.state.in_(WITH_RESIDENT))
STAFFS = _NEWEST.where(C.staff_id == bindparam("staff_id"), C.state.in_(WITH_STAFF))
OPEN_ALL = _IN_ORDER.where(C.state.in_(OPEN))
QUEUED_ALL = _IN_ORDER.where(C.state.in_(QUEUED))
MESSAGES = _ANY.where(C.state == ConsultationState.MESSAGE).order_by(C.answer_promised_at)
RECENT_WAITS = (
    select(C.accepted_at, C.requested_at, C.place_on_arrival)
    .where(C.accepted_at.is_not(None))
    .order_by(C.accepted_at.desc())
    .limit(bindparam("most"))
)
SAVED = CompareAndSet(CONSULTATIONS, "id")

DUTY_OF = DUTIES.select().where(D.staff_id == bindparam("staff_id"))
ON_DUTY = (
    DUTIES.select().where(D.state.not_in([DutyState.OFF, DutyState.AWAY])).order_by(D.staff_id)
)
DUTY_SAVED = CompareAndSet(DUTIES, "staff_id")

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
        found = await self._first(BY_ID, id=consultation_id)
        if found is None:
            raise NotFound(f"consultation {consultation_id}")
        return found

    async def by_client_ref(self, kiosk_id: str, client_ref: str) -> Consultation | None:
        return await self._first(BY_CLIENT_REF, kiosk_id=kiosk_id, client_ref=client_ref)

    async def by_number(self, number: str) -> Consultation | None:
        return await self._first(BY_NUMBER, number=number)

    async def open_for_kiosk(self, kiosk_id: str) -> Consultation | None:
        return await self._first(OPEN_FOR_KIOSK, kiosk_id=kiosk_id)

    async def newest_of_kiosk(self, kiosk_id: str) -> Consultation | None:
        return await self._first(NEWEST_OF_KIOSK, kiosk_id=kiosk_id)

    async def with_staff(self, staff_id: str) -> Consultation | None:
        return await self._first(STAFFS, staff_id=staff_id)

    async def open_all(self) -> tuple[Consultation, ...]:
        return await self._all(OPEN_ALL)

    async def queued(self) -> tuple[Consultation, ...]:
        return await self._all(QUEUED_ALL)

    async def messages(self) -> tuple[Consultation, ...]:
        return await self._all(MESSAGES)

    async def save(self, consultation: Consultation, expected_version: int) -> None:
        await self._events.lock()
        await SAVED.write(self._session, row_of(consultation), expected_version)

    async def recent_waits(self, limit: int) -> tuple[Wait, ...]:
        found = await rows_of(self._session, RECENT_WAITS, most=limit)
        return tuple(
            Wait(row.accepted_at - row.requested_at, row.place_on_arrival) for row in found
        )

    async def next_number(self, day: date) -> int:
        await self._events.lock()
        connection = await self._session.connection()
        number: int = (await connection.execute(NEXT_NUMBER, {"day": day.isoformat()})).scalar_one()
        return number

    async def _first(self, query: Executable, **asked: str) -> Consultation | None:
        row = await first_of(self._session, query, **asked)
        return consultation_of(row) if row else None

    async def _all(self, query: Executable) -> tuple[Consultation, ...]:
        return tuple(map(consultation_of, await rows_of(self._session, query)))


class SqlDuties:
    """`ports.Duties`."""

    def __init__(self, session: AsyncSession, events: SqlEvents) -> None:
        self._session = session
        self._events = events

    async def get(self, staff_id: str) -> Duty | None:
        row = await first_of(self._session, DUTY_OF, staff_id=staff_id)
        return Duty(**picked(row, Duty)) if row else None

    async def all_on(self) -> tuple[Duty, ...]:
        rows = await rows_of(self._session, ON_DUTY)
        return tuple(Duty(**picked(row, Duty)) for row in rows)

    async def save(self, duty: Duty, expected_version: int) -> None:
        await self._events.lock()
        await DUTY_SAVED.write(self._session, values(duty), expected_version)


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
