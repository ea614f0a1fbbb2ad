"""Staff accounts with their sessions, and kiosks with their enrolment codes."""

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from center.protocol.words import KioskStatus, Role
from center.store.tables.columns import word


class StaffRow(SQLModel, table=True):
    """An account. `password_hash` is argon2id in PHC form."""

    __tablename__ = "staff"

    id: str = Field(primary_key=True, max_length=64)
    username: str = Field(max_length=32, unique=True)
    password_hash: str = Field(max_length=200)
    name: str = Field(max_length=120)
    office: str = Field(max_length=120)
    role: Role = Field(sa_type=word(Role))
    languages: list[str] = Field(sa_column=Column(JSON, nullable=False))
    townships: list[str] = Field(sa_column=Column(JSON, nullable=False))
    skills: list[str] = Field(sa_column=Column(JSON, nullable=False))
    disabled: bool = False
    created_at: datetime
    last_login_at: datetime | None = None


class SessionRow(SQLModel, table=True):
    """A signed-in browser, found by the SHA-256 of its token."""

    __tablename__ = "sessions"

    token_hash: str = Field(primary_key=True, max_length=64)
    staff_id: str = Field(foreign_key="staff.id", index=True, ondelete="CASCADE")
    role: Role = Field(sa_type=word(Role))
    expires_at: datetime = Field(index=True)


class LoginAttemptRow(SQLModel, table=True):
    """Wrong passwords in a row for a name, whether or not an account has that name."""

    __tablename__ = "login_attempts"

    username: str = Field(primary_key=True, max_length=32)
    failures: int
    last_at: datetime = Field(index=True)


class KioskRow(SQLModel, table=True):
    """A terminal, its key and what it last said of itself."""

    __tablename__ = "kiosks"

    id: str = Field(primary_key=True, max_length=64)
    township: str = Field(max_length=120)
    hall: str = Field(max_length=120)
    hall_phone: str = Field(max_length=120)
    languages: list[str] = Field(sa_column=Column(JSON, nullable=False))
    status: KioskStatus = Field(sa_type=word(KioskStatus))
    public_key: str | None = Field(default=None, max_length=64)
    version: int = 0
    online: bool = False
    last_seen_at: datetime | None = None
    clock_skew_s: float | None = None
    health: dict[str, object] | None = Field(default=None, sa_column=Column(JSON, nullable=True))


class EnrolmentRow(SQLModel, table=True):
    """A one-time code, found by its SHA-256. Using it stamps it; it is never used twice."""

    __tablename__ = "enrolments"

    code_hash: str = Field(primary_key=True, max_length=64)
    kiosk_id: str = Field(foreign_key="kiosks.id", index=True, ondelete="CASCADE")
    expires_at: datetime
    used_at: datetime | None = None
