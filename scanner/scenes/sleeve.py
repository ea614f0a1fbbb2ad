"""A transparent plastic sleeve over a sheet: haze, welded edges, a punched strip, reflections."""

from dataclasses import replace

import numpy as np

from scanner.scenes.canvas import Canvas
from scanner.scenes.models import Floats
from scanner.scenes.noise import fractal
from scanner.scenes.sampling import coverage, looked_up
from scanner.scenes.sheet import Sheet
from scanner.scenes.surface import inverse

_WELD = 1.6


def draw_sleeve(rng: np.random.Generator, canvas: Canvas, sheet: Sheet) -> None:
    """Cover a sheet that is already drawn."""
    margin = rng.uniform(6, 24, 2)
    size = (sheet.size[0] + margin[0], sheet.size[1] + margin[1])
    cover = replace(
        sheet, size=size, base=sheet.base + 0.4, tear=np.empty((2, 0), np.float32), radius=0.0
    )
    box = canvas.box(cover.outline(canvas.camera))
    if min(box[0].stop - box[0].start, box[1].stop - box[1].start) < 2:
        return
    flat = inverse(canvas, cover, box)
    within = cover.inside(flat)
    alpha = coverage(within)
    haze = np.float32(rng.uniform(0.02, 0.12))
    weld = np.clip(1 - np.abs(within - _WELD) / np.float32(_WELD), 0, 1) * np.float32(0.3)
    milk = haze + weld
    if rng.random() < 0.4:
        milk = milk + _strip(cover, flat, margin[0] * 0.7)
    milk = np.clip(milk, 0, 0.85) * alpha
    part = canvas.colour[box]
    part += (np.float32(rng.uniform(0.5, 0.9)) - part) * milk[..., None]
    canvas.shine[box] += alpha * _streaks(rng, cover, flat)


def _strip(cover: Sheet, flat: Floats, width: float) -> Floats:
    """The opaque band with punched holes along one side."""
    across = flat[..., 0] + np.float32(cover.size[0] / 2)
    along = np.mod(flat[..., 1], np.float32(80)) - 40
    hole = np.hypot(across - np.float32(width / 2), along) < min(3.0, width / 3)
    return np.where(hole, 0, 0.6 * (across < width)).astype(np.float32)


def _streaks(rng: np.random.Generator, cover: Sheet, flat: Floats) -> Floats:
    """Long, bent reflections of lamps and windows in slack film."""
    field = fractal(rng, (120, 120), (2, 5), 3)
    along, across = rng.uniform(-1, 1, 2)
    ramp = np.linspace(0, 1, 120)
    bands = field * 1.6 + along * ramp[:, None] + across * ramp[None]
    wave = np.sin(bands * rng.uniform(5, 14)) * 0.5 + 0.5
    sharp = np.clip((wave - rng.uniform(0.6, 0.93)) * rng.uniform(2, 9), 0, 1)
    streaks = (sharp * fractal(rng, (120, 120), (2, 2), 2)).astype(np.float32)
    span = np.array(cover.size, np.float32)
    at = (flat / span + np.float32(0.5)) * np.float32(119)
    return looked_up(streaks, at) * np.float32(rng.uniform(0.1, 0.9))
