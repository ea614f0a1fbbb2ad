"""Which way up a flat page is, from its text: 0, 90, 180 or 270 degrees.

Ink summed along the lines of text rises and falls with every line, across them it stays even: that
tells lying from standing. Then the widest lines are shown to the network that knows whether a line
stands on its head (scanner/text/direction.py), and all of them vote.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.text.direction import HEIGHT, direction_of
from scanner.textlines import joined_lines, small_ink
from scanner.types import Image

_VOTERS = 14
_LONGEST = 16  # line heights that one voter shows to the network
_SURE = 1.0  # mean log odds; below it the page stays as it lies


@dataclass(frozen=True)
class Turn:
    """`quarters`: clockwise quarter turns that put the page upright. `odds`: mean log odds of the
    voters; `voters` 0: no text was found, then nothing is turned."""

    quarters: int
    odds: float
    voters: int


def turn_of(page: Image) -> Turn:
    """`page`: flat and evenly lit, as `clean` leaves it."""
    ink, scale = small_ink(page)
    standing = _rhythm(ink.sum(0)) > _rhythm(ink.sum(1))
    if standing:  # lines run up or down: look at the page turned once, clockwise
        ink = np.asarray(cv2.rotate(ink, cv2.ROTATE_90_CLOCKWISE), np.uint8)
    boxes = joined_lines(ink)[2][:_VOTERS]
    if not len(boxes):
        return Turn(0, 0.0, 0)
    odds = float(np.mean([_vote(page, box / scale, standing=standing) for box in boxes]))
    if abs(odds) < _SURE:
        return Turn(0, odds, len(boxes))
    return Turn((1 if standing else 0) + (2 if odds < 0 else 0), abs(odds), len(boxes))


def turned(page: Image, quarters: int) -> Image:
    """The page after so many clockwise quarter turns."""
    codes = (cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE)
    return np.asarray(cv2.rotate(page, codes[quarters - 1]), np.uint8) if quarters else page


def _rhythm(profile: NDArray[np.integer]) -> float:
    """How strongly a profile rises and falls at the pace of lines of text."""
    even = cv2.blur(profile.astype(np.float32)[:, None], (1, 41))[:, 0]
    smooth = cv2.blur(profile.astype(np.float32)[:, None], (1, 3))[:, 0]
    return float(np.abs(smooth - even).mean() / max(float(even.mean()), 1e-6))


def _vote(page: Image, box: NDArray[np.floating], *, standing: bool) -> float:
    left, top, width, height = box
    width = min(width, _LONGEST * height)
    slack = 0.1 * height
    spots = (left, top - slack, left + width, top + height + slack)
    cut = _cut_standing(page, *spots) if standing else _cut(page, *spots)
    scale = HEIGHT / max(cut.shape[0], 1)
    size = (max(HEIGHT, round(cut.shape[1] * scale)), HEIGHT)
    line = cv2.resize(cut, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    return float(np.clip(direction_of(np.asarray(line, np.uint8)).upright, -6, 6))


def _cut(page: Image, left: float, top: float, right: float, bottom: float) -> Image:
    return page[max(0, round(top)) : round(bottom) + 1, max(0, round(left)) : round(right) + 1]


def _cut_standing(page: Image, left: float, top: float, right: float, bottom: float) -> Image:
    """From the page that was not turned, what would be there if it were turned once clockwise."""
    high = page.shape[0]
    cut = _cut(page, top, high - right, bottom, high - left)
    return np.asarray(cv2.rotate(cut, cv2.ROTATE_90_CLOCKWISE), np.uint8)
