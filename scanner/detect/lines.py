"""Candidates from straight edges: two lines one way, two the other, and the quad they enclose.

Pieces of one edge, cut by a pen or a finger, are first gathered into one line; every line is then
known by all the pieces that lie on it, so a page with a hidden corner still has four lines.
"""

from itertools import combinations
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.detect.score import Scene
from scanner.types import Grey, Quad

_LINES_KEPT = 22
_SAME_ANGLE = np.deg2rad(3.0)
_SAME_OFFSET = 4.0  # pixels
_SHORTEST = 0.05  # of the longer side of the picture

Floats = NDArray[np.float64]


def line_quads(scene: Scene) -> Quad:
    """(n, 4, 2) plausible quads in preview pixels."""
    lines = _lines(scene)
    if len(lines) < 4:
        return np.empty((0, 4, 2), np.float32)
    height, width = scene.smooth.shape
    flat = np.abs(lines[:, 1]) > np.abs(lines[:, 0])
    across, upright = lines[flat], lines[~flat]
    return _enclosed(across, upright, width, height)


def _lines(scene: Scene) -> Floats:
    """The strongest lines as (a, b, c): ax + by + c = 0 with a unit normal."""
    pieces = np.concatenate([_segments(plane) for plane in (scene.smooth, *scene.colour_planes)])
    if not len(pieces):
        return np.empty((0, 3))
    lengths = np.hypot(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1])
    order = np.argsort(-lengths)[:160]
    return _gathered(pieces[order], lengths[order])


def _segments(plane: Grey) -> Floats:
    seen: Any = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(plane)[0]
    if seen is None:
        return np.empty((0, 4))
    pieces = np.asarray(seen, np.float64).reshape(-1, 4)
    lengths = np.hypot(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1])
    return np.asarray(pieces[lengths > _SHORTEST * max(plane.shape)], np.float64)


def _gathered(pieces: Floats, lengths: Floats) -> Floats:
    """Greedy: the longest piece takes in all that lie on its line; their lengths are its rank."""
    starts, ends = pieces[:, :2], pieces[:, 2:]
    along = (ends - starts) / lengths[:, None]
    normals = np.column_stack([-along[:, 1], along[:, 0]])
    offsets = -(normals * (starts + ends) / 2).sum(1)
    free = np.ones(len(pieces), bool)
    lines: list[tuple[float, Floats]] = []
    for index in range(len(pieces)):
        if not free[index]:
            continue
        normal, offset = normals[index], offsets[index]
        near = np.maximum(np.abs(starts @ normal + offset), np.abs(ends @ normal + offset))
        turned = np.abs(along @ normal) < np.sin(_SAME_ANGLE)
        same = free & (near < _SAME_OFFSET) & turned
        free &= ~same
        lines.append((float(lengths[same].sum()), np.append(normal, offset)))
    lines.sort(key=lambda line: -line[0])
    return np.array([line for _, line in _both_ways(lines)])


def _both_ways(lines: list[tuple[float, Floats]]) -> list[tuple[float, Floats]]:
    """As many lying as standing lines, so that planks or text do not crowd out the other sides."""
    lying = [line for line in lines if abs(line[1][1]) > abs(line[1][0])]
    standing = [line for line in lines if abs(line[1][1]) <= abs(line[1][0])]
    return lying[: _LINES_KEPT // 2] + standing[: _LINES_KEPT // 2]


def _enclosed(across: Floats, upright: Floats, width: int, height: int) -> Quad:
    pairs = [np.array(list(combinations(range(len(side)), 2))) for side in (across, upright)]
    if not all(len(pair) for pair in pairs):
        return np.empty((0, 4, 2), np.float32)
    first, second = np.meshgrid(*(range(len(pair)) for pair in pairs), indexing="ij")
    a, b = pairs[0][first.ravel()], pairs[1][second.ravel()]
    top, bottom, left, right = across[a[:, 0]], across[a[:, 1]], upright[b[:, 0]], upright[b[:, 1]]
    ring = [(top, left), (top, right), (bottom, right), (bottom, left)]
    quads = np.stack([_meet(one, other) for one, other in ring], axis=1)
    return _plausible(quads, width, height).astype(np.float32)


def _meet(one: Floats, other: Floats) -> Floats:
    point = np.cross(one, other)
    depth = np.where(np.abs(point[:, 2:]) < 1e-9, 1e-9, point[:, 2:])
    return np.asarray(point[:, :2] / depth, np.float64)


def _plausible(quads: Floats, width: int, height: int) -> Floats:
    """Inside the picture (a little over is fine), large enough, convex; clockwise from top left."""
    over = 0.04 * max(width, height)
    inside = ((quads > -over) & (quads < np.array([width, height]) + over)).all((1, 2))
    quads = quads[inside]
    if not len(quads):
        return quads
    middle = quads.mean(1, keepdims=True)
    around = np.arctan2(quads[..., 1] - middle[..., 1], quads[..., 0] - middle[..., 0])
    quads = np.take_along_axis(quads, np.argsort(around, axis=1)[..., None], axis=1)
    sides = np.roll(quads, -1, axis=1) - quads
    following = np.roll(sides, -1, axis=1)
    turns = sides[..., 0] * following[..., 1] - sides[..., 1] * following[..., 0]
    lengths = np.linalg.norm(sides, axis=2)
    sines = turns / np.maximum(lengths * np.roll(lengths, -1, axis=1), 1e-9)
    longest = max(width, height)
    fit = (sines > 0.55).all(1) & (lengths > 0.08 * longest).all(1)
    return np.asarray(quads[fit], np.float64)
