"""What was put on residents' screens and drawn on pages; both sealed, as notes are."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel


class SheetRow(SQLModel, table=True):
    """One sheet; `sealed` is a JSON object, bound to the consultation's id."""

    __tablename__ = "sheets"

    consultation_id: str = Field(primary_key=True, foreign_key="consultations.id", max_length=64)
    sheet_id: str = Field(primary_key=True, max_length=64)
    shown_at: datetime
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class MarkRow(SQLModel, table=True):
    """One mark; ids are chosen by the pages that draw, so they count within a consultation."""

    __tablename__ = "marks"

    consultation_id: str = Field(primary_key=True, foreign_key="consultations.id", max_length=64)
    mark_id: str = Field(primary_key=True, max_length=64)
    made_at: datetime
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
