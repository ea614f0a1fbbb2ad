"""One captured picture to everything that is made of a page. CPU-bound and pure: run it in a
process pool; arguments and result pickle."""

import hashlib
from dataclasses import dataclass

import cv2

from scanner.codes import Code, read_codes
from scanner.detect import find_page
from scanner.enhance import clean
from scanner.geometry import scaled_to, unit_square
from scanner.image import decode, encode_jpeg, inspect
from scanner.quality import Quality, judge
from scanner.rectify import rectify
from scanner.types import Image

THUMB_SIDE = 360
_ORIGINAL_QUALITY = 95


@dataclass(frozen=True)
class PageScan:
    """`original` is untouched and `sha256` (hex) is of it; the rest is derived.

    `quad`: corners in the original's pixels, clockwise from the page's top left; None when no page
    stood out, then the whole picture was taken.
    """

    sha256: str
    original: bytes
    width: int
    height: int
    quad: tuple[tuple[float, float], ...] | None
    clean_jpeg: bytes
    thumb_jpeg: bytes
    quality: Quality
    codes: tuple[Code, ...]


def scan(original: bytes, dpi: int = 200) -> PageScan:
    """Find, flatten, clean, judge, read. Raises an ImageError."""
    sha256 = hashlib.sha256(original).hexdigest()
    info = inspect(original)
    image = decode(original)
    found = find_page(image)
    whole = unit_square(info.width, info.height)
    flat = rectify(image, whole if found is None else found.quad, dpi)
    cleaned = clean(flat)
    return PageScan(
        sha256=sha256,
        original=original,
        width=info.width,
        height=info.height,
        quad=None if found is None else tuple((float(x), float(y)) for x, y in found.quad),
        clean_jpeg=encode_jpeg(cleaned),
        thumb_jpeg=encode_jpeg(scaled_to(cleaned, THUMB_SIDE)[0], 80),
        quality=judge(image, None if found is None else found.quad),
        codes=read_codes(flat),
    )


def original_of(jpeg: bytes | None, image: Image) -> bytes:
    """The bytes to keep as evidence: the camera's own JPEG, else the pixels encoded once."""
    return jpeg if jpeg is not None else encode_jpeg(image, _ORIGINAL_QUALITY)


def one_thread_each() -> None:
    """Initializer for a process pool: the processes share the cores, so OpenCV takes one each."""
    cv2.setNumThreads(1)
