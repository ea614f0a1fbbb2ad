"""What hands add to paper: seals, signatures, handwriting, and a printed emblem."""

import cv2
import numpy as np

from scanner.scenes.text import strip
from scanner.types import Image

_RED = (50.0, 40.0, 205.0)
_PENS = ((40, 35, 30), (120, 60, 25), (30, 30, 140))


def seal(rng: np.random.Generator, image: Image, millis: float) -> None:
    """A red stamp, round with a star or square, over whatever is there."""
    radius = rng.uniform(12, 21) * millis
    height, width = image.shape[:2]
    middle = (int(rng.uniform(0.3, 0.9) * width), int(rng.uniform(0.5, 0.92) * height))
    ink = np.zeros((height, width), np.uint8)
    thick = max(1, round(1.2 * millis))
    if rng.random() < 0.75:
        cv2.circle(ink, middle, max(2, int(radius)), 230, thick, cv2.LINE_AA)
        _ring(rng, ink, middle, radius)
        cv2.fillPoly(ink, [_star(middle, radius * 0.3)], 230, cv2.LINE_AA)
    else:
        half = max(2, int(radius * 0.6))
        corners = [(m - half, m + half) for m in middle]
        (left, right), (top, bottom) = corners
        cv2.rectangle(ink, (left, top), (right, bottom), 230, thick)
        _ring(rng, ink, middle, radius * 0.5)
    _stain(image, ink, _RED)


def _ring(
    rng: np.random.Generator, ink: Image | np.ndarray, middle: tuple[int, int], radius: float
) -> None:
    for angle in np.linspace(2.6, 6.8, 11):
        at = (
            int(middle[0] + 0.75 * radius * np.cos(angle)),
            int(middle[1] + 0.75 * radius * np.sin(angle)),
        )
        size = max(1, int(radius * 0.1))
        cv2.rectangle(ink, at, (at[0] + size, at[1] + size), float(rng.uniform(120, 230)), -1)


def _star(middle: tuple[int, int], radius: float) -> np.ndarray:
    angles = np.arange(10) * np.pi / 5 - np.pi / 2
    reach = np.where(np.arange(10) % 2, 0.4, 1.0) * radius
    points = np.stack([np.cos(angles) * reach, np.sin(angles) * reach], -1) + middle
    return np.rint(points).astype(np.int32)


def scribble(rng: np.random.Generator, image: Image, millis: float, lines: int) -> None:
    """Handwriting: running loops of a pen."""
    height, width = image.shape[:2]
    ink = np.zeros((height, width), np.uint8)
    size = rng.uniform(3, 6) * millis
    start = rng.uniform(0.08, 0.6) if lines < 4 else 0.1
    for line in range(lines):
        top = (start + line * rng.uniform(0.045, 0.065)) * height
        long = rng.uniform(0.15, 0.8) * width
        way = np.linspace(0, long / max(size, 1.0) * 6, 160)
        wild = rng.normal(0, 1, 160).cumsum() * 0.12
        x = 0.1 * width + way / way[-1] * long + size * 0.4 * np.cos(way * 2 + wild)
        y = top + size * 0.5 * np.sin(way * 2.1 + wild * 2) * (0.6 + 0.4 * np.sin(way * 0.7))
        points = np.rint(np.stack([x, y], -1) * 16).astype(np.int32)
        thick = max(1, round(0.45 * millis))
        cv2.polylines(ink, [points], False, 220, thick, cv2.LINE_AA, shift=4)
    if millis < 2:
        ink = np.asarray(ink * max(0.35, millis / 2), np.uint8)
    pen = _PENS[int(rng.integers(len(_PENS)))]
    _stain(image, ink, (float(pen[0]), float(pen[1]), float(pen[2])))


def logo(rng: np.random.Generator, image: Image, millis: float) -> None:
    """A letterhead's emblem and name."""
    middle = (int(rng.uniform(0.1, 0.9) * image.shape[1]), int(0.07 * image.shape[0]))
    colour = tuple(map(float, rng.uniform(20, 200, 3)))
    radius = max(2, int(rng.uniform(5, 11) * millis))
    cv2.circle(image, middle, radius, colour, -1, cv2.LINE_AA)
    if rng.random() < 0.5:
        cv2.circle(image, middle, radius // 2, (245.0, 245.0, 245.0), -1, cv2.LINE_AA)
    name = strip(int(rng.integers(30)), max(2, round(6 * millis)))[:, : radius * 6]
    left, top = middle[0] + radius + 2, middle[1] - name.shape[0] // 2
    part = image[max(top, 0) : top + name.shape[0], left : left + name.shape[1]]
    dark = name[: part.shape[0], : part.shape[1], None] / 255.0
    part[:] = (part * (1 - dark) + np.array(colour) * dark).astype(np.uint8)


def _stain(image: Image, ink: np.ndarray, colour: tuple[float, float, float]) -> None:
    share = ink[..., None].astype(np.float32) / 255
    image[:] = (image * (1 - share * (1 - np.array(colour, np.float32) / 255))).astype(np.uint8)
