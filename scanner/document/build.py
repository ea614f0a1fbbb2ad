"""The document: pages in order, each with its original, then the manifest and what PDF/A asks for.

Nothing is compressed again, all dates and ids come from the manifest: the same input gives the same
bytes. Pages are taken one at a time, so a caller may read them from disk.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import BinaryIO

from pikepdf import Dictionary, Object, Pdf
from typing_extensions import Buffer

from scanner.document.archive import declare
from scanner.document.glyphless import add_font, codes_of
from scanner.document.page import PdfPage
from scanner.document.picture import add_jpeg, can_be_drawn
from scanner.document.statement import write_manifest
from scanner.document.text_layer import text_operators
from scanner.errors import ImageError, SealBroken
from scanner.image import inspect
from scanner.manifest import Manifest, ManifestPage, pdf_date
from scanner.text.page import PageText

_A4_LONG_POINTS = 841.89
_AT_ONCE = 1 << 20  # bytes handed to the file at a time


class _Kept(io.RawIOBase):
    """Keeps a file's first error for later: one raised while qpdf writes ends the whole process."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._error: OSError | None = None

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer) -> int:
        if self._error is None:
            try:
                self._out.write(data)
            except OSError as error:
                self._error = error
        return memoryview(data).nbytes

    def raise_error(self) -> None:
        """Also what only flushing brings to light."""
        if self._error is not None:
            raise self._error
        self._out.flush()


@dataclass(frozen=True)
class _Added:
    """A page in the document, what is drawn on it so far, and the text that is still to come."""

    page: Object
    drawn: bytes
    size: tuple[float, float]
    text: PageText | None


def build_pdf(pages: Iterable[PdfPage], manifest: Manifest) -> bytes:
    """The unsigned document as bytes; raises what `write_pdf` raises."""
    out = io.BytesIO()
    write_pdf(out, pages, manifest)
    return out.getvalue()


def write_pdf(out: BinaryIO, pages: Iterable[PdfPage], manifest: Manifest) -> None:
    """Write the unsigned document.

    Raises SealBroken when pages and manifest disagree, an ImageError when a page is no picture,
    OSError when the disk has no room.
    """
    with Pdf.new() as pdf:
        added = [
            _add(pdf, position, page, manifest)
            for position, page in enumerate(_agreed(pages, manifest), 1)
        ]
        _draw(pdf, added)
        write_manifest(pdf.docinfo, manifest)
        declare(pdf, manifest)
        kept = _Kept(out)
        buffered = io.BufferedWriter(kept, _AT_ONCE)
        pdf.save(buffered, deterministic_id=True, compress_streams=False, force_version="1.7")
        buffered.flush()
    kept.raise_error()


def _agreed(pages: Iterable[PdfPage], manifest: Manifest) -> Iterator[PdfPage]:
    """The pages, if the manifest speaks of exactly these in this order."""
    count = 0
    for count, (told, page) in enumerate(zip_longest(manifest.pages, pages), 1):
        if told is None or page is None or told != _told(count, page):
            raise SealBroken(f"page {count} is not the manifest's")
        yield page
    if count == 0:
        raise SealBroken("a document without pages")


def _told(position: int, page: PdfPage) -> ManifestPage:
    text = None if page.text is None else page.text.text
    return ManifestPage.of(position, page.original_jpeg, page.clean_jpeg, page.captured_at, text)


def _add(pdf: Pdf, position: int, page: PdfPage, manifest: Manifest) -> _Added:
    try:
        return _placed(pdf, page, manifest)
    except ImageError as error:
        raise type(error)(f"page {position}: {error}") from error


def _placed(pdf: Pdf, page: PdfPage, manifest: Manifest) -> _Added:
    size = _size(page)
    pdf.add_blank_page(page_size=size)
    added = pdf.pages[-1].obj
    added.Resources = Dictionary(XObject=Dictionary(Page=add_jpeg(pdf, page.clean_jpeg)))
    drawn = b"q %.2f 0 0 %.2f 0 0 cm /Page Do Q\n" % size
    if can_be_drawn(page.original_jpeg):
        added.Resources.XObject.Original = add_jpeg(pdf, page.original_jpeg)
        drawn = _UNSEEN + drawn
    else:
        added.PieceInfo = _keep(pdf, page.original_jpeg, manifest)
        added.LastModified = pdf_date(manifest.sealed_at)
    return _Added(added, drawn, size, page.text)


_UNSEEN = b"q 0 0 0 0 re W n /Original Do Q\n"
"""Clipped to nothing: readers skip it, tools that take pictures out of documents find it."""


def _size(page: PdfPage) -> tuple[float, float]:
    """In points; a page is never larger than A4."""
    info = inspect(page.clean_jpeg)
    scale = min(72 / page.dpi, _A4_LONG_POINTS / max(info.width, info.height))
    return round(info.width * scale, 2), round(info.height * scale, 2)


def _keep(pdf: Pdf, original: bytes, manifest: Manifest) -> Dictionary:
    """Bytes that PDF cannot draw, as private data of ours (ISO 32000-1, 14.5)."""
    data = Dictionary(Original=pdf.make_stream(original))
    moment = pdf_date(manifest.sealed_at)
    return Dictionary(Jiujin=Dictionary(LastModified=moment, Private=data))


def _draw(pdf: Pdf, added: list[_Added]) -> None:
    """Contents last: the text's codes are known only when all of it is."""
    texts = [page.text for page in added if page.text and page.text.lines]
    codes = codes_of(char for text in texts for line in text.lines for char in line.text)
    font = add_font(pdf, codes) if texts else None
    for page in added:
        drawn = page.drawn
        if page.text and page.text.lines:
            page.page.Resources.Font = Dictionary(Text=font)
            drawn += text_operators(page.text, codes, *page.size)
        page.page.Contents = pdf.make_stream(drawn)
