"""What a seal says: which pages, in which order, taken where and when."""

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Line = Annotated[str, Field(max_length=200)]


class ManifestPage(BaseModel):
    """One page: its place (from 1) and the SHA-256 of its original, of the cleaned JPEG, and of the
    text that was read on it (UTF-8; null when nobody read it)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    position: Annotated[int, Field(ge=1)]
    sha256: Sha256
    captured_at: AwareDatetime
    clean_sha256: Sha256
    text_sha256: Sha256 | None = None

    @classmethod
    def of(
        cls,
        position: int,
        original: bytes,
        clean_jpeg: bytes,
        captured_at: datetime,
        text: str | None = None,
    ) -> "ManifestPage":
        """Hash a page's two pictures and its text."""
        return cls(
            position=position,
            sha256=_sha256(original),
            captured_at=captured_at,
            clean_sha256=_sha256(clean_jpeg),
            text_sha256=None if text is None else text_sha256(text),
        )


class Manifest(BaseModel):
    """The signed statement; its JSON is in the document."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["jiujin-seal/2"] = "jiujin-seal/2"
    number: Line
    kiosk: Line
    hall: Line
    township: Line
    sealed_at: AwareDatetime
    pages: tuple[ManifestPage, ...]

    def to_json(self) -> bytes:
        """The same bytes for the same statement; ASCII."""
        return self.model_dump_json(ensure_ascii=True, exclude_none=True).encode()


def text_sha256(text: str) -> str:
    """Hex."""
    return _sha256(text.encode())


def pdf_date(moment: datetime) -> str:
    """ISO 32000 date, in UTC."""
    return moment.astimezone(UTC).strftime("D:%Y%m%d%H%M%S+00'00'")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
