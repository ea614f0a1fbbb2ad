"""Lamps over the table: how much of each arrives where, and where it mirrors."""

from dataclasses import dataclass

import numpy as np

from scanner.scenes.models import Floats
from scanner.scenes.relief import Array


@dataclass(frozen=True, eq=False)
class Lamp:
    """`place` (3,) mm; `colour` (3,) BGR, 1 is white; `radius` mm decides how soft shadows are."""

    place: Array
    colour: Array
    radius: float

    def arriving(self, points: Array, normals: Array) -> Floats:
        """(..., 3) mm and unit normals to (...) light; 1 on the table at the origin."""
        way = self.place - points
        far = np.linalg.norm(way, axis=-1)
        slant = np.maximum((way * normals).sum(-1) / far, 0.02)
        middle = float(np.linalg.norm(self.place))
        reference = self.place[2] / middle**3
        return np.asarray(slant / far**2 / reference, np.float32)

    def mirrored(self, points: Array, normals: Array, eye: Array, sharpness: float) -> Floats:
        """(...) 0..1: how much of the lamp a gloss of this `sharpness` throws into the eye."""
        half = _unit(self.place - points) + _unit(eye - points)
        match = np.clip((_unit(half) * normals).sum(-1), 0, 1)
        return np.asarray(match**sharpness, np.float32)

    def shadow_on(self, points: Array, height: float) -> Array:
        """(N, 3) mm to where their shadow falls on the plane z = `height`."""
        drop = (self.place[2] - height) / np.maximum(self.place[2] - points[:, 2:], 1.0)
        return np.asarray(self.place + (points - self.place) * drop)

    def softness(self, lift: float) -> float:
        """Millimetres of half shadow that an edge `lift` mm above its ground throws."""
        return 2 * self.radius * max(lift, 0.2) / float(np.linalg.norm(self.place))


def _unit(vectors: Array) -> Array:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))
