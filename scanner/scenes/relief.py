"""How paper bends: along straight rulings, as a sheet that cannot stretch does.

A bend is a curve of slopes over the way along one direction of the page; its integral gives
height and shortening. Several bends (curl, folds, a lifted corner) add up.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanner.scenes.noise import fractal

Array = NDArray[np.float64]

_STEPS = 600
_MARGIN = 0.3


@dataclass(frozen=True, eq=False)
class Bend:
    """`way` (N,) mm along `direction` (2,); `shift` (N,) mm along it and `height` (N,) mm."""

    direction: Array
    way: Array
    shift: Array
    height: Array

    def __call__(self, points: Array) -> Array:
        """(..., 2) mm on the flat page to the (..., 3) they are moved by."""
        along = points @ self.direction
        shift = np.interp(along, self.way, self.shift)[..., None] * self.direction
        return np.concatenate([shift, np.interp(along, self.way, self.height)[..., None]], -1)


@dataclass(frozen=True, eq=False)
class Crumple:
    """`field` (H, W) mm of height over a page of `size` (width, height) mm."""

    field: Array
    size: tuple[float, float]

    def __call__(self, points: Array) -> Array:
        rows, columns = self.field.shape
        x = np.clip((points[..., 0] / self.size[0] + 0.5) * (columns - 1), 0, columns - 1.001)
        y = np.clip((points[..., 1] / self.size[1] + 0.5) * (rows - 1), 0, rows - 1.001)
        left, top = x.astype(int), y.astype(int)
        right, low = x - left, y - top
        upper = self.field[top, left] * (1 - right) + self.field[top, left + 1] * right
        under = self.field[top + 1, left] * (1 - right) + self.field[top + 1, left + 1] * right
        height = upper * (1 - low) + under * low
        return np.stack([np.zeros_like(height), np.zeros_like(height), height], -1)


Relief = Bend | Crumple


def _bend(direction: Array, reach: float, slopes: Array) -> Bend:
    """`slopes`: angle in radians at `_STEPS` places from -reach to reach."""
    way = np.linspace(-reach, reach, _STEPS)
    step = way[1] - way[0]
    height = np.cumsum(np.sin(slopes)) * step
    shift = np.cumsum(np.cos(slopes) - 1) * step
    half = _STEPS // 2
    return Bend(direction, way, shift - shift[half], height - height[half])


def _unit(angle: float) -> Array:
    return np.array([np.cos(angle), np.sin(angle)])


def _reach(size: tuple[float, float]) -> float:
    return float(np.hypot(*size)) * (0.5 + _MARGIN)


def curl(rng: np.random.Generator, size: tuple[float, float], strength: float) -> Bend:
    """A page that was rolled or never lay flat; `strength` is its steepest slope in radians."""
    upright = size[1] >= size[0]
    main = np.pi / 2 if upright == (rng.random() < 0.7) else 0.0
    reach = _reach(size)
    way = np.linspace(-1, 1, _STEPS)
    slopes = way * rng.uniform(-0.6, 1.0)
    for wave in range(1, 4):
        slopes += rng.normal(0, 0.5 / wave) * np.sin(np.pi * wave * way + rng.uniform(0, 6.3))
    slopes *= strength / np.abs(slopes).max()
    return _bend(_unit(main + rng.normal(0, 0.25)), reach, slopes)


def waves(rng: np.random.Generator, size: tuple[float, float], strength: float) -> Bend:
    """A receipt off the roll: several soft waves across its length."""
    reach = _reach(size)
    way = np.linspace(-reach, reach, _STEPS)
    length = rng.uniform(35, 110)
    phase = rng.uniform(0, 6.3) + 1.5 * np.sin(way / rng.uniform(60, 150))
    ends = 1 + 0.6 * np.abs(way / reach) ** 2
    slopes = strength * np.sin(way / length * 2 * np.pi + phase) * ends
    return _bend(_unit(np.pi / 2 + rng.normal(0, 0.05)), reach, slopes)


def folds(rng: np.random.Generator, size: tuple[float, float], strength: float) -> Bend:
    """A letter that was folded in two, three or four: slopes that jump at creases."""
    across = rng.random() < 0.25
    length = size[0] if across else size[1]
    parts = int(rng.choice([2, 3, 4]))
    reach = _reach(size)
    way = np.linspace(-reach, reach, _STEPS)
    cuts = (np.arange(1, parts) / parts - 0.5) * length
    sides = rng.uniform(-1, 1, parts) * strength
    sides[1::2] = -np.abs(sides[1::2])
    sides[0::2] = np.abs(sides[0::2])
    soft = rng.uniform(0.5, 3.0)
    slopes = np.full(_STEPS, sides[0])
    for cut, (before, after) in zip(cuts, np.stack([sides[:-1], sides[1:]], -1), strict=True):
        slopes += (after - before) / (1 + np.exp(-np.clip((way - cut) / soft, -40, 40)))
    return _bend(_unit(0.0 if across else np.pi / 2), reach, slopes)


def spine(rng: np.random.Generator, size: tuple[float, float], strength: float) -> Bend:
    """An open booklet: both leaves rise from the fold in the middle and settle."""
    reach = _reach(size)
    way = np.linspace(-reach, reach, _STEPS)
    settle = size[0] * rng.uniform(0.06, 0.16)
    off = way - 0.0
    slopes = np.sign(off) * strength * np.exp(-np.abs(off) / settle)
    slopes -= np.sign(off) * strength * rng.uniform(0.05, 0.2)
    return _bend(_unit(0.0), reach, slopes)


def lifted_corner(rng: np.random.Generator, size: tuple[float, float], strength: float) -> Bend:
    """A dog-ear: one corner stands up behind a crease or a soft curl."""
    corner = rng.choice([-1.0, 1.0], 2) * np.array(size) / 2
    aim = np.arctan2(corner[1], corner[0]) + rng.normal(0, 0.25)
    direction = _unit(float(aim))
    far = float(corner @ direction)
    start = far - rng.uniform(0.12, 0.4) * min(size)
    reach = _reach(size)
    way = np.linspace(-reach, reach, _STEPS)
    soft = rng.uniform(1.0, 18.0)
    slopes = strength / (1 + np.exp(-np.clip((way - start) / soft, -40, 40)))
    return _bend(direction, reach, slopes)


def crumple(rng: np.random.Generator, size: tuple[float, float], strength: float) -> Crumple:
    """Hand-crumpled paper: facets as steep as `strength`."""
    cell = rng.uniform(10, 40)
    shape = (96, 96)
    field = np.abs(2 * fractal(rng, shape, (size[1] / cell, size[0] / cell), 3) - 1)
    return Crumple(np.asarray(field * strength * cell * 0.5, np.float64), size)
