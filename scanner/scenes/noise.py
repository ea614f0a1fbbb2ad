"""Smooth random fields, the stuff of wood, stone, cloth and crumpled paper."""

import cv2
import numpy as np

from scanner.scenes.models import Floats
from scanner.types import Grey, Image

Shape = tuple[int, int]
"""Height and width, pixels."""


def value_noise(rng: np.random.Generator, shape: Shape, cells: tuple[float, float]) -> Floats:
    """(H, W) in about 0..1 that varies over `cells` (down, across) knots."""
    knots = rng.random((max(2, round(cells[0])) + 1, max(2, round(cells[1])) + 1), np.float32)
    coarse = max(cells) * 6 < max(shape)
    way = cv2.INTER_CUBIC if coarse else cv2.INTER_LINEAR
    field = cv2.resize(knots, (shape[1], shape[0]), interpolation=way)
    return np.asarray(field, np.float32)


def fractal(
    rng: np.random.Generator, shape: Shape, cells: tuple[float, float], octaves: int = 4
) -> Floats:
    """(H, W) in 0..1: value noise at `cells` knots and finer and finer, ever weaker."""
    total = np.zeros(shape, np.float32)
    gain, most = 1.0, 0.0
    for octave in range(octaves):
        finer = 2**octave
        if max(cells) * finer > 2 * max(shape) and octave:
            break
        cv2.scaleAdd(
            value_noise(rng, shape, (cells[0] * finer, cells[1] * finer)), gain, total, total
        )
        most += gain
        gain *= 0.55
    return np.asarray(np.clip(total / most, 0, 1), np.float32)


def grain(rng: np.random.Generator, shape: Shape, spread: float) -> Floats:
    """(H, W) white noise of standard deviation `spread`."""
    field = np.empty(shape, np.float32)
    cv2.setRNGSeed(int(rng.integers(2**31 - 1)))
    cv2.randn(field, np.zeros(1), np.full(1, spread))
    return field


def tinted(field: Floats, colours: list[tuple[float, float, float]]) -> Image:
    """Paint a field (0..1) with a ramp through BGR colours (0..255)."""
    stops = np.linspace(0, 255, len(colours))
    ramp = np.array(colours, np.float64)
    table = np.stack([np.interp(np.arange(256), stops, ramp[:, c]) for c in range(3)], -1)
    steps = np.asarray(np.clip(field * 255, 0, 255), np.uint8)
    lookup = np.ascontiguousarray(np.clip(table, 0, 255).astype(np.uint8)[:, None])
    return np.asarray(cv2.applyColorMap(steps, lookup), np.uint8)


def worley(rng: np.random.Generator, shape: Shape, cells: int) -> tuple[Floats, Grey]:
    """Random stones: distance to the nearest of `cells` points (pixels), and a shade per stone."""
    empty = np.full(shape, 255, np.uint8)
    empty[rng.integers(0, shape[0], cells), rng.integers(0, shape[1], cells)] = 0
    distance, owner = cv2.distanceTransformWithLabels(
        empty, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    shades = rng.integers(0, 256, cells + 2).astype(np.uint8)
    return np.asarray(distance, np.float32), shades[np.minimum(owner, cells + 1)]
