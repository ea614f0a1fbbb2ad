"""Why a document is refused, and which page it is about."""

from dataclasses import dataclass
from enum import StrEnum


class Problem(StrEnum):
    """A kind of change."""

    NOT_A_PDF = "not_a_pdf"
    NOT_SEALED = "not_sealed"
    ALTERED = "altered"
    """Some byte is not what was signed."""
    ADDED_TO = "added_to"
    """Something was appended after the signing."""
    NO_MANIFEST = "no_manifest"
    PAGE_MISSING = "page_missing"
    PAGE_ADDED = "page_added"
    PAGE_MOVED = "page_moved"
    PAGE_CHANGED = "page_changed"
    ORIGINAL_CHANGED = "original_changed"
    """A page's original is missing, or another."""
    TEXT_CHANGED = "text_changed"
    TIME_MOVED = "time_moved"
    """The manifest, the signature and its time stamp do not tell the same time."""
    STAMP_BROKEN = "stamp_broken"
    """The time stamp is not of this signature."""
    SIGNER_UNKNOWN = "signer_unknown"


@dataclass(frozen=True)
class Finding:
    """`page` counts from 1: the place in the manifest, of an added page the place where it is seen;
    None when the finding is about the document."""

    problem: Problem
    page: int | None = None

    def __str__(self) -> str:
        return self.problem if self.page is None else f"{self.problem} (page {self.page})"
