"""Where in a large picture a small code may be: areas of contrast all over, as print never is.

At full resolution the modules of a small code are a few pixels, so that nearly every pixel lies
beside an edge; between the strokes and lines of text lies plain paper. Codes of larger modules need
no locating: an overview shows them.
"""

import cv2
import numpy as np

from scanner.types import Grey

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are outside."""

_CONTRAST = 30  # grey levels between ink and paper, beside an edge
_CELL = 8  # pixels, a side
_DENSE = 0.6  # of a cell's pixels; text fills up to half
_JOINED = 3  # cells
_SMALLEST = 4  # cells a side
_QUIET = 24  # pixels left around it
_MOST = 4
_LARGEST = 500_000  # pixels: larger ones are photographs


def locate(grey: Grey) -> tuple[Box, ...]:
    """At most four areas, the most evenly filled first."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(_dense(grey))
    found = [stat for stat in stats[1:] if stat[2] * stat[3] * _CELL**2 < _LARGEST]
    found.sort(key=_promise, reverse=True)
    return tuple(around(_corners(stat), grey.shape) for stat in found[:_MOST])


def _dense(grey: Grey) -> Grey:
    """Mask of cells."""
    near = np.ones((3, 3), np.uint8)
    contrast = cv2.subtract(cv2.dilate(grey, near), cv2.erode(grey, near))
    _, busy = cv2.threshold(contrast, _CONTRAST, 255, cv2.THRESH_BINARY)
    cells = (max(1, grey.shape[1] // _CELL), max(1, grey.shape[0] // _CELL))
    density = cv2.resize(busy, cells, interpolation=cv2.INTER_AREA)
    mask = (density > 255 * _DENSE).astype(np.uint8)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((_JOINED, _JOINED), np.uint8))
    opened = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((_SMALLEST, _SMALLEST), np.uint8))
    return np.asarray(opened, np.uint8)


def _promise(stat: np.ndarray) -> float:
    """How much of its box an area fills, as codes are boxes; among equals the larger."""
    _, _, width, height, area = stat
    return float(area / (width * height)) + 0.3 * float(np.log10(area))


def _corners(stat: np.ndarray) -> np.ndarray:
    left, top, width, height = (_CELL * int(value) for value in stat[:4])
    return np.array([[left, top], [left + width, top + height]])


def around(points: np.ndarray, shape: tuple[int, ...]) -> Box:
    """Box around the points (n, 2) with the quiet zone that readers need, within the picture."""
    left, top = np.maximum(points.min(0) - _QUIET, 0)
    right, bottom = np.minimum(points.max(0) + _QUIET, shape[1::-1])
    return int(left), int(top), int(right), int(bottom)
