"""A clean page without its colours."""

from enum import StrEnum

import cv2
import numpy as np

from scanner.image import decode, encode_jpeg

_STROKE = 41  # pixels around a point that decide what is dark: wider than any stroke
_DARKER = 22  # grey levels that ink is darker than the paper around it


class Tone(StrEnum):
    """How a page is shown."""

    COLOUR = "colour"
    GREY = "grey"
    BLACK_AND_WHITE = "bw"


def in_tone(clean_jpeg: bytes, tone: Tone) -> bytes:
    """A JPEG of the same size; with COLOUR the same bytes, else one channel."""
    if tone is Tone.COLOUR:
        return clean_jpeg
    grey = cv2.cvtColor(decode(clean_jpeg), cv2.COLOR_BGR2GRAY)
    if tone is Tone.BLACK_AND_WHITE:
        mean, inked = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY
        grey = cv2.adaptiveThreshold(grey, 255, mean, inked, _STROKE, _DARKER)
    return encode_jpeg(np.asarray(grey, np.uint8))
