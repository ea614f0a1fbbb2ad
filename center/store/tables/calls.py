"""Projections of the log that the queue and the screens read, and the words said in confidence."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from center.protocol.words import (
    ConsultationState,
    DutyState,
    EndCause,
    Language,
    Matter,
    Outcome,
    Urgency,
)
from center.store.tables.columns import word


class ConsultationRow(SQLModel, table=True):
    """`center.domain.consultation.Consultation`, field by field."""

    __tablename__ = "consultations"
    __table_args__ = (
        UniqueConstraint("kiosk_id", "client_ref"),
        Index("ix_consultations_usage", "requested_at", "id"),
        Index("ix_consultations_staff", "staff_id", "state"),
    )

    id: str = Field(primary_key=True, max_length=64)
    number: str = Field(max_length=32, unique=True)
    slip_code: str = Field(max_length=6)
    version: int
    state: ConsultationState = Field(sa_type=word(ConsultationState), index=True)
    kiosk_id: str = Field(foreign_key="kiosks.id", max_length=64)
    township: str = Field(max_length=120)
    client_ref: str = Field(max_length=64)
    language: Language = Field(sa_type=word(Language))
    matter: Matter = Field(sa_type=word(Matter))
    urgency: Urgency = Field(sa_type=word(Urgency))
    requested_at: datetime
    queued_at: datetime
    place_on_arrival: int
    deadline: datetime | None
    relaxed: bool
    escalated_at: datetime | None
    head: bool
    wanted_staff_id: str | None = Field(max_length=64)
    wanted_skill: Matter | None = Field(sa_type=word(Matter))
    staff_id: str | None = Field(max_length=64)
    offers: int
    declined_by: list[str] = Field(sa_column=Column(JSON, nullable=False))
    accepted_at: datetime | None = Field(index=True)
    talk_started_at: datetime | None
    talk_ended_at: datetime | None
    media_up: list[str] = Field(sa_column=Column(JSON, nullable=False))
    cause: EndCause | None = Field(sa_type=word(EndCause))
    rating: int | None
    outcome: Outcome | None = Field(sa_type=word(Outcome))
    answer_promised_at: datetime | None
    pages: int
    sheet_id: str | None = Field(default=None, max_length=64)
    recording: dict[str, Any] | None = Field(sa_column=Column(JSON(none_as_null=True)))


class DutyRow(SQLModel, table=True):
    """`center.domain.duty.Duty`, field by field."""

    __tablename__ = "duties"

    staff_id: str = Field(primary_key=True, foreign_key="staff.id", max_length=64)
    version: int
    state: DutyState = Field(sa_type=word(DutyState))
    since: datetime
    missed: int
    consultation_id: str | None = Field(max_length=64)
    afterwards: DutyState = Field(sa_type=word(DutyState))


class ConfidenceRow(SQLModel, table=True):
    """Personal words as sealed JSON, bound to the consultation's id; deleted on time."""

    __tablename__ = "confidences"

    consultation_id: str = Field(primary_key=True, foreign_key="consultations.id", max_length=64)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class DayNumberRow(SQLModel, table=True):
    """The newest running number of a local day (ISO date)."""

    __tablename__ = "day_numbers"

    day: str = Field(primary_key=True, max_length=10)
    last: int
