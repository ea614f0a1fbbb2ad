"""Tell one page from another by a flattened, evenly lit print of it.

Two sheets of one form differ in a few words only, so prints are compared block by block: pages are
the same when every block that carries ink is found again in its place, whichever way the page was
laid down. As a whole they are compared first, in small, which settles most cases and the turn.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.geometry import homography, unit_square
from scanner.types import Image, Quad

Fingerprint = NDArray[np.float32]
"""float32 (320, 320): the page without its illumination."""

_SIDE = 320
_SMALL = 80
_BLOCK = 20
_SLACK = 5  # pixels of the print by which a found outline may wobble, or a page may be curled
_ALIKE = 0.4  # correlation in small; other pages give below .3
_INK = 6.0  # standard deviation of a block that carries some
_FOUND = 0.45  # correlation of a block with its place
_WOBBLE = 3  # pixels in small
_INNER = range(_BLOCK, _SIDE - _BLOCK, _BLOCK)
_CORNERS = [(y, x) for y in _INNER for x in _INNER]
"""Blocks but for those at the page's edge, where the mat looks in."""
_LOST = 0.018  # of the inked blocks may differ; four other lines on a form change .02 to .06


def fingerprint(image: Image, quad: Quad) -> Fingerprint:
    """Print of the page inside `quad`."""
    onto = homography(quad, unit_square(_SIDE * 2, _SIDE * 2))
    flat = cv2.warpPerspective(image, onto, (_SIDE * 2, _SIDE * 2))
    grey = cv2.cvtColor(flat, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray(small - cv2.GaussianBlur(small, (0, 0), 12), np.float32)


def same_page(one: Fingerprint, other: Fingerprint) -> bool:
    """Also when the page was laid down turned by a quarter or a half."""
    turns = [np.ascontiguousarray(np.rot90(other, turn)) for turn in range(4)]
    alike = [_alike(one, turned) for turned in turns]
    best = int(np.argmax(alike))
    return alike[best] >= _ALIKE and _differing(one, turns[best]) <= _LOST


def _alike(one: Fingerprint, other: Fingerprint) -> float:
    small, place = (_shrunk(one), _shrunk(other)[_WOBBLE:-_WOBBLE, _WOBBLE:-_WOBBLE])
    return float(cv2.matchTemplate(small, place, cv2.TM_CCOEFF_NORMED).max())


def _shrunk(print_: Fingerprint) -> Fingerprint:
    small = cv2.resize(print_, (_SMALL, _SMALL), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)


def _differing(one: Fingerprint, other: Fingerprint) -> float:
    """Part of the inked blocks of either print that the other does not have in their place."""
    return max(_lost(one, other), _lost(other, one))


def _lost(print_: Fingerprint, other: Fingerprint) -> float:
    around = np.asarray(np.pad(other, _SLACK, mode="reflect"), np.float32)
    inked = [(y, x) for y, x in _CORNERS if _at(print_, y, x).std() > _INK]
    lost = [_best(_at(print_, y, x), _at(around, y, x, 2 * _SLACK)) < _FOUND for y, x in inked]
    return float(np.mean(lost)) if lost else 0.0


def _at(print_: NDArray[np.float32], y: int, x: int, more: int = 0) -> NDArray[np.float32]:
    side = _BLOCK + more
    return print_[y : y + side, x : x + side]


def _best(block: NDArray[np.float32], place: NDArray[np.float32]) -> float:
    return float(cv2.matchTemplate(place, block, cv2.TM_CCOEFF_NORMED).max())
