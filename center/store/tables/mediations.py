"""Mediations: what is looked for in columns, the rest of the value as JSON, the words sealed."""

from datetime import datetime

from sqlalchemy import JSON, Column, LargeBinary
from sqlmodel import Field, SQLModel

from center.protocol.words import MediationState
from center.store.tables.columns import word


class MediationRow(SQLModel, table=True):
    """`center.domain.mediation.Mediation`; `value` is all of it."""

    __tablename__ = "mediations"

    id: str = Field(primary_key=True, max_length=64)
    number: str = Field(max_length=32, unique=True)
    version: int
    state: MediationState = Field(sa_type=word(MediationState), index=True)
    mediator_id: str = Field(foreign_key="staff.id", max_length=64)
    convened_at: datetime = Field(index=True)
    scheduled_at: datetime
    agreement_sha256: str | None = Field(max_length=64)
    value: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))


class MediationSeatRow(SQLModel, table=True):
    """Which people of the center have a seat in which mediation."""

    __tablename__ = "mediation_seats"

    mediation_id: str = Field(primary_key=True, foreign_key="mediations.id", max_length=64)
    staff_id: str = Field(primary_key=True, foreign_key="staff.id", max_length=64, index=True)


class MediationWordsRow(SQLModel, table=True):
    """Personal words as sealed JSON, bound to the mediation's id; deleted on time."""

    __tablename__ = "mediation_words"

    mediation_id: str = Field(primary_key=True, foreign_key="mediations.id", max_length=64)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
