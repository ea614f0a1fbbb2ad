"""Flatten a page: its true proportions out of the perspective, then one resampling.

Proportions: Zhang and He, "Whiteboard scanning and image enhancement" (2007), section 3.
"""

from enum import StrEnum

import cv2
import numpy as np

from scanner.geometry import homography, unit_square
from scanner.types import Image, Quad

_A_SERIES = 2**0.5
_ID_1 = 85.60 / 53.98  # ISO/IEC 7810
_SNAP = ((_A_SERIES, 0.035), (_ID_1, 0.03))
_STRIP = 2.05
"""Long over short from which paper came off a roll."""

_LONGEST_INCHES = 297 / 25.4
_MINIMUM_SIDE = 16


class SizeClass(StrEnum):
    """What a page's proportions say it is."""

    A_SERIES = "a_series"
    CARD = "card"  # ID-1: identity, bank and social security cards
    RECEIPT = "receipt"
    OTHER = "other"

    @classmethod
    def of(cls, image: Image) -> "SizeClass":
        """Of a flat page, either way up."""
        proportion = max(image.shape[:2]) / min(image.shape[:2])
        for standard, found in ((_A_SERIES, cls.A_SERIES), (_ID_1, cls.CARD)):
            if abs(proportion / standard - 1) < 0.01:
                return found
        return cls.RECEIPT if proportion > _STRIP else cls.OTHER

    def dpi(self, image: Image) -> int | None:
        """Pixels an inch of a flat page, when the class has a size: A4 is taken for the A series.
        None for the others."""
        inches = {SizeClass.A_SERIES: _LONGEST_INCHES, SizeClass.CARD: 85.60 / 25.4}.get(self)
        return None if inches is None else round(max(image.shape[:2]) / inches)


def rectify(image: Image, quad: Quad, dpi: int = 200) -> Image:
    """The flat page, upright as its corners say. Never larger than the pixels there are, nor than
    an A4 sheet at `dpi`."""
    ratio = snapped(aspect_ratio(quad, image.shape[1], image.shape[0]))
    width, height = _size(quad, ratio, _LONGEST_INCHES * dpi)
    onto = homography(quad, unit_square(width, height))
    flat = cv2.warpPerspective(
        image, onto, (width, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(flat, np.uint8)


def snapped(ratio: float) -> float:
    """Width over height, replaced by the nearest standard paper's when it nearly is one."""
    tall = ratio < 1
    long_over_short = 1 / ratio if tall else ratio
    for standard, tolerance in _SNAP:
        if abs(long_over_short / standard - 1) < tolerance:
            return 1 / standard if tall else standard
    return ratio


def aspect_ratio(quad: Quad, width: int, height: int) -> float:
    """True width over height of a rectangle seen in perspective by a camera whose optical axis
    meets the picture's middle. Falls back to edge lengths when the view is nearly frontal, where
    the focal length cannot be told."""
    seen = _edge_ratio(quad)
    centred = np.asarray(quad, np.float64) - np.array([width / 2, height / 2])
    m1, m2, m4, m3 = (np.array([x, y, 1.0]) for x, y in centred)
    k2 = np.dot(np.cross(m1, m4), m3) / np.dot(np.cross(m2, m4), m3)
    k3 = np.dot(np.cross(m1, m4), m2) / np.dot(np.cross(m3, m4), m2)
    n2, n3 = k2 * m2 - m1, k3 * m3 - m1
    diagonal = float(np.hypot(width, height))
    if min(abs(n2[2]), abs(n3[2])) < 0.02:
        return seen
    focal_squared = -(n2[0] * n3[0] + n2[1] * n3[1]) / (n2[2] * n3[2])
    if not (0.3 * diagonal) ** 2 < focal_squared < (5 * diagonal) ** 2:
        return seen
    lens = np.array([1 / focal_squared, 1 / focal_squared, 1.0])
    ratio = float(np.sqrt((n2 * n2 @ lens) / (n3 * n3 @ lens)))
    return ratio if 0.7 < ratio / seen < 1.4 else seen


def _edge_lengths(quad: Quad) -> tuple[float, float, float, float]:
    top, right, bottom, left = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    return float(top), float(right), float(bottom), float(left)


def _edge_ratio(quad: Quad) -> float:
    top, right, bottom, left = _edge_lengths(quad)
    return (top + bottom) / max(left + right, 1e-6)


def _size(quad: Quad, ratio: float, longest: float) -> tuple[int, int]:
    top, right, bottom, left = _edge_lengths(quad)
    width = max(top, bottom, max(left, right) * ratio)
    height = width / ratio
    shrink = min(1.0, longest / max(width, height))
    return (
        max(_MINIMUM_SIDE, round(width * shrink)),
        max(_MINIMUM_SIDE, round(height * shrink)),
    )
