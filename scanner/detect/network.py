"""Asks the network what it sees in a picture, or in a part of it looked at from nearer.

The weights are our own (`scanner/training`), run by OpenCV: three maps of the part looked at, each
0 to 1 (page, border of a page, corner of a page), and for every cell how sure it is that a page is
there and where that page's corners lie.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.detect.pyramid import Pyramid
from scanner.detect.weights import Weights
from scanner.types import Grey, Quad

SIDE = 128
"""Pixels: what is looked at is squeezed to a square of this side."""
FINE = 256
"""The same for a look at small pages: larger ones it does not know."""
_CELL = 8  # pixels
_REACH = 0.5 * SIDE  # pixels that an offset of 1 means
_NETS = {SIDE: Weights("finder.onnx"), FINE: Weights("finder.onnx")}

Floats = NDArray[np.float32]
Box = tuple[int, int, int, int]
"""Left, top, right, bottom in whole pixels."""


@dataclass(frozen=True, eq=False)
class Look:
    """Of a square of n pixels: `page`, `border`, `corner` (n/2, n/2), 0-255; `sure` (n/8, n/8) and
    `corners` (n/8, n/8, 4, 2), the corners in the pixels of the picture."""

    box: Box
    page: Grey
    border: Grey
    corner: Grey
    sure: Floats
    corners: Floats

    def on_maps(self, points: Floats) -> Floats:
        """Pixels of the picture to pixels of the maps."""
        zoom, start = _zoom(self.box, 2 * len(self.page))
        return np.asarray(((points + 0.5 - start) * zoom - 1.5) / 2, np.float32)

    def from_maps(self, points: Floats) -> Floats:
        zoom, start = _zoom(self.box, 2 * len(self.page))
        return np.asarray((points * 2 + 1.5) / zoom + start - 0.5, np.float32)


def look(pyramid: Pyramid, box: Box | None = None, side: int = SIDE) -> Look:
    """At all of a BGR picture, or at a box inside it, at most a few pixels widened; `side`: SIDE
    or FINE."""
    level, (left, top, right, bottom) = _cut(pyramid, box, side)
    unit = 1 << level
    part = pyramid.levels[level][top // unit : bottom // unit, left // unit : right // unit]
    seen = cv2.resize(part, (side, side), interpolation=cv2.INTER_AREA)
    maps, cells = _NETS[side].run(cv2.dnn.blobFromImage(seen, 1 / 255), ["maps", "quads"])
    page, border, corner = (maps[0] * 255 + 0.5).astype(np.uint8)
    here = (left, top, right, bottom)
    return Look(here, page, border, corner, cells[0, 0], _placed(cells[0, 1:], here))


def _cut(pyramid: Pyramid, box: Box | None, side: int) -> tuple[int, Box]:
    """A level no coarser than the network looks, and the box in whole pixels of it."""
    height, width = pyramid.shape
    left, top, right, bottom = box or (0, 0, width, height)
    level = pyramid.level(min(right - left, bottom - top) / side)
    unit = 1 << level
    left, top = left // unit * unit, top // unit * unit
    return level, (left, top, -(-right // unit) * unit, -(-bottom // unit) * unit)


def around(quad: Quad, shape: tuple[int, int], margin: float = 0.18) -> Box | None:
    """The box for a nearer look at a page in a picture of `shape` (height, width); None where too
    little of it is in the picture."""
    low, high = quad.min(0), quad.max(0)
    low, high = low - margin * (high - low), high + margin * (high - low)
    left, top = np.maximum(np.floor(low), 0).astype(int)
    right, bottom = np.minimum(np.ceil(high), shape[::-1]).astype(int)
    near = right - left >= 16 and bottom - top >= 16
    return (int(left), int(top), int(right), int(bottom)) if near else None


def _placed(offsets: Floats, box: Box) -> Floats:
    cells = offsets.shape[1]
    middle = (np.arange(cells, dtype=np.float32) + 0.5) * _CELL
    centre = np.stack(np.meshgrid(middle, middle), -1)[:, :, None]
    pixels = offsets.transpose(1, 2, 0).reshape(cells, cells, 4, 2) * _REACH + centre
    zoom, start = _zoom(box, cells * _CELL)
    return np.asarray((pixels + 0.5) / zoom + start - 0.5, np.float32)


def _zoom(box: Box, side: int) -> tuple[Floats, Floats]:
    """Pixels of the network's square for one of the picture, across and down; and the box's
    beginning."""
    left, top, right, bottom = box
    zoom = np.array([side / (right - left), side / (bottom - top)], np.float32)
    return zoom, np.array([left, top], np.float32)
