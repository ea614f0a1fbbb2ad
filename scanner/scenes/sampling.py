"""Looking a picture up at computed places."""

import cv2
import numpy as np

from scanner.scenes.models import Floats
from scanner.types import Image


def looked_up(field: Floats, at: Floats) -> Floats:
    """A field (rows, columns[, n]) at places (h, w, 2) x, y in samples; its rim goes on outside."""
    across, down = cv2.split(at)
    taken = cv2.remap(field, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(taken, np.float32)


def texels(image: Image, at: Floats, border: int = cv2.BORDER_REPLICATE) -> Floats:
    """The linear colour (0..1) of a BGR picture at places (h, w, 2)."""
    across, down = cv2.split(at)
    taken = cv2.remap(image, across, down, cv2.INTER_LINEAR, borderMode=border)
    return linear(np.asarray(taken, np.uint8))


def linear(image: Image) -> Floats:
    """Tone values to light: gamma 2, near enough to a camera's and a single multiplication."""
    scaled = image.astype(np.float32)
    scaled *= np.float32(1 / 255)
    return np.asarray(cv2.multiply(scaled, scaled), np.float32)
