"""Shows a plate differently every time: cropped, turned, squeezed, lit, blurred and compressed."""

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.training.album import Plate
from scanner.training.model import SIDE
from scanner.types import Image

Floats = NDArray[np.float32]
Matrix = NDArray[np.float64]


def varied(plate: Plate, rng: np.random.Generator) -> Plate:
    """A picture of SIDE x SIDE and the corners in it."""
    matrix = _frame(plate, rng)
    edge = cv2.BORDER_REFLECT_101 if rng.random() < 0.5 else cv2.BORDER_CONSTANT
    image, onto = _fine_enough(plate.image, matrix)
    seen = cv2.warpPerspective(image, onto, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=edge)
    quads = plate.quads
    if len(quads):
        seen_quads = cv2.perspectiveTransform(quads.reshape(-1, 1, 2), matrix)
        quads = np.asarray(seen_quads.reshape(-1, 4, 2), np.float32)
        if np.linalg.det(matrix[:2, :2]) < 0:
            quads = quads[:, ::-1]  # seen in a mirror; clockwise all the same
    kept = np.ascontiguousarray(quads, np.float32)
    return Plate(developed(np.asarray(seen, np.uint8), rng), kept)


def _fine_enough(image: Image, matrix: Matrix) -> tuple[Image, Matrix]:
    """Halved where it will be shown at less than half: what is thinner than a pixel is averaged,
    as in the scanner's own pyramid, and not hit or missed."""
    if np.sqrt(abs(np.linalg.det(matrix[:2, :2]))) > 0.5:
        return image, matrix
    half = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    doubled = np.array([[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1]], np.float64)
    return np.asarray(half, np.uint8), np.asarray(matrix @ doubled)


def _frame(plate: Plate, rng: np.random.Generator) -> Matrix:
    """What part of the plate is seen: all of it, most of it, one paper from near, or anything
    from near, because the scanner also looks again at what only seemed to be a paper."""
    height, width = plate.image.shape[:2]
    box = np.array([0, 0, width, height], np.float64)
    kind = rng.random()
    if kind < 0.42 and len(plate.quads):
        box = _near(plate.quads[rng.integers(len(plate.quads))], rng)
    elif kind < (0.62 if len(plate.quads) else 0.3):
        low, high = rng.uniform(0, 0.2, 2), rng.uniform(0.8, 1, 2)
        box = np.array([low[0] * width, low[1] * height, high[0] * width, high[1] * height])
    elif kind < (0.72 if len(plate.quads) else 0.75):
        low = rng.uniform(0, 0.65, 2)
        high = np.minimum(low + rng.uniform(0.25, 0.6, 2), 1)
        box = np.array([low[0] * width, low[1] * height, high[0] * width, high[1] * height])
    left, top, right, bottom = box
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    corners += rng.normal(0, 0.02, (4, 2)) * (right - left, bottom - top)
    ring = np.roll(corners, int(rng.integers(4)) if rng.random() < 0.5 else 0, axis=0)
    if rng.random() < 0.5:
        ring = ring[[1, 0, 3, 2]]
    onto = np.array([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE]], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(ring.astype(np.float32), onto), np.float64)


def _near(quad: Floats, rng: np.random.Generator) -> Matrix:
    """A box around one paper, its margin like that of a second look."""
    low, high = quad.min(0).astype(np.float64), quad.max(0).astype(np.float64)
    size = np.maximum(high - low, 8)
    margins = rng.uniform(0.03, 0.45, 4)
    low -= margins[:2] * size
    high += margins[2:] * size
    return np.concatenate([low, high])


def developed(image: Image, rng: np.random.Generator) -> Image:
    toned = cv2.LUT(image, _tones(rng))
    if rng.random() < 0.15:
        toned = cv2.cvtColor(cv2.cvtColor(toned, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    picture = toned.astype(np.float32)
    if rng.random() < 0.7:
        picture = _lit(picture, rng)
    if rng.random() < 0.35:
        blurred = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 1.3))
        picture = np.asarray(blurred, np.float32)
    if rng.random() < 0.4:
        grain = rng.standard_normal(picture.shape, np.float32)
        picture += grain * np.float32(rng.uniform(1, 9))
    return np.asarray(picture.clip(0, 255), np.uint8)


def _lit(picture: Floats, rng: np.random.Generator) -> Floats:
    """Light that falls off, and perhaps the sharp edge of a shadow."""
    across = np.linspace(-1, 1, picture.shape[1], dtype=np.float32)[None]
    down = np.linspace(-1, 1, picture.shape[0], dtype=np.float32)[:, None]
    slope = rng.normal(0, 0.18, 2)
    light = 1 + slope[0] * across + slope[1] * down
    if rng.random() < 0.3:
        angle, place = rng.uniform(0, 2 * np.pi), rng.uniform(-0.7, 0.7)
        side = np.cos(angle) * across + np.sin(angle) * down - place
        soft = 1 / (1 + np.exp(-side / rng.uniform(0.005, 0.2)))
        light *= 1 - rng.uniform(0.15, 0.6) * soft
    return np.asarray(picture * light.clip(0.25, 1.6)[..., None], np.float32)


def _tones(rng: np.random.Generator) -> Image:
    """(1, 256, 3): brightness, contrast and curve alike for all colours, and a cast."""
    bright, contrast = rng.uniform(0.6, 1.3), rng.uniform(0.75, 1.25)
    tone = np.linspace(0, 1, 256) ** rng.uniform(0.7, 1.4)
    cast = rng.uniform(0.8, 1.2, 3) if rng.random() < 0.5 else np.ones(3)
    curve = ((tone * 255 - 128) * contrast + 128 * bright)[:, None] * cast
    return np.asarray(curve.clip(0, 255)[None], np.uint8)
