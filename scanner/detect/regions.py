"""Candidates from areas: what is brighter, darker or otherwise coloured than its surroundings."""

from collections.abc import Iterator

import cv2
import numpy as np

from scanner.detect.score import Scene
from scanner.geometry import is_convex, ordered
from scanner.types import Grey, Quad

_SMALLEST, _LARGEST = 0.015, 0.97  # of the picture
_AREAS_KEPT = 4


def region_quads(scene: Scene) -> Quad:
    """(n, 4, 2) quads in preview pixels."""
    quads = [quad for mask in _masks(scene) for quad in _quads(mask)]
    return np.array(quads, np.float32).reshape(-1, 4, 2)


def _masks(scene: Scene) -> Iterator[Grey]:
    wide = np.ones((9, 9), np.uint8)
    for plane in scene.colour_planes:
        written_over = np.asarray(cv2.morphologyEx(plane, cv2.MORPH_CLOSE, wide), np.uint8)
        for level in _levels(written_over):
            bright = (written_over > level).astype(np.uint8) * 255
            yield np.asarray(cv2.morphologyEx(bright, cv2.MORPH_OPEN, wide), np.uint8)
    yield from _ground_masks(scene)
    yield from _edge_masks(scene)


def _levels(plane: Grey) -> list[float]:
    """Otsu's threshold, and Otsu's again inside the bright part: a pale page on a pale table."""
    first, _ = cv2.threshold(plane, 0, 255, cv2.THRESH_OTSU)
    bright = plane[plane > first]
    if bright.size < 1000:
        return [first]
    second, _ = cv2.threshold(bright, 0, 255, cv2.THRESH_OTSU)
    return [first, second, (first + second) / 2]


def _ground_masks(scene: Scene) -> Iterator[Grey]:
    """How far each pixel's colour lies from what the picture's border shows."""
    lab = scene.lab.astype(np.float32)
    rim = np.concatenate([lab[:8], lab[-8:]], axis=None).reshape(-1, 3)
    sides = np.concatenate([lab[:, :8], lab[:, -8:]], axis=None).reshape(-1, 3)
    ground = np.concatenate([rim, sides])
    spread = np.maximum(ground.std(0), 4)
    far = np.sqrt((((lab - np.median(ground, axis=0)) / spread) ** 2).sum(-1))
    distance = np.clip(far * 20, 0, 255).astype(np.uint8)
    closed = cv2.morphologyEx(distance, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    level, _ = cv2.threshold(closed, 0, 255, cv2.THRESH_OTSU)
    yield (closed > level).astype(np.uint8) * 255


def _edge_masks(scene: Scene) -> Iterator[Grey]:
    """Areas enclosed by edges."""
    for low, high in ((20, 60), (50, 130)):
        edges = cv2.Canny(scene.smooth, low, high, L2gradient=True)
        yield np.asarray(cv2.dilate(edges, np.ones((3, 3), np.uint8)), np.uint8)


def _quads(mask: Grey) -> Iterator[Quad]:
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    hulls = sorted((cv2.convexHull(contour) for contour in contours), key=cv2.contourArea)
    for hull in hulls[-_AREAS_KEPT:]:
        if _SMALLEST * mask.size < cv2.contourArea(hull) < _LARGEST * mask.size:
            yield from _four_corners(hull)


def _four_corners(hull: np.ndarray) -> Iterator[Quad]:
    """The hull cut down to four sides, and its tightest box."""
    yield ordered(cv2.boxPoints(cv2.minAreaRect(hull)))
    length = cv2.arcLength(hull, True)
    for tolerance in (0.01, 0.02, 0.04, 0.07):
        polygon = cv2.approxPolyDP(hull, tolerance * length, True)
        if len(polygon) == 4 and is_convex(polygon):
            yield ordered(polygon)
    if len(hull) > 4:
        enclosing = cv2.approxPolyN(hull, 4, None, -1, True)
        if enclosing.size == 8:
            yield ordered(enclosing)
