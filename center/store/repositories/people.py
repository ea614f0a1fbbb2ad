"""Staff with their sessions, kiosks with their codes: read only for calls, whole for the office."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, bindparam, delete, text, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from center.domain.errors import NotFound, VersionConflict
from center.domain.records import Kiosk, Staff
from center.protocol.views import KioskHealth
from center.protocol.words import Language, Matter
from center.services.office import Account, Enrolment, Failures, SignedIn, Terminal
from center.store.repositories.mapping import (
    conflicts,
    first_of,
    picked,
    rows_of,
    values,
    written,
)
from center.store.tables.people import (
    EnrolmentRow,
    KioskRow,
    LoginAttemptRow,
    SessionRow,
    StaffRow,
)

KIOSKS: Table = KioskRow.__table__  # type: ignore[attr-defined]
STAFF: Table = StaffRow.__table__  # type: ignore[attr-defined]

STAFF_BY_ID = STAFF.select().where(STAFF.c.id == bindparam("id"))
EVERYBODY = STAFF.select().where(STAFF.c.disabled.is_(False)).order_by(STAFF.c.id)
KIOSK_BY_ID = KIOSKS.select().where(KIOSKS.c.id == bindparam("id"))
KIOSK_NOTED = KIOSKS.update().where(
    KIOSKS.c.id == bindparam("which"), KIOSKS.c.version == bindparam("expected")
)

COUNT_FAILURE = text(
    "INSERT INTO login_attempts (username, failures, last_at) VALUES (:username, 1, :now)"
    " ON CONFLICT (username) DO UPDATE"
    " SET failures = login_attempts.failures + 1, last_at = excluded.last_at"
    " RETURNING failures"
).bindparams(bindparam("now", type_=LoginAttemptRow.__table__.c.last_at.type))  # type: ignore[attr-defined]


class SqlAccounts:
    """`office.Accounts`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, staff_id: str) -> Account | None:
        row = await self._session.get(StaffRow, staff_id)
        return _account(row) if row else None

    async def by_username(self, username: str) -> Account | None:
        query = select(StaffRow).where(StaffRow.username == username)
        row = (await self._session.exec(query)).first()
        return _account(row) if row else None

    async def all(self) -> tuple[Account, ...]:
        rows = (await self._session.exec(select(StaffRow).order_by(StaffRow.username))).all()
        return tuple(map(_account, rows))

    async def save(self, account: Account) -> None:
        staff = account.staff
        await self._session.merge(
            StaffRow(
                id=staff.staff_id,
                username=account.username,
                password_hash=account.password_hash,
                created_at=account.created_at,
                disabled=account.disabled,
                last_login_at=account.last_login_at,
                name=staff.name,
                office=staff.office,
                role=staff.role,
                languages=list(staff.languages),
                townships=list(staff.townships),
                skills=list(staff.skills),
            )
        )
        with conflicts(f"staff {staff.staff_id}"):
            await self._session.flush()


class SqlStaffMembers:
    """`ports.StaffMembers`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, staff_id: str) -> Staff:
        row = await first_of(self._session, STAFF_BY_ID, id=staff_id)
        if row is None:
            raise NotFound(f"staff {staff_id}")
        return _staff(row)

    async def all(self) -> tuple[Staff, ...]:
        return tuple(map(_staff, await rows_of(self._session, EVERYBODY)))


class SqlSessions:
    """`office.Sessions`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, token_hash: str) -> SignedIn | None:
        row = await self._session.get(SessionRow, token_hash)
        return SignedIn(**picked(row, SignedIn)) if row else None

    async def add(self, session: SignedIn) -> None:
        self._session.add(SessionRow(**values(session)))

    async def delete(self, token_hash: str) -> None:
        await self._session.exec(delete(SessionRow).where(col(SessionRow.token_hash) == token_hash))

    async def delete_of(self, staff_id: str) -> None:
        await self._session.exec(delete(SessionRow).where(col(SessionRow.staff_id) == staff_id))

    async def delete_expired(self, now: datetime) -> None:
        await self._session.exec(delete(SessionRow).where(col(SessionRow.expires_at) <= now))


