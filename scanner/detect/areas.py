"""Pages from the map of what is page: its areas, cut down to four sides."""

import cv2
import numpy as np

from scanner.detect.network import Look
from scanner.geometry import ordered
from scanner.types import Quad

_LEVELS = (110, 190)  # of 255: where pages touch, the higher one parts them
_LEAST = 0.006  # of the map
_KEPT = 6
_ARM = 0.4  # of the area's size


def areas(seen: Look) -> list[Quad]:
    """Quads in the picture's pixels."""
    found: list[Quad] = []
    for level in _LEVELS:
        mask = (seen.page > level).astype(np.uint8)
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        for contour in sorted(contours, key=cv2.contourArea)[-_KEPT:]:
            if cv2.contourArea(contour) > _LEAST * mask.size:
                shapes = [contour, *_without_arms(contour, mask.shape)]
                found += [seen.from_maps(quad) for shape in shapes for quad in _quads(shape)]
    return found


def _without_arms(contour: np.ndarray, shape: tuple[int, ...]) -> list[np.ndarray]:
    """The area less what sticks out of it narrowly: a hand, another paper's corner."""
    filled = np.zeros(shape[:2], np.uint8)
    cv2.drawContours(filled, [contour], -1, 1, cv2.FILLED)
    wide = max(3, round(_ARM * float(np.sqrt(cv2.contourArea(contour)))))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (wide, wide))
    opened = cv2.morphologyEx(filled, cv2.MORPH_OPEN, disc)
    contours, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return [max(contours, key=cv2.contourArea)] if contours else []


def _quads(contour: np.ndarray) -> list[Quad]:
    """The tightest box, which no frayed edge misleads, and the tightest four sides."""
    hull = cv2.convexHull(contour)
    quads = [ordered(cv2.boxPoints(cv2.minAreaRect(hull)))]
    if len(hull) > 4:
        enclosing = cv2.approxPolyN(hull, 4, None, -1, True)
        if enclosing.size == 8:
            quads.append(ordered(enclosing))
    return quads
