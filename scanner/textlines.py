"""Where ink is and how it joins to lines, without any network: fast and rough."""

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.types import Grey, Image

SIDE = 1000
"""Pixels of the longer side of the picture that is looked at."""

Boxes = NDArray[np.int32]


def small_ink(page: Image) -> tuple[Grey, float]:
    """1 where strokes are, in a picture of `SIDE`; and that picture's scale."""
    scale = min(1.0, SIDE / max(page.shape[:2]))
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
    around = cv2.blur(grey, (31, 31))
    return ((around.astype(np.int16) - grey > 24) & (grey < 200)).astype(np.uint8), scale


def joined_lines(ink: Grey) -> tuple[NDArray[np.int32], NDArray[np.int32], Boxes]:
    """Lines of text that lie: (H, W) labels, the labels that look like lines, (n, 4) their left,
    top, width, height; the widest first."""
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, 17), np.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((4, 9), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=4)
    _, _, width, height, area = stats.T
    telling = (height >= 6) & (height <= 60) & (width > 3 * height) & (area > 0.1 * width * height)
    telling[0] = False
    chosen = np.flatnonzero(telling)
    chosen = chosen[np.argsort(-width[chosen], kind="stable")]
    return np.asarray(labels, np.int32), chosen.astype(np.int32), np.asarray(stats[chosen, :4])
