"""One captured picture to everything that is made of a page. CPU-bound and pure: run it in a
process pool; arguments and result pickle."""

import hashlib
from dataclasses import dataclass

import numpy as np

from scanner.codes import Code, read_codes
from scanner.curl import Curl, without_curl
from scanner.detect import find_page
from scanner.detect.mat import Mat
from scanner.enhance import clean
from scanner.geometry import scaled_to, unit_square
from scanner.image import decode, encode_jpeg, encode_webp, inspect
from scanner.quality import Quality, judge_page
from scanner.rectify import SizeClass, rectify
from scanner.upright import turn_of, turned

THUMB_SIDE = 360
PREVIEW_SIDE = 1600
"""Longer side of what a screen shows whole, pixels."""


@dataclass(frozen=True)
class PageScan:
    """`original` is untouched and `sha256` (hex) is of it; the rest is derived.

    `quad`: corners in the original's pixels, clockwise from the top left of the upright page; None
    when no page stood out, then the whole picture was taken. `turned`: clockwise quarter turns that
    put the page upright. `dpi`: of `clean_jpeg`, None when the page's true size is unknown.
    """

    sha256: str
    original: bytes
    width: int
    height: int
    quad: tuple[tuple[float, float], ...] | None
    clean_jpeg: bytes
    preview_webp: bytes
    thumb_jpeg: bytes
    quality: Quality
    codes: tuple[Code, ...]
    turned: int
    size: SizeClass
    dpi: int | None
    curl: Curl


def scan(original: bytes, dpi: int = 200, *, mat: Mat | None = None) -> PageScan:
    """Find, flatten, clean, turn upright, judge, read codes. Raises an ImageError. Text is read
    apart, in the background: scanner.text reads `clean_jpeg`, decoded. `mat`: as in `find_page`."""
    sha256 = hashlib.sha256(original).hexdigest()
    info = inspect(original)
    image = decode(original)
    found = find_page(image, mat=mat)
    quad = unit_square(info.width, info.height) if found is None else found.quad
    flat = rectify(image, quad, dpi)
    cleaned = clean(flat)
    quarters = turn_of(cleaned).quarters
    quad = np.roll(quad, quarters, axis=0)
    upright, curl = without_curl(turned(cleaned, quarters))
    size = SizeClass.of(upright)
    return PageScan(
        sha256=sha256,
        original=original,
        width=info.width,
        height=info.height,
        quad=None if found is None else tuple((float(x), float(y)) for x, y in quad),
        clean_jpeg=encode_jpeg(upright),
        preview_webp=encode_webp(scaled_to(upright, PREVIEW_SIDE)[0]),
        thumb_jpeg=encode_jpeg(scaled_to(upright, THUMB_SIDE)[0], 80),
        quality=judge_page(image, None if found is None else quad, upright),
        codes=read_codes(turned(flat, quarters)),
        turned=quarters,
        size=size,
        dpi=size.dpi(upright),
        curl=curl,
    )
