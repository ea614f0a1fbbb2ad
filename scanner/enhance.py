"""Even out the light of a flat page without bleaching what is coloured on it.

The paper's own brightness is what remains when everything written is closed over (grey closing at a
small size, then smoothed); dividing by it, channel by channel, gives white paper under any lamp.
Red seals and blue ink survive because the paper around them, not they, set the divisor.
"""

from enum import StrEnum

import cv2
import numpy as np

from scanner.types import Image

_WORK_SIDE = 512
_INK_WIDTH = 23  # pixels at working size: wider than strokes, narrower than a photograph
_MOST_GAIN = 3.2
_NEIGHBOURS, _CONTRAST = 41, 18  # pixels around; ink is darker than their mean by so much
_PAPER = 0.93  # of white: everything brighter is paper and becomes white


class Look(StrEnum):
    """How a clean page is wanted."""

    COLOUR = "colour"
    GREY = "grey"
    BLACK_AND_WHITE = "black_and_white"


def clean(image: Image, look: Look = Look.COLOUR) -> Image:
    """The same page, evenly lit, paper near white, same size, always three channels. Colours are
    kept unless `look` says otherwise."""
    lit = _evenly_lit(image)
    if look is Look.COLOUR:
        return lit
    grey = cv2.cvtColor(lit, cv2.COLOR_BGR2GRAY)
    if look is Look.BLACK_AND_WHITE:
        grey = cv2.adaptiveThreshold(
            grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, _NEIGHBOURS, _CONTRAST
        )
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)


def _evenly_lit(image: Image) -> Image:
    background = cv2.resize(_paper_light(image), image.shape[1::-1])
    lit = cv2.divide(image, background, scale=255)
    return np.asarray(cv2.LUT(lit, _curve()), np.uint8)


def _paper_light(image: Image) -> Image:
    scale = min(1.0, _WORK_SIDE / max(image.shape[:2]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_INK_WIDTH, _INK_WIDTH))
    closed = cv2.morphologyEx(cv2.medianBlur(small, 3), cv2.MORPH_CLOSE, kernel)
    smooth = cv2.GaussianBlur(cv2.medianBlur(closed, 21), (0, 0), 9)
    floor = np.maximum(np.percentile(smooth, 90, axis=(0, 1)) / _MOST_GAIN, 1)
    return np.asarray(np.maximum(smooth, floor), np.uint8)


def _curve() -> Image:
    """Darken ink a little, send paper to white; one curve for all channels keeps the hue."""
    tone = np.arange(256, dtype=np.float32) / 255
    stretched = np.clip((tone - 0.06) / (_PAPER - 0.06), 0, 1)
    return (255 * stretched**1.1).astype(np.uint8)
