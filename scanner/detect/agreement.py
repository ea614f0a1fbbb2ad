"""How well an outline agrees with what the network saw: page inside, none outside, and a border
under every side."""

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.detect.network import Look
from scanner.geometry import FOLLOWING
from scanner.types import Grey, Quad

_ALONG = np.linspace(0.06, 0.94, 24, dtype=np.float32)[None, None, :, None]
_INSIDE = np.linspace(0.05, 0.95, 9, dtype=np.float32)
_RIM = 0.07  # of a side: how far inside and outside a side is looked

Floats = NDArray[np.float32]


def agreement(seen: Look, quads: Quad) -> Floats:
    """(n,) of (n, 4, 2) quads in the picture's pixels: 0 to 1."""
    outlines = seen.on_maps(np.asarray(quads, np.float32))
    inside = _sampled(seen.page, _grid(outlines)).mean((1, 2))
    within = _sampled(seen.page, _ring(outlines, -_RIM)).mean(2)
    border = _sampled(seen.border, _ring(outlines, 0.0)).mean(2)
    beyond = _sampled(seen.page, _ring(outlines, _RIM), cv2.BORDER_CONSTANT).mean(2)
    sides = np.clip(within - beyond, 0, 1) * (0.5 + 0.5 * np.clip(border / 0.6, 0, 1))
    return np.asarray(inside * (0.6 * sides.mean(1) + 0.4 * sides.min(1)), np.float32)


def _grid(outlines: Floats) -> Floats:
    """(n, 9, 9, 2) points spread over the inside."""
    t = _INSIDE[None, :, None, None]
    top = outlines[:, None, None, 0] * (1 - t) + outlines[:, None, None, 1] * t
    bottom = outlines[:, None, None, 3] * (1 - t) + outlines[:, None, None, 2] * t
    down = _INSIDE[None, None, :, None]
    return np.asarray(top * (1 - down) + bottom * down, np.float32)


def _ring(outlines: Floats, grown: float) -> Floats:
    """(n, 4, steps, 2) points along the sides of the outline, grown or shrunk by a part of it."""
    middle = outlines.mean(1, keepdims=True)
    ring = middle + (outlines - middle) * (1 + 2 * grown)
    return np.asarray(
        ring[:, :, None] * (1 - _ALONG) + ring[:, FOLLOWING, None] * _ALONG, np.float32
    )


def _sampled(plane: Grey, points: Floats, past: int = cv2.BORDER_REPLICATE) -> Floats:
    """0 to 1 at the points; what lies past the part looked at is as its rim, or nothing."""
    flat = points.reshape(len(points), -1, 2)
    values = cv2.remap(
        plane,
        np.ascontiguousarray(flat[..., 0]),
        np.ascontiguousarray(flat[..., 1]),
        cv2.INTER_LINEAR,
        borderMode=past,
    )
    return np.asarray(values.reshape(points.shape[:-1]) / 255, np.float32)
