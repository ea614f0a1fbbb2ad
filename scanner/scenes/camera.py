"""The eye of a scene: a pinhole with a bent lens over a table.

The table is the plane z = 0 in millimetres, x to the right, y towards the person, z up. "Ideal"
pixels are those of a lens without distortion; the lens follows the division model, whose both
directions are closed formulas, so that truth is exact.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Pixels = NDArray[Any]


@dataclass(frozen=True)
class View:
    """How the person holds the camera: degrees, and `bend` of the lens (barrel < 0)."""

    tilt: float
    azimuth: float
    roll: float
    field: float
    bend: float


@dataclass(frozen=True, eq=False)
class Camera:
    """`size` width and height; `focal` pixels; `axes` rows right, down, forward; `place` mm."""

    size: tuple[int, int]
    focal: float
    axes: Matrix
    place: Matrix
    bend: float

    @property
    def middle(self) -> Matrix:
        return (np.array(self.size, np.float64) - 1) / 2

    @property
    def _reach(self) -> float:
        return float(np.hypot(*self.size)) / 2

    def ideal(self, pixels: Pixels) -> Matrix:
        """(..., 2) seen pixels to ideal ones."""
        off = (np.asarray(pixels, np.float64) - self.middle) / self._reach
        square = (off**2).sum(-1, keepdims=True)
        return np.asarray(off / (1 + self.bend * square) * self._reach + self.middle)

    def bent(self, ideal: Matrix) -> Matrix:
        """(..., 2) ideal pixels to seen ones."""
        off = (ideal - self.middle) / self._reach
        square = (off**2).sum(-1, keepdims=True)
        root = np.sqrt(np.maximum(1 - 4 * self.bend * square, 1e-6))
        return np.asarray(off * (2 / (1 + root)) * self._reach + self.middle)

    def to_ideal(self, points: Matrix) -> Matrix:
        """(..., 3) mm to ideal pixels."""
        seen = (points - self.place) @ self.axes.T
        depth = np.maximum(seen[..., 2:], 1e-3)
        return np.asarray(seen[..., :2] / depth * self.focal + self.middle)

    def project(self, points: Matrix) -> Matrix:
        """(..., 3) mm to seen pixels."""
        return self.bent(self.to_ideal(points))

    def plane(self, height: float = 0.0) -> Matrix:
        """(3, 3): x, y in mm on the plane z = `height` to ideal pixels."""
        turned = self.axes.copy()
        shift = self.axes @ (np.array([0, 0, height]) - self.place)
        inner = np.diag([self.focal, self.focal, 1.0])
        inner[:2, 2] = self.middle
        return np.asarray(inner @ np.column_stack([turned[:, 0], turned[:, 1], shift]))

    def on_plane(self, pixels: Pixels, height: float = 0.0) -> Matrix:
        """(..., 2) seen pixels to x, y in mm on a plane; above the horizon, somewhere far away."""
        ideal = self.ideal(pixels)
        back = np.linalg.inv(self.plane(height))
        flat = ideal @ back[:, :2].T + back[:, 2]
        sign = np.sign(back[2] @ [*self.middle, 1.0])
        return np.asarray(flat[..., :2] / np.maximum(flat[..., 2:] * sign, 2e-5) * sign)

    def scale(self, point: Matrix) -> float:
        """Pixels a millimetre has at `point` (3,)."""
        return self.focal / float((point - self.place) @ self.axes[2])


def aimed(size: tuple[int, int], view: View, target: Matrix, distance: float) -> Camera:
    """A camera that looks at `target` (3,) from `distance` mm."""
    tilt, azimuth = np.radians(view.tilt), np.radians(view.azimuth)
    away = np.array(
        [np.sin(tilt) * np.sin(azimuth), np.sin(tilt) * np.cos(azimuth), np.cos(tilt)], np.float64
    )
    forward = -away
    down = np.array([0.0, 1.0, 0.0]) - forward[1] * forward
    down /= np.linalg.norm(down)
    right = np.cross(forward, down)
    turn = np.radians(view.roll)
    axes = np.stack(
        [
            np.cos(turn) * right + np.sin(turn) * down,
            np.cos(turn) * down - np.sin(turn) * right,
            forward,
        ]
    )
    focal = float(np.hypot(*size)) / 2 / np.tan(np.radians(view.field) / 2)
    return Camera(size, float(focal), axes, target + away * distance, view.bend)


def framed(
    size: tuple[int, int], view: View, points: Matrix, fill: float, at: tuple[float, float]
) -> Camera:
    """A camera whose picture is filled by `points` (N, 3) to `fill` of the tighter side, with
    their middle at the fraction `at` (x, y) of the picture."""
    target = np.append(points[:, :2].mean(0), 0.0)
    distance = 4 * float(np.ptp(points[:, :2], axis=0).max())
    camera = aimed(size, view, target, distance)
    wanted = np.array(at) * size - 0.5
    for _ in range(6):
        seen = camera.project(points)
        low, high = seen.min(0), seen.max(0)
        distance *= float(np.clip(((high - low) / size).max() / fill, 0.4, 2.5))
        now = camera.on_plane((low + high) / 2)
        then = camera.on_plane(wanted)
        target[:2] += np.clip(now - then, -distance, distance)
        camera = aimed(size, view, target, distance)
    return camera
