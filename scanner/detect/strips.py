"""The surroundings of a quadrilateral's sides, each cut out and laid flat.

A strip follows one side: from left to right along it, outside on top. The network that reads
strips learnt from strips cut by this very code.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.detect.pyramid import Pyramid
from scanner.geometry import FOLLOWING, PRECEDING, area
from scanner.types import Image, Quad

ALONG, ACROSS = 64, 24
COLUMNS = ALONG // 8  # parts of a strip in which the side is read
_BEYOND = 0.05  # of a side, at either end: the corners are seen, between which a page may bulge
_SHARP = 1.4  # a level of the pyramid serves from 0.7 to 1.4 of its pixels to a row

Floats = NDArray[np.float32]


def side_size(quad: Quad) -> float:
    """What strips are measured by: the square root of the enclosed area, pixels."""
    return float(np.sqrt(max(abs(area(quad)), 1.0)))


def cut(pyramid: Pyramid, quad: Quad, half: float) -> Image:
    """(4, ACROSS, ALONG, 3): the sides of a clockwise quad, `half` pixels to either side."""
    level = pyramid.level(_SHARP * 2 * half / ACROSS)
    at = (places(quad, half) + 0.5) / 2**level - 0.5
    flat = at.reshape(4 * ACROSS, ALONG, 2).astype(np.float32)
    x, y = np.ascontiguousarray(flat[..., 0]), np.ascontiguousarray(flat[..., 1])
    seen = cv2.remap(pyramid.levels[level], x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen.reshape(4, ACROSS, ALONG, 3), np.uint8)


def places(quad: Quad, half: float, along: int = ALONG) -> Floats:
    """(4, ACROSS, along, 2): where in the picture each pixel of the strips lies."""
    base, normal = _base(quad, along)
    outwards = (ACROSS / 2 - 0.5 - np.arange(ACROSS)) * (2 * half / ACROSS)
    points = base[:, None] + normal[:, None, None] * outwards[None, :, None, None]
    return np.asarray(points, np.float32)


def rows_of(quad: Quad, half: float, truth: Quad, along: int) -> Floats:
    """(4, along): in which row of the strip the true side passes, pixels; NaN where parallel."""
    base, normal = _base(quad, along)
    start, end = truth[:, None], truth[FOLLOWING, None]
    run = end - start
    across = run[..., 0] * normal[:, None, 1] - run[..., 1] * normal[:, None, 0]
    gap = start - base
    with np.errstate(all="ignore"):
        away = (run[..., 0] * gap[..., 1] - run[..., 1] * gap[..., 0]) / across
    return np.asarray(ACROSS / 2 - 0.5 - away * ACROSS / (2 * half), np.float32)


def moved(quad: Quad, half: float, rows: Floats) -> Quad:
    """The quad whose sides pass through `rows` (4, 2) at both ends of their strips."""
    base, normal = _base(quad, 2)
    away = (ACROSS / 2 - 0.5 - rows) * (2 * half / ACROSS)
    ends = np.asarray(base + normal[:, None] * away[..., None], np.float64)
    homogeneous = np.concatenate([ends, np.ones((4, 2, 1))], axis=2)
    lines = np.cross(homogeneous[:, 0], homogeneous[:, 1])
    corners = np.cross(lines[PRECEDING], lines)
    with np.errstate(all="ignore"):
        return np.asarray(corners[:, :2] / corners[:, 2:], np.float32)


def _base(quad: Quad, along: int) -> tuple[Floats, Floats]:
    """(4, along, 2) points on the sides and (4, 2) unit normals pointing outwards."""
    starts, ends = quad, quad[FOLLOWING]
    run = ends - starts
    length = np.maximum(np.linalg.norm(run, axis=1, keepdims=True), 1e-6)
    normal = np.stack([run[:, 1], -run[:, 0]], axis=1) / length
    part = np.linspace(-_BEYOND, 1 + _BEYOND, along)[None, :, None]
    points = starts[:, None] * (1 - part) + ends[:, None] * part
    return np.asarray(points, np.float32), np.asarray(normal, np.float32)
