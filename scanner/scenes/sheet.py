"""One paper in space: size, place on the table, bends, and what is printed on it."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from scanner.scenes.camera import Camera
from scanner.scenes.models import Floats, Kind
from scanner.scenes.relief import Array, Relief
from scanner.types import Image

_SIDE = 40


@dataclass(frozen=True, eq=False)
class Sheet:
    """`size` width, height mm; `place` x, y mm of its middle; `angle` radians, clockwise as seen;
    `base` mm above the table; `radius` mm of its corners; `tear` (2, N) mm that the upper and lower
    edge step in; `gloss` 0..1; `stack` mm of pages beneath; `damped` 0..1 weakens all its bends."""

    kind: Kind
    size: tuple[float, float]
    print: Image
    place: tuple[float, float] = (0.0, 0.0)
    angle: float = 0.0
    base: float = 0.3
    radius: float = 0.0
    gloss: float = 0.0
    stack: float = 0.0
    tear: Floats = field(default_factory=lambda: np.empty((2, 0), np.float32))
    reliefs: tuple[Relief, ...] = field(default=())
    damped: float = 1.0

    def points(self, flat: Array) -> Array:
        """(..., 2) mm on the page, from its middle, to (..., 3) mm in the scene."""
        space = self._bent(flat)
        space[..., 2] += self.base - self._lowest
        return self._laid(space)

    def laid_flat(self, flat: Array) -> Array:
        """The same without any bend."""
        space = np.concatenate([flat, np.full((*flat.shape[:-1], 1), self.base)], -1)
        return self._laid(space)

    @property
    def corners(self) -> Array:
        """(4, 2) mm on the page, clockwise from its top left."""
        half = np.array(self.size) / 2
        return np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half

    def border(self) -> Array:
        """(N, 2) mm on the page: its true edge, clockwise."""
        if self.radius:
            return self._rounded()
        sides = [
            _between(*ends) for ends in zip(self.corners, np.roll(self.corners, -1, 0), strict=True)
        ]
        if self.tear.size:
            sides[0] = self._torn(0, 1.0)
            sides[2] = self._torn(1, -1.0)[::-1]
        return np.concatenate(sides)

    def quad(self, camera: Camera) -> Floats:
        """(4, 2) pixels: where the four corners really are."""
        return camera.project(self.points(self.corners)).astype(np.float32)

    def outline(self, camera: Camera) -> Floats:
        """(N, 2) pixels: the silhouette."""
        return camera.project(self.points(self.border())).astype(np.float32)

    def inside(self, flat: Array | Floats) -> Floats:
        """(..., 2) mm on the page to mm within its edge, negative outside."""
        half = np.array(self.size, np.float32) / 2 - np.float32(self.radius)
        low = np.abs(flat) - half
        if self.tear.size:
            low[..., 1] = np.maximum(low[..., 1], self._tear_inset(flat) + low[..., 1])
        if not self.radius:
            return np.asarray(-np.maximum(low[..., 0], low[..., 1]), np.float32)
        out = np.hypot(np.maximum(low[..., 0], 0), np.maximum(low[..., 1], 0))
        deep = np.minimum(np.maximum(low[..., 0], low[..., 1]), 0)
        return np.asarray(self.radius - out - deep, np.float32)

    def _tear_inset(self, flat: Array | Floats) -> Floats:
        knots = np.linspace(-0.5, 0.5, self.tear.shape[1]) * self.size[0]
        upper, lower = (np.interp(flat[..., 0], knots, edge) for edge in self.tear)
        return np.asarray(np.where(flat[..., 1] < 0, upper, lower), np.float32)

    def _torn(self, edge: int, sign: float) -> Array:
        knots = np.linspace(-0.5, 0.5, self.tear.shape[1]) * self.size[0]
        down = sign * (self.tear[edge] - self.size[1] / 2)
        return np.stack([knots, down], -1)

    def _rounded(self) -> Array:
        angles = np.linspace(0, np.pi / 2, 9)
        arc = np.stack([-np.cos(angles), -np.sin(angles)], -1) * self.radius
        turns = [arc, arc[:, ::-1] * [-1, 1], -arc, arc[:, ::-1] * [1, -1]]
        middles = self.corners - np.sign(self.corners) * self.radius
        arcs = [middle + turn for middle, turn in zip(middles, turns, strict=True)]
        sides = [_between(arcs[index][-1], arcs[(index + 1) % 4][0])[1:] for index in range(4)]
        return np.concatenate([part for pair in zip(arcs, sides, strict=True) for part in pair])

    def _laid(self, space: Array) -> Array:
        turn = np.array(
            [[np.cos(self.angle), -np.sin(self.angle)], [np.sin(self.angle), np.cos(self.angle)]]
        )
        space[..., :2] = space[..., :2] @ turn.T + np.array(self.place)
        return space

    def _bent(self, flat: Array) -> Array:
        space = np.concatenate([flat, np.zeros((*flat.shape[:-1], 1))], -1)
        for relief in self.reliefs:
            space += relief(flat) * self.damped
        return space

    @cached_property
    def _lowest(self) -> float:
        steps = np.linspace(-0.5, 0.5, 33)
        grid = np.stack(np.meshgrid(steps * self.size[0], steps * self.size[1]), -1)
        return float(self._bent(grid)[..., 2].min()) if self.reliefs else 0.0


def _between(start: Array, end: Array) -> Array:
    """Places along a side, its end left out."""
    return np.asarray(start + (end - start) * (np.arange(_SIDE) / _SIDE)[:, None])
