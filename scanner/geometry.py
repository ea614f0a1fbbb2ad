"""Small exact geometry of quads."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.types import Image, Quad

Points = NDArray[Any]

FOLLOWING, PRECEDING = [1, 2, 3, 0], [3, 0, 1, 2]
"""The corners after and before each corner of a quad: many times quicker than np.roll."""


def ordered(points: Points) -> Quad:
    """Four corners clockwise, beginning at the one nearest the picture's top left."""
    corners = np.asarray(points, np.float32).reshape(4, 2)
    middle = corners.mean(0)
    around = np.argsort(np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0]))
    corners = corners[around]
    return np.roll(corners, -int(np.argmin(corners.sum(1))), axis=0)


def area(quad: Points) -> float:
    """Enclosed pixels; positive when clockwise on the screen."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = np.asarray(quad, np.float64).tolist()
    return float((x2 - x0) * (y3 - y1) - (y2 - y0) * (x3 - x1)) / 2


def is_convex(quad: Points) -> bool:
    return bool(cv2.isContourConvex(np.asarray(quad, np.float32)))


def unit_square(width: float = 1, height: float = 1) -> Quad:
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)


def homography(source: Points, target: Points) -> NDArray[np.float64]:
    """(3, 3): maps the four points of `source` onto those of `target`."""
    matrix = cv2.getPerspectiveTransform(
        np.asarray(source, np.float32), np.asarray(target, np.float32)
    )
    return np.asarray(matrix, np.float64)


def overlap(one: Points, other: Points) -> float:
    """Intersection over union of two convex quads, in their own plane."""
    both = _common(one, other)
    union = abs(area(one)) + abs(area(other)) - both
    return both / union if union > 0 else 0.0


def shared(one: Points, other: Points) -> float:
    """How much of the smaller of two convex quads lies in the other, 0 to 1."""
    smaller = min(abs(area(one)), abs(area(other)))
    return _common(one, other) / smaller if smaller > 0 else 0.0


def _common(one: Points, other: Points) -> float:
    """Area that two convex quads have in common."""
    both, _ = cv2.intersectConvexConvex(np.asarray(one, np.float32), np.asarray(other, np.float32))
    return float(both)


def page_iou(found: Points | None, truth: Points) -> float:
    """Jaccard index of the SmartDoc competition: in the true page's own plane.

    A found quad that crosses the horizon of that plane scores 0.
    """
    if found is None:
        return 0.0
    to_page = homography(truth, unit_square(100, 100))
    flat = np.column_stack([np.asarray(found, np.float64), np.ones(4)]) @ to_page.T
    behind = to_page @ np.append(np.asarray(truth, np.float64).mean(0), 1)
    if np.any(flat[:, 2] * behind[2] <= 0):
        return 0.0
    return overlap(flat[:, :2] / flat[:, 2:], unit_square(100, 100))


def scaled_to(image: Image, longest: int) -> tuple[Image, float]:
    """The picture with its longer side at most `longest`, and the factor that was applied."""
    scale = min(1.0, longest / max(image.shape[:2]))
    if scale == 1.0:
        return image, 1.0
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8), scale
