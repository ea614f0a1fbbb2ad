"""Can the smallest text of a flat page be read? Its height in pixels, and how blurred it is.

Blur is told by what a second, known blur still takes away (the idea of Crete et al., "The blur
effect", 2007): lines are brought to one letter height, softened a little against grain, and the
energy of their gradient is compared before and after. What is soft already loses little.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.textlines import joined_lines, small_ink
from scanner.types import Grey, Image

_LINES = 24
_HEIGHT = 32  # pixels of the letters when blur is measured
_CALM, _SECOND = 1.2, 2.5  # sigmas of the two blurs
_SMALLEST = 20  # percentile of the line heights that counts as the smallest text


@dataclass(frozen=True)
class Legibility:
    """`height`: pixels of the smallest text's letters, 0 without text. `blur`: 0 to 1, the part of
    the strokes' gradient energy that a second blur leaves; sharp print has about .15."""

    height: float
    blur: float


def legibility_of(page: Image) -> Legibility:
    """`page`: flat, evenly lit and upright, at the resolution it will be kept in."""
    ink, scale = small_ink(page)
    boxes = joined_lines(ink)[2]
    if not len(boxes):
        return Legibility(0.0, 0.0)
    chosen = boxes[np.linspace(0, len(boxes) - 1, min(_LINES, len(boxes))).astype(int)]
    lines = [_line(page, box / scale) for box in chosen]
    measured = [(line, height) for line in lines if (height := _letter_height(line)) > 0]
    if not measured:
        return Legibility(0.0, 0.0)
    height = float(np.percentile([height for _, height in measured], _SMALLEST))
    return Legibility(height, float(np.median([_blur(*one) for one in measured])))


def _line(page: Image, box: NDArray[np.floating]) -> Grey:
    left, top, width, height = box
    slack = 0.25 * height
    rows = slice(max(0, round(top - slack)), round(top + height + slack) + 1)
    columns = slice(max(0, round(left)), round(left + min(width, 20 * height)) + 1)
    return np.asarray(cv2.cvtColor(page[rows, columns], cv2.COLOR_BGR2GRAY), np.uint8)


def _letter_height(line: Grey) -> float:
    """Rows that hold more than a trace of ink."""
    ink = np.maximum(float(np.percentile(line, 90)) - line.astype(np.float32), 0).mean(1)
    return float((ink > 0.12 * ink.max()).sum()) if ink.max() > 4 else 0.0


def _blur(line: Grey, height: float) -> float:
    scale = _HEIGHT / height
    flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    same = cv2.resize(line, None, fx=scale, fy=scale, interpolation=flags).astype(np.float32)
    calm = cv2.GaussianBlur(same, (0, 0), _CALM)
    again = cv2.GaussianBlur(calm, (0, 0), _SECOND)
    return _energy(again) / max(_energy(calm), 1e-6)


def _energy(grey: cv2.typing.MatLike) -> float:
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    return float((across**2 + down**2).sum())
