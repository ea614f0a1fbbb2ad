"""What a sealed PDF really holds: what each page shows, what lies behind it, what it says.

Only pages as `scanner.document` writes them count: one picture that fills the page, an original
clipped away or kept as private data, invisible text. Anything else on a page could hide or add.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from scanner.document.glyphless import read_to_unicode
from scanner.document.statement import read_manifest
from scanner.image import inspect
from scanner.manifest import Manifest

_MOST_PAGES = 2000
_MOST_OPERATORS = 20_000_000
"""Bytes of one page's content."""

_BENDING = ("/CropBox", "/Rotate", "/UserUnit", "/Group")
_PICTURE_KEYS = frozenset(
    {"/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Filter"}
    | {"/Length"}
)
_COLOURS = (Name.DeviceRGB, Name.DeviceGray)
_CONTENT = re.compile(
    rb"(?:q 0 0 0 0 re W n /Original Do Q\n)?"
    rb"q (N) 0 0 (N) 0 0 cm /Page Do Q\n"
    rb"((?:BT 3 Tr /Text 1 Tf\n(?:(?:N ){6}Tm <(?:[0-9A-F]{4})+> Tj\n)+ET\n)*)".replace(
        b"N", rb"-?[0-9]+\.[0-9]+"
    )
)
_LINE = re.compile(rb"BT.*?ET", re.DOTALL)
_SHOWN = re.compile(rb"<([0-9A-F]+)>")

Alphabet = Callable[[tuple[int, int]], dict[int, str]]
"""Characters by code, of the font with this object number."""


@dataclass(frozen=True)
class PageContents:
    """SHA-256 (hex) of the picture shown and of the original, empty when they are not plainly as we
    write them; the page's text, empty without any."""

    shown: str
    original: str
    text: str


@dataclass(frozen=True)
class Contents:
    """The manifest, if it can be read, and the pages in their order."""

    manifest: Manifest | None
    pages: tuple[PageContents, ...]


def read_contents(file: BinaryIO) -> Contents | None:
    """None when this is no PDF that can be read."""
    try:
        with Pdf.open(file) as pdf:
            return _read(pdf)
    except Exception:  # noqa: BLE001  # hostile input makes parsers raise anything; every way means unreadable
        return None


def read_originals(document: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each page's original, in order, of a document found intact."""
    with Pdf.open(document) as pdf:
        for position, page in enumerate(pdf.pages, 1):
            data = _original(page.obj) or b""
            yield f"original-{position:03}.{inspect(data).format.lower()}", data


def _read(pdf: Pdf) -> Contents:
    if len(pdf.pages) > _MOST_PAGES:
        raise ValueError("too many pages")

    @cache
    def alphabet(font: tuple[int, int]) -> dict[int, str]:
        return read_to_unicode(pdf.get_object(font))

    pages = tuple(_page(page.obj, alphabet) for page in pdf.pages)
    return Contents(read_manifest(pdf.trailer.get("/Info", Dictionary())), pages)


def _page(page: Object, alphabet: Alphabet) -> PageContents:
    original = _original(page)
    written = _CONTENT.fullmatch(_operators(page))
    if written is None or _bent(page, (float(written[1]), float(written[2]))):
        return PageContents("", _hash(original), "")
    return PageContents(
        shown=_hash(_jpeg(_pictures(page).get("/Page"))),
        original=_hash(original),
        text="\n".join(_lines(page, written[3], alphabet)),
    )


def _operators(page: Object) -> bytes:
    """Stored as they are: a filter could blow up or hide bytes."""
    content = page.get("/Contents")
    if not isinstance(content, Stream) or "/Filter" in content:
        return b""
    if int(content.get("/Length", 0)) > _MOST_OPERATORS:
        return b""
    return content.read_raw_bytes()


def _bent(page: Object, size: tuple[float, float]) -> bool:
    """Whether the picture is not all that is seen: cut, turned, covered."""
    box = [float(edge) for edge in page.MediaBox]
    covered = any(float(edge) for note in page.get("/Annots", Array()) for edge in _rect(note))
    return box != [0, 0, *size] or covered or any(key in page for key in _BENDING)


def _rect(note: Object) -> Object:
    """The seal's own field has no area."""
    return note.get("/Rect", Array())


def _original(page: Object) -> bytes | None:
    """A picture that is clipped away, or private data; not both."""
    drawn = _pictures(page).get("/Original")
    kept = page.get("/PieceInfo")
    if kept is None:
        return _jpeg(drawn)
    if drawn is not None:
        return None
    stream = kept.Jiujin.Private.Original
    plain = isinstance(stream, Stream) and "/Filter" not in stream
    return stream.read_raw_bytes() if plain else None


def _pictures(page: Object) -> Object:
    return page.get("/Resources", Dictionary()).get("/XObject", Dictionary())


def _jpeg(picture: Object | None) -> bytes | None:
    """A JPEG that no other key bends, masks or recolours."""
    if not isinstance(picture, Stream) or not set(picture.keys()) <= _PICTURE_KEYS:
        return None
    whole = picture.get("/Filter") == Name.DCTDecode and picture.get("/ColorSpace") in _COLOURS
    return picture.read_raw_bytes() if whole else None


def _lines(page: Object, operators: bytes, alphabet: Alphabet) -> list[str]:
    lines = _LINE.findall(operators)
    if not lines:
        return []
    characters = alphabet(page.Resources.Font.Text.objgen)
    return ["".join(_decode(shown, characters) for shown in _SHOWN.findall(line)) for line in lines]


def _decode(shown: bytes, characters: dict[int, str]) -> str:
    codes = bytes.fromhex(shown.decode())
    pairs = zip(codes[::2], codes[1::2], strict=True)
    return "".join(characters[high << 8 | low] for high, low in pairs)


def _hash(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()
