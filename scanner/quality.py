"""Would a lawyer have to ask for this page again? Measured on the page at one fixed size."""

from dataclasses import dataclass, replace
from enum import StrEnum

import cv2
import numpy as np

from scanner.geometry import homography, unit_square
from scanner.legibility import Legibility, legibility_of
from scanner.types import Image, Quad

_SIDE = 720
_EDGE = 0.006  # of the longer side: a corner nearer to the picture's edge counts as cut off
_SHARP = 55.0
_DARK = 58.0
_GLARE = 0.012

READABLE_BLUR, READABLE_HEIGHT = 0.44, 10.5
"""From reading 50 made pages in five sizes and five blurs (docs/scanner.md): up to a blur of .41
and from 11 pixels on about 2 % of the letters are read wrong, 6 % where both are at their limit; at
a blur of .47, or at 9 pixels, 10 % and more."""


class Reason(StrEnum):
    """Why a page is not good enough."""

    DARK = "dark"
    GLARE = "glare"
    BLURRED = "blurred"
    CUT_OFF = "cut_off"
    SMALL_TEXT = "small_text"


@dataclass(frozen=True)
class Quality:
    """`sharpness`: 95th percentile of the gradient at strokes (0-1000). `brightness`: median of
    the page, 0-255. `glare`: burnt-out part of the page, 0-1. `legibility`: of the flattened page,
    None where only a preview was judged."""

    sharpness: float
    brightness: float
    glare: float
    cut_off: bool
    reasons: tuple[Reason, ...]
    legibility: Legibility | None = None

    @property
    def good(self) -> bool:
        return not self.reasons


def judge(image: Image, quad: Quad | None) -> Quality:
    """Judge the page inside `quad`, or the whole picture. The image may be a preview."""
    grey = np.asarray(cv2.cvtColor(_page(image, quad), cv2.COLOR_BGR2GRAY), np.uint8)
    sharpness, brightness = _sharpness(grey), float(np.median(grey))
    glare = _glare(grey)
    cut_off = quad is not None and _touches_edge(quad, image.shape[1], image.shape[0])
    found = {
        Reason.DARK: brightness < _DARK,
        Reason.GLARE: glare > _GLARE,
        Reason.BLURRED: sharpness < _SHARP,
        Reason.CUT_OFF: cut_off,
    }
    reasons = tuple(reason for reason, is_so in found.items() if is_so)
    return Quality(sharpness, brightness, glare, cut_off, reasons)


def judge_page(image: Image, quad: Quad | None, page: Image) -> Quality:
    """The same for a still, and can the smallest text of the flattened, clean, upright `page` be
    read? What the text itself says about blur counts more than the look of the whole."""
    seen, legibility = judge(image, quad), legibility_of(page)
    if not legibility.height:
        return replace(seen, legibility=legibility)
    found: list[Reason] = [reason for reason in seen.reasons if reason is not Reason.BLURRED]
    if legibility.blur > READABLE_BLUR:
        found.append(Reason.BLURRED)
    if legibility.height < READABLE_HEIGHT:
        found.append(Reason.SMALL_TEXT)
    return replace(seen, reasons=tuple(found), legibility=legibility)


def _page(image: Image, quad: Quad | None) -> Image:
    corners = unit_square(image.shape[1], image.shape[0]) if quad is None else quad
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    width, height = max(sides[0], sides[2], 1), max(sides[1], sides[3], 1)
    shrink = min(1.0, _SIDE / max(width, height))
    size = (max(8, round(width * shrink)), max(8, round(height * shrink)))
    onto = homography(corners, unit_square(*size))
    return np.asarray(cv2.warpPerspective(image, onto, size, flags=cv2.INTER_AREA), np.uint8)


def _sharpness(grey: Image) -> float:
    """How steep the steepest strokes are, relative to the page's own contrast."""
    inner = grey[
        grey.shape[0] // 20 : -grey.shape[0] // 20, grey.shape[1] // 20 : -grey.shape[1] // 20
    ]
    contrast = max(float(np.percentile(inner, 95) - np.percentile(inner, 1)), 40.0)
    laplacian = np.abs(cv2.Laplacian(inner, cv2.CV_32F))
    return float(np.percentile(laplacian, 99)) / contrast * 100


def _glare(grey: Image) -> float:
    """Burnt-out blobs much brighter than the page around them; plain white paper is no glare."""
    if float(np.median(grey)) > 235:
        return 0.0
    burnt = cv2.morphologyEx((grey >= 252).astype(np.uint8), cv2.MORPH_OPEN, np.ones((9, 9)))
    return float(burnt.mean())


def _touches_edge(quad: Quad, width: int, height: int) -> bool:
    margin = _EDGE * max(width, height)
    low, high = quad.min(0), quad.max(0)
    return bool(
        (low < margin).any() or high[0] > width - 1 - margin or high[1] > height - 1 - margin
    )
