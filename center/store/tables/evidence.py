"""Scanned pages (their pictures are blobs) and the sealed documents made from them."""

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKeyConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from center.protocol.words import PageStage
from center.store.tables.columns import word


class PageRow(SQLModel, table=True):
    """One page; `sha256` names the untouched original, `clean_sha256` the flattened picture,
    `preview_sha256` the small one; `stage` says which of them are here.

    `codes` is sealed: the texts of bar codes may name a person.
    """

    __tablename__ = "pages"
    __table_args__ = (UniqueConstraint("consultation_id", "position"),)

    consultation_id: str = Field(primary_key=True, foreign_key="consultations.id", max_length=64)
    sha256: str = Field(primary_key=True, max_length=64)
    clean_sha256: str = Field(max_length=64)
    preview_sha256: str | None = Field(default=None, max_length=64)
    stage: PageStage = Field(sa_type=word(PageStage))
    position: int
    captured_at: datetime
    received_at: datetime = Field(index=True)
    width: int
    height: int
    quad: list[list[float]] | None = Field(sa_column=Column(JSON, nullable=True))
    sharpness: float
    verdict: list[str] = Field(sa_column=Column(JSON, nullable=False))
    codes: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class PageTextRow(SQLModel, table=True):
    """What was read on a page, sealed; for one on which nothing could be read it is empty."""

    __tablename__ = "page_texts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["consultation_id", "sha256"], ["pages.consultation_id", "pages.sha256"]
        ),
    )

    consultation_id: str = Field(primary_key=True, max_length=64)
    sha256: str = Field(primary_key=True, max_length=64)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class DocumentRow(SQLModel, table=True):
    """The newest sealed PDF of a consultation, a blob; stale once the pages differ."""

    __tablename__ = "documents"

    consultation_id: str = Field(primary_key=True, foreign_key="consultations.id", max_length=64)
    pages_digest: str = Field(max_length=64)
    sha256: str = Field(max_length=64)
    made_at: datetime
