"""A party's copy of a sealed agreement: pictures of its pages, in memory and for one visit."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any

SCALE = 2.0
"""Of 72 dots an inch: the page fills a tall screen."""
QUALITY = 80
MOST_PAGES = 40
"""An agreement has twenty clauses at most."""


class UnreadableCopyError(Exception):
    """The center gave something that is no PDF."""


@dataclass(frozen=True, slots=True)
class CopyPage:
    """One page: a JPEG, and its words to be read aloud."""

    picture: bytes
    text: str


def pages_of(pdf: bytes) -> tuple[CopyPage, ...]:
    """Draw the pages. Blocks.

    Raises:
        UnreadableCopyError: this is no PDF.
    """
    # Hardly anybody comes for a copy, so a start does not wait for this.
    from pypdfium2 import PdfDocument, PdfiumError  # noqa: PLC0415

    try:
        with closing(PdfDocument(pdf)) as document:
            return tuple(_drawn(document))
    except PdfiumError as error:
        raise UnreadableCopyError(str(error)) from error


def _drawn(document: Any) -> Iterator[CopyPage]:
    for page in islice(document, MOST_PAGES):
        picture = BytesIO()
        page.render(scale=SCALE).to_pil().convert("RGB").save(picture, "JPEG", quality=QUALITY)
        yield CopyPage(picture.getvalue(), page.get_textpage().get_text_bounded())


class Copies:
    """At most one copy, of the visit that asked for it."""

    def __init__(self) -> None:
        self._visit_id: str | None = None
        self._pages: tuple[CopyPage, ...] = ()

    def keep(self, visit_id: str, pages: tuple[CopyPage, ...]) -> None:
        """In place of whatever was kept."""
        self._visit_id, self._pages = visit_id, pages

    def only(self, visit_id: str | None) -> None:
        """Forget the copy of any other visit than this."""
        if self._visit_id != visit_id:
            self._visit_id, self._pages = None, ()

    def picture(self, number: int) -> bytes | None:
        """A page by its number, from 1."""
        return self._pages[number - 1].picture if 0 < number <= len(self._pages) else None
