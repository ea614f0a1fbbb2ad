"""The desk while it is bare. What shines on it, a pale tile or a leaflet under glass, passes for a
page in any picture; whoever knows the bare desk sees what was laid on it, and whether anything."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.detect.network import Look
from scanner.types import Grey, Image, Quad

SIDE = 256
"""Of the picture that is compared, pixels; one that small already is as good as the whole."""
_RIM = 20  # of these pixels: the lamp's brightness is told by what lies there
_NOISE = 14  # grey levels: what differs less is the sensor's grain, or a joint half a pixel off
_LAID = 0.07  # of what an outline encloses: made desks alone change in .06, under papers in .09
_GAPS, _SPECKS = np.ones((9, 9), np.uint8), np.ones((5, 5), np.uint8)

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Mat:
    """`seen` (256, 256, 3): a picture of it, small, squeezed and calm. It holds for one camera that
    does not move."""

    seen: Floats

    @classmethod
    def of(cls, bare: Image) -> "Mat":
        return cls(_calm(bare))

    def bare(self, picture: Image, quads: Sequence[Quad]) -> list[bool]:
        """Of outlines in the picture's pixels: whether they enclose what the bare desk shows
        there, but for the lamp's brightness and colour."""
        changed = self._changed(picture)
        zoom = np.array([SIDE, SIDE], np.float32) / picture.shape[1::-1]
        return [_share(changed, np.asarray(quad * zoom, np.float32)) < _LAID for quad in quads]

    def look(self, picture: Image) -> Look:
        """What was laid on it, as the network would see it; single cells say nothing."""
        closed = cv2.morphologyEx(self._changed(picture), cv2.MORPH_CLOSE, _GAPS)
        page = np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, _SPECKS), np.uint8)
        border = np.asarray(cv2.morphologyEx(page, cv2.MORPH_GRADIENT, _SPECKS), np.uint8)
        box = (0, 0, picture.shape[1], picture.shape[0])
        silent = np.zeros((0, 0), np.float32), np.zeros((0, 0, 4, 2), np.float32)
        return Look(box, page, border, np.zeros_like(page), *silent)

    def _changed(self, picture: Image) -> Grey:
        """(256, 256), 255 where it does not show the desk."""
        now = _calm(picture)
        lamp = np.median(_rim(now) / _rim(self.seen), axis=0)
        blue, green, red = cv2.split(cv2.absdiff(now, self.seen * lamp))
        farthest = cv2.max(cv2.max(blue, green), red)
        return np.asarray((np.asarray(farthest) > _NOISE) * 255, np.uint8)


def _calm(picture: Image) -> Floats:
    """Never quite black, to be divided by."""
    small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.blur(small, (3, 3)), np.float32) + 1


def _rim(calm: Floats) -> Floats:
    """(n, 3): every other pixel at the picture's rim, of which papers seldom cover half."""
    few = calm[::2, ::2]
    wide = _RIM // 2
    bands = few[:wide], few[-wide:], few[:, :wide], few[:, -wide:]
    return np.concatenate([band.reshape(-1, 3) for band in bands])


def _share(changed: Grey, quad: Quad) -> float:
    mask = np.zeros_like(changed)
    cv2.fillConvexPoly(mask, np.rint(quad).astype(np.int32), 1)
    return cv2.mean(changed, mask)[0] / 255
