"""Other looks at a small picture in which no code could be read, from the cheapest on."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.types import Grey

MOST_PIXELS = 1_300_000
"""Of a look; a code that needs looks is small or far, and larger ones would take too long."""

Back = NDArray[np.float64]
"""(2, 3): maps pixels of the look onto pixels of the picture it was made from."""


@dataclass(frozen=True, eq=False)
class Look:
    """A retouched picture. `whole_histogram`: it should be cut into black and white by one
    threshold, not by local ones."""

    grey: Grey
    back: Back
    whole_histogram: bool = False


def enlarged(grey: Grey, factor: float) -> Look:
    back = np.array([[1 / factor, 0, 0], [0, 1 / factor, 0]])
    return Look(_larger(grey, factor), back)


def looks(grey: Grey) -> Iterator[Look]:
    """Made only when asked for, and only those that stay small.

    Each cures something: low resolution, uneven light, blur, print that bled, noise along the
    bars, a tilt beyond what the readers' scan lines bear.
    """
    yield Look(grey, np.eye(2, 3), whole_histogram=True)
    if grey.size * 4 <= MOST_PIXELS:
        double = enlarged(grey, 2)
        yield Look(double.grey, double.back, whole_histogram=True)
        yield Look(_evened(double.grey), double.back)
        yield Look(_larger(_sharpened(grey), 2), double.back)
    yield from (_turned(grey, angle) for angle in (15, -15))
    if grey.size * 9 <= MOST_PIXELS:
        yield enlarged(grey, 3)
        yield from (_along(grey, size) for size in ((1, 31), (31, 1)))


def _larger(grey: Grey, factor: float) -> Grey:
    larger = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    return np.asarray(larger, np.uint8)


def _evened(grey: Grey) -> Grey:
    return np.asarray(cv2.createCLAHE(4, (8, 8)).apply(grey), np.uint8)


def _sharpened(grey: Grey, spread: float = 1.5) -> Grey:
    blurred = cv2.GaussianBlur(grey, (0, 0), spread)
    return np.asarray(cv2.addWeighted(grey, 2.5, blurred, -1.5, 0), np.uint8)


def _along(grey: Grey, size: tuple[int, int]) -> Look:
    """Averaged along upright or level bars, after making them three times as large and sharper."""
    triple = enlarged(grey, 3)
    averaged = cv2.blur(_sharpened(triple.grey, 3), size)
    return Look(np.asarray(averaged, np.uint8), triple.back)


def _turned(grey: Grey, degrees: float) -> Look:
    height, width = grey.shape
    onto = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1), np.float64)
    cos, sin = abs(onto[0, 0]), abs(onto[0, 1])
    size = (round(width * cos + height * sin), round(width * sin + height * cos))
    onto[:, 2] += (np.array(size) - np.array([width, height])) / 2
    turned = cv2.warpAffine(grey, onto, size, flags=cv2.INTER_CUBIC, borderValue=255)
    return Look(
        np.asarray(turned, np.uint8), np.asarray(cv2.invertAffineTransform(onto), np.float64)
    )
