"""Whether the camera still looks at the desk that it knows: by its edges, whatever light, shadows
and papers there are.

A desk's edges (a mat's border, grain, joints, what is glued to it) are compared with the picture's
at every shift up to a sixth of its width: orientation correlation, A. J. Fitch et al., "Orientation
correlation", BMVC 2002. Each edge has one vote, so that a paper takes away the votes that it covers
and adds none. Where the desk is in its place, its own place wins.
"""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.detect.mat import SIDE
from scanner.types import Image, Quad

_FAINT = 2.0  # percent of the brightness around it, a pixel: what is less steep is no edge
_REACH = 40  # pixels of 256: how far a shift is looked for
_HERE = 1  # pixels: a camera that trembles, or a lens that breathes, has not moved
_NEAR = 3  # pixels around its place that say nothing of another one
_ENOUGH = 400  # edge pixels: a desk with fewer says nothing
_SHARE = 0.3  # of them: as many must be seen beside a paper

# Of all votes; see `tests/unit/scanner/test_detect_moved.py` for what made desks get.
_KNOWN = 0.3
_BARE = 0.25
_COVERED = 0.1
_ELSEWHERE = 0.3
_AHEAD = 0.1

Field = NDArray[np.complex64]


class DeskSeen(StrEnum):
    """What one picture says; `OTHER`: it was moved, or is another desk."""

    SAME = "same"
    OTHER = "other"
    UNSURE = "unsure"


@dataclass(frozen=True, eq=False)
class DeskEdges:
    """`edges` (256, 256): unit vectors across the edges of the bare desk, zero elsewhere."""

    edges: Field

    @classmethod
    def of(cls, bare: Image) -> "DeskEdges":
        across, steep = _slopes(bare)
        edges = np.where(steep > _FAINT, across / np.maximum(steep, _FAINT), 0)
        rim = np.zeros_like(edges)
        rim[_NEAR:-_NEAR, _NEAR:-_NEAR] = edges[_NEAR:-_NEAR, _NEAR:-_NEAR]
        return cls(rim.astype(np.complex64))

    def seen_in(self, picture: Image, page: Quad | None = None) -> DeskSeen:
        """`page`: what was found lying there, in the picture's pixels; with None the desk passes
        for empty."""
        edges = self._beside(picture, page)
        votes = float(np.abs(edges).sum())
        if votes < _ENOUGH or votes < _SHARE * float(np.abs(self.edges).sum()):
            return DeskSeen.UNSURE
        here, elsewhere = _votes(edges, picture, votes)
        if here >= _KNOWN and here > elsewhere:
            return DeskSeen.SAME
        shifted = elsewhere > _ELSEWHERE and elsewhere - here > _AHEAD
        gone = here < (_BARE if page is None else _COVERED)
        return DeskSeen.OTHER if shifted or gone else DeskSeen.UNSURE

    def _beside(self, picture: Image, page: Quad | None) -> Field:
        if page is None:
            return self.edges
        zoom = np.array([SIDE, SIDE], np.float32) / picture.shape[1::-1]
        free = np.ones((SIDE, SIDE), np.uint8)
        cv2.fillConvexPoly(free, np.rint(page * zoom).astype(np.int32), 0)
        return self.edges * cv2.erode(free, np.ones((9, 9), np.uint8))


def _votes(edges: Field, picture: Image, votes: float) -> tuple[float, float]:
    """The shares that agree with the desk where it was, and with the best place apart from it."""
    across, steep = _slopes(picture)
    there = np.fft.fft2(across / (steep + _FAINT))
    agree = np.real(np.fft.ifft2(np.conj(np.fft.fft2(edges)) * there)) / votes
    middle = SIDE // 2
    reach = slice(middle - _REACH, middle + _REACH + 1)
    shifts = np.fft.fftshift(agree)[reach, reach]
    here = slice(_REACH - _HERE, _REACH + _HERE + 1)
    near = slice(_REACH - _NEAR + 1, _REACH + _NEAR)
    mine = float(shifts[here, here].max())
    shifts[near, near] = -1
    return mine, float(shifts.max())


def _slopes(picture: Image) -> tuple[Field, NDArray[np.float32]]:
    """Each pixel's slope as a complex number, in percent of the brightness around it, and how steep
    it is."""
    small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.float32)
    around = cv2.GaussianBlur(grey, (0, 0), 8) + 8
    calm = cv2.GaussianBlur(grey, (0, 0), 1)
    right, down = cv2.Sobel(calm, cv2.CV_32F, 1, 0), cv2.Sobel(calm, cv2.CV_32F, 0, 1)
    across = np.asarray((right + 1j * down) * (100 / 8) / around, np.complex64)
    return across, np.abs(across)
