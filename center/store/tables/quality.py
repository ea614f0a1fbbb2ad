"""The record of how good a talk's line was."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from center.protocol.words import PeerRole
from center.store.tables.columns import word


class QualityBatchRow(SQLModel, table=True):
    """`center.domain.quality.Batch`; a point is the list of its fields, in their order."""

    __tablename__ = "quality_batches"

    consultation_id: str = Field(primary_key=True, foreign_key="consultations.id", max_length=64)
    side: PeerRole = Field(primary_key=True, sa_type=word(PeerRole))
    page_session: str = Field(primary_key=True, max_length=64)
    number: int = Field(primary_key=True)
    began_at: datetime = Field(index=True)
    points: list[list[Any]] = Field(sa_column=Column(JSON, nullable=False))


class QualityTallyRow(SQLModel, table=True):
    """`center.domain.quality.Tally` of one page; only that page's socket writes it."""

    __tablename__ = "quality_tallies"

    consultation_id: str = Field(primary_key=True, foreign_key="consultations.id", max_length=64)
    side: PeerRole = Field(primary_key=True, sa_type=word(PeerRole))
    page_session: str = Field(primary_key=True, max_length=64)
    last_number: int
    tally: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class SeatBatchRow(SQLModel, table=True):
    """`center.domain.quality.SeatBatch`, kept as `QualityBatchRow`."""

    __tablename__ = "seat_quality_batches"

    mediation_id: str = Field(primary_key=True, foreign_key="mediations.id", max_length=64)
    seat_id: str = Field(primary_key=True, max_length=64)
    towards: str = Field(primary_key=True, max_length=64)
    page_session: str = Field(primary_key=True, max_length=64)
    number: int = Field(primary_key=True)
    began_at: datetime = Field(index=True)
    points: list[list[Any]] = Field(sa_column=Column(JSON, nullable=False))


class SeatTallyRow(SQLModel, table=True):
    """`center.domain.quality.Tally` of one link of a page."""

    __tablename__ = "seat_quality_tallies"

    mediation_id: str = Field(primary_key=True, foreign_key="mediations.id", max_length=64)
    seat_id: str = Field(primary_key=True, max_length=64)
    towards: str = Field(primary_key=True, max_length=64)
    page_session: str = Field(primary_key=True, max_length=64)
    last_number: int
    tally: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
