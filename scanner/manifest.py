"""What a seal says: which pages, in which order, taken where and when."""

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Line = Annotated[str, Field(max_length=200)]


class ManifestPage(BaseModel):
    """One page: its place (from 1) and the SHA-256 of its original and of the cleaned JPEG."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    position: Annotated[int, Field(ge=1)]
    sha256: Sha256
    captured_at: AwareDatetime
    clean_sha256: Sha256

    @classmethod
    def of(
        cls, position: int, original: bytes, clean_jpeg: bytes, captured_at: datetime
    ) -> "ManifestPage":
        """Hash a page's two pictures."""
        return cls(
            position=position,
            sha256=hashlib.sha256(original).hexdigest(),
            captured_at=captured_at,
            clean_sha256=hashlib.sha256(clean_jpeg).hexdigest(),
        )


class Manifest(BaseModel):
    """The signed statement; its JSON is attached to the document."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["jiujin-seal/1"] = "jiujin-seal/1"
    number: Line
    kiosk: Line
    hall: Line
    township: Line
    sealed_at: AwareDatetime
    pages: tuple[ManifestPage, ...]

    def to_json(self) -> bytes:
        """The same bytes for the same statement."""
        return self.model_dump_json(indent=1).encode()


def pdf_date(moment: datetime) -> str:
    """ISO 32000 date, in UTC."""
    return moment.astimezone(UTC).strftime("D:%Y%m%d%H%M%S+00'00'")
