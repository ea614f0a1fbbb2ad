"""A picture and its halves: what is looked at small is taken from a small one, where every pixel
is the mean of those it stands for, so a look costs by what it shows and not by what it covers."""

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.types import Image

_SMALLEST = 96  # pixels: what a half's shorter side has at least
_MOST = 4


@dataclass(frozen=True, eq=False)
class Pyramid:
    """`levels[k]` shows the picture at 2^-k: pixel x there is pixel (x + 0.5) 2^k - 0.5 of the
    picture. Its last rows and columns are repeated where it could not be halved otherwise; `shape`
    is its true height and width."""

    levels: tuple[Image, ...]
    shape: tuple[int, int]

    @classmethod
    def of(cls, picture: Image) -> "Pyramid":
        """`picture` (H, W, 3), at most a few times as large as what will be looked at."""
        shape = (picture.shape[0], picture.shape[1])
        count = 0
        while count < _MOST and min(shape) >> (count + 1) >= _SMALLEST:
            count += 1
        levels = [_padded(picture, 1 << count)]
        for _ in range(count):
            height, width = (side // 2 for side in levels[-1].shape[:2])
            half = cv2.resize(levels[-1], (width, height), interpolation=cv2.INTER_AREA)
            levels.append(np.asarray(half, np.uint8))
        return cls(tuple(levels), shape)

    @classmethod
    def whole(cls, picture: Image) -> "Pyramid":
        """Without halves, for reading what is a few pixels wide."""
        return cls((picture,), (picture.shape[0], picture.shape[1]))

    def level(self, pixels: float) -> int:
        """The level for a step of so many of the picture's pixels."""
        wanted = int(np.floor(np.log2(max(pixels, 1.0))))
        return min(wanted, len(self.levels) - 1)


def _padded(picture: Image, unit: int) -> Image:
    bottom, right = (-side % unit for side in picture.shape[:2])
    if not (bottom or right):
        return picture
    wider = cv2.copyMakeBorder(picture, 0, bottom, 0, right, cv2.BORDER_REPLICATE)
    return np.asarray(wider, np.uint8)
