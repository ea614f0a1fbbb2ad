"""Tell one page from another by a small, flattened, evenly lit print of it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.geometry import homography, unit_square
from scanner.types import Image, Quad

Fingerprint = NDArray[np.float32]
"""float32 (96, 72): the page without its illumination."""

_WIDTH, _HEIGHT = 72, 96
_SLACK = 3  # pixels of the print by which a found outline may wobble
_SAME = 0.8  # correlation; the same page nudged gives .95, two pages of one form below .7


def fingerprint(image: Image, quad: Quad) -> Fingerprint:
    """Print of the page inside `quad`."""
    onto = homography(quad, unit_square(_WIDTH * 4, _HEIGHT * 4))
    flat = cv2.warpPerspective(image, onto, (_WIDTH * 4, _HEIGHT * 4))
    grey = cv2.cvtColor(flat, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (_WIDTH, _HEIGHT), interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray(small - cv2.GaussianBlur(small, (0, 0), 9), np.float32)


def same_page(one: Fingerprint, other: Fingerprint) -> bool:
    """Also when the page was laid down the other way round."""
    return any(_alike(one, turned) >= _SAME for turned in (other, other[::-1, ::-1]))


def _alike(one: Fingerprint, other: Fingerprint) -> float:
    inner = np.ascontiguousarray(other[_SLACK:-_SLACK, _SLACK:-_SLACK])
    return float(cv2.matchTemplate(one, inner, cv2.TM_CCOEFF_NORMED).max())
