"""Recordings: what of a talk was recorded; the files lie sealed beside the database."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class ReelRow(SQLModel, table=True):
    """`center.services.recording_ports.Reel`, field by field."""

    __tablename__ = "reels"

    reel_id: str = Field(primary_key=True, max_length=64)
    recording_id: str = Field(max_length=64, index=True)
    room_id: str = Field(max_length=64, index=True)
    started_at: datetime = Field(index=True)
    ended_at: datetime | None
    sealed_at: datetime | None
    size: int
    manifest: str | None = Field(max_length=64)
