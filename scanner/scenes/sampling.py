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


def texels(image: Image, at: Floats) -> Floats:
    """The linear colour (0..1) of a BGR picture at places (h, w, 2); its rim goes on outside."""
    return _texels(image, at, cv2.BORDER_REPLICATE)


def mirrored_texels(image: Image, at: Floats) -> Floats:
    """The same of a picture that is mirrored again and again outside."""
    return _texels(image, at, cv2.BORDER_REFLECT)


def _texels(image: Image, at: Floats, border: int) -> Floats:
    across, down = cv2.split(at)
    taken = cv2.remap(image, across, down, cv2.INTER_LINEAR, borderMode=border)
    return linear(np.asarray(taken, np.uint8))


def linear(image: Image) -> Floats:
    """Tone values to light: gamma 2, near enough to a camera's and a single multiplication."""
    scaled = image.astype(np.float32)
    scaled *= np.float32(1 / 255)
    return np.asarray(cv2.multiply(scaled, scaled), np.float32)


def coverage(within: Floats) -> Floats:
    """A distance inside an edge (h, w), any unit, to the share of each pixel that is covered."""
    across = cv2.Sobel(within, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    along = cv2.Sobel(within, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    slope = np.maximum(cv2.magnitude(across, along), 1e-6)
    return np.asarray(np.clip(within / slope + np.float32(0.5), 0, 1), np.float32)
