"""The event log, the counter that numbers it, and the log of who looked at what."""

from datetime import datetime

from sqlalchemy import JSON, Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

HEAD_ID = 1
"""Key of the only row of `log_head`, which the first migration inserts."""


class EventRow(SQLModel, table=True):
    """One thing that happened; only the names of people are ever taken out of it. `seq` has no
    gaps and rises in commit order."""

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("stream", "version"),)

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    stream: str = Field(max_length=80)
    version: int
    type: str = Field(max_length=64)
    at: datetime = Field(index=True)
    actor: str = Field(max_length=80)
    data: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))


class LogHeadRow(SQLModel, table=True):
    """The newest `seq`: taking the next one locks this row until the commit."""

    __tablename__ = "log_head"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int


class AuditRow(SQLModel, table=True):
    """Who looked at or changed what."""

    __tablename__ = "audit"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    actor: str = Field(max_length=80)
    action: str = Field(max_length=64)
    subject: str = Field(max_length=120)
    detail: str = Field(sa_column=Column(Text, nullable=False))
