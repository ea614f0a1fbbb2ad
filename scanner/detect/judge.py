"""How right an outline is: a third network looks at what it encloses, laid flat, and a little of
what lies around. It tells a page from a book, and a page's outline from one beside it."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.detect.pyramid import Pyramid
from scanner.detect.strips import side_size
from scanner.detect.weights import Weights
from scanner.geometry import homography, unit_square
from scanner.types import Image, Quad

SIDE = 80
_AROUND = 0.16  # of the outline's size, on every side
_SHARP = 1.4
_NET = Weights("judge.onnx")

Floats = NDArray[np.float32]


def judged(pyramid: Pyramid, quads: Sequence[Quad]) -> Floats:
    """(n,) of n outlines in the picture's pixels: 0 (no page's outline) to 1 (exactly)."""
    return np.array([_judged(laid_flat(pyramid, quad)) for quad in quads], np.float32)


def _judged(flat: Image) -> float:
    return float(_NET.run(cv2.dnn.blobFromImage(flat, 1 / 255), ["right"])[0].item())


def laid_flat(pyramid: Pyramid, quad: Quad) -> Image:
    """(SIDE, SIDE, 3): the outline stretched over a square. Where the picture ends its rim goes on,
    because the end of the picture is not the end of a page."""
    step = side_size(quad) * (1 + 2 * _AROUND) / SIDE
    level = pyramid.level(_SHARP * step)
    inner = (unit_square() + _AROUND) * (SIDE / (1 + 2 * _AROUND)) - 0.5
    seen = (np.asarray(quad, np.float32) + 0.5) / 2**level - 0.5
    matrix = homography(seen, np.asarray(inner, np.float32))
    flat = cv2.warpPerspective(
        pyramid.levels[level], matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(flat, np.uint8)