class SqlLoginAttempts:
    """`office.LoginAttempts`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, username: str) -> Failures | None:
        row = await self._session.get(LoginAttemptRow, username)
        return Failures(row.failures, row.last_at) if row else None

    async def note(self, username: str, now: datetime) -> int:
        # One statement: two wrong passwords at the same moment count as two.
        connection = await self._session.connection()
        counted = await connection.execute(COUNT_FAILURE, {"username": username, "now": now})
        failures: int = counted.scalar_one()
        return failures

    async def clear(self, username: str) -> None:
        await self._session.exec(
            delete(LoginAttemptRow).where(col(LoginAttemptRow.username) == username)
        )

    async def delete_before(self, moment: datetime) -> None:
        await self._session.exec(
            delete(LoginAttemptRow).where(col(LoginAttemptRow.last_at) <= moment)
        )


class SqlTerminals:
    """`office.Terminals`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, kiosk_id: str) -> Terminal | None:
        row = await first_of(self._session, KIOSK_BY_ID, id=kiosk_id)
        return _terminal(row) if row else None

    async def all(self) -> tuple[Terminal, ...]:
        rows = (await self._session.exec(select(KioskRow).order_by(KioskRow.id))).all()
        return tuple(map(_terminal, rows))

    async def save(self, terminal: Terminal) -> None:
        kiosk, health = terminal.kiosk, terminal.health
        await self._session.merge(
            KioskRow(
                id=kiosk.kiosk_id,
                version=terminal.version,
                public_key=terminal.public_key,
                online=terminal.online,
                last_seen_at=terminal.last_seen_at,
                clock_skew_s=terminal.clock_skew_s,
                health=health.model_dump(mode="json") if health else None,
                township=kiosk.township,
                hall=kiosk.hall,
                hall_phone=kiosk.hall_phone,
                languages=list(kiosk.languages),
                status=kiosk.status,
            )
        )
        await self._session.flush()

    async def note(self, terminal: Terminal) -> None:
        health = terminal.health
        noted = {
            "which": terminal.kiosk_id,
            "expected": terminal.version,
            "online": terminal.online,
            "last_seen_at": terminal.last_seen_at,
            "clock_skew_s": terminal.clock_skew_s,
            "health": health.model_dump(mode="json") if health else None,
        }
        if await written(self._session, KIOSK_NOTED, noted) != 1:
            raise VersionConflict(f"{terminal.kiosk_id} is no longer at {terminal.version}")


class SqlKiosks:
    """`ports.Kiosks`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, kiosk_id: str) -> Kiosk:
        row = await first_of(self._session, KIOSK_BY_ID, id=kiosk_id)
        if row is None:
            raise NotFound(f"kiosk {kiosk_id}")
        return _kiosk(row)

    async def all(self) -> tuple[Kiosk, ...]:
        rows = (await self._session.exec(select(KioskRow).order_by(KioskRow.id))).all()
        return tuple(map(_kiosk, rows))


class SqlEnrolments:
    """`office.Enrolments`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, code_hash: str) -> Enrolment | None:
        row = await self._session.get(EnrolmentRow, code_hash)
        return Enrolment(**picked(row, Enrolment)) if row else None

    async def add(self, enrolment: Enrolment) -> None:
        self._session.add(EnrolmentRow(**values(enrolment)))

    async def use(self, code_hash: str, now: datetime) -> bool:
        unused = col(EnrolmentRow.used_at).is_(None)
        statement = update(EnrolmentRow).where(col(EnrolmentRow.code_hash) == code_hash, unused)
        result: Any = await self._session.exec(statement.values(used_at=now))
        return bool(result.rowcount == 1)

    async def void(self, kiosk_id: str) -> None:
        await self._session.exec(delete(EnrolmentRow).where(col(EnrolmentRow.kiosk_id) == kiosk_id))


def _staff(row: StaffRow | Row[Any]) -> Staff:
    return Staff(
        staff_id=row.id,
        name=row.name,
        office=row.office,
        role=row.role,
        languages=tuple(map(Language, row.languages)),
        townships=tuple(row.townships),
        skills=tuple(map(Matter, row.skills)),
    )


def _account(row: StaffRow) -> Account:
    return Account(
        staff=_staff(row),
        username=row.username,
        password_hash=row.password_hash,
        created_at=row.created_at,
        disabled=row.disabled,
        last_login_at=row.last_login_at,
    )


def _kiosk(row: KioskRow | Row[Any]) -> Kiosk:
    return Kiosk(
        kiosk_id=row.id,
        township=row.township,
        hall=row.hall,
        hall_phone=row.hall_phone,
        languages=tuple(map(Language, row.languages)),
        status=row.status,
    )


def _terminal(row: KioskRow | Row[Any]) -> Terminal:
    return Terminal(
        kiosk=_kiosk(row),
        version=row.version,
        public_key=row.public_key,
        online=row.online,
        last_seen_at=row.last_seen_at,
        clock_skew_s=row.clock_skew_s,
        health=KioskHealth.model_validate(row.health) if row.health else None,
    )
