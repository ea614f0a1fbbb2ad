"""What the network should have said about a plate."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.training.album import Quads
from scanner.training.model import REACH, SIDE

MAP, GRID = SIDE // 2, SIDE // 8
_BORDER = 0.9  # cells: spread of the border and corner bumps on the map
_CORNER = 1.5
_CORE = 0.55  # of a page: cells inside speak for it
_LEAST = 0.005  # of the picture: what is seen of a page at least
_WHOLE = 0.3  # of the page: less of it in the picture, and it is not asked for

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Target:
    """`maps` (3, MAP, MAP) 0..1; `here` (GRID, GRID): 1 in a page's core, 0 off all pages, -1
    where nothing is asked; `offsets` (8, GRID, GRID) for the cores."""

    maps: Floats
    here: Floats
    offsets: Floats


def target(quads: Quads) -> Target:
    maps = np.zeros((3, MAP, MAP), np.float32)
    here = np.zeros((GRID, GRID), np.float32)
    offsets = np.zeros((8, GRID, GRID), np.float32)
    for quad in quads:
        if not _seen(quad):
            continue
        _draw_maps(maps, quad * (MAP / SIDE))
        _draw_cells(here, offsets, quad)
    return Target(maps, here, offsets)


def _seen(quad: Floats) -> bool:
    frame = np.array([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE]], np.float32)
    corners = np.asarray(quad, np.float32)
    shared, _ = cv2.intersectConvexConvex(corners, frame)
    return shared > max(_LEAST * SIDE * SIDE, _WHOLE * cv2.contourArea(corners))


def _draw_maps(maps: Floats, quad: Floats) -> None:
    scale = 4
    mask = np.zeros((MAP * scale, MAP * scale), np.uint8)
    cv2.fillConvexPoly(mask, np.rint(quad * scale * 16 - 8).astype(np.int32), 255, shift=4)
    small = cv2.resize(mask, (MAP, MAP), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    np.maximum(maps[0], small, out=maps[0])
    centre = np.arange(MAP, dtype=np.float32) + 0.5
    x, y = np.meshgrid(centre, centre)
    for start, end in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        away = _distance(x, y, start, end)
        np.maximum(maps[1], np.exp(-(away**2) / (2 * _BORDER**2)), out=maps[1])
        near = (x - start[0]) ** 2 + (y - start[1]) ** 2
        np.maximum(maps[2], np.exp(-near / (2 * _CORNER**2)), out=maps[2])


def _distance(x: Floats, y: Floats, start: Floats, end: Floats) -> Floats:
    """Of every cell to a side."""
    along = end - start
    part = ((x - start[0]) * along[0] + (y - start[1]) * along[1]) / max(float(along @ along), 1e-6)
    part = part.clip(0, 1)
    return np.asarray(np.hypot(x - start[0] - part * along[0], y - start[1] - part * along[1]))


def _draw_cells(here: Floats, offsets: Floats, quad: Floats) -> None:
    size = SIDE / GRID
    middle = quad.mean(0)
    centre = (np.arange(GRID, dtype=np.float32) + 0.5) * size
    whole = np.zeros((GRID, GRID), np.uint8)
    core = np.zeros((GRID, GRID), np.uint8)
    for mask, part in ((whole, 1.0), (core, _CORE)):
        shrunk = (middle + (quad - middle) * part) / size - 0.5
        cv2.fillConvexPoly(mask, np.rint(shrunk * 16).astype(np.int32), 1, shift=4)
    column, row = (middle / size).astype(int).clip(0, GRID - 1)
    core[row, column] = 1
    here[(whole > 0) & (here == 0)] = -1
    here[core > 0] = 1
    rows, columns = np.nonzero(core)
    for corner in range(4):
        offsets[2 * corner, rows, columns] = (quad[corner, 0] - centre[columns]) / SIDE / REACH
        offsets[2 * corner + 1, rows, columns] = (quad[corner, 1] - centre[rows]) / SIDE / REACH
