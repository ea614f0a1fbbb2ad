"""Shadows of things outside the picture: heads, hands, telephones, shelves, window bars."""

import numpy as np

from scanner.scenes.canvas import Canvas
from scanner.scenes.relief import Array


def draw_shadow(rng: np.random.Generator, canvas: Canvas) -> None:
    """Darken one lamp, or with several lamps perhaps the daylight, somewhere in the picture."""
    size = np.array(canvas.camera.size)
    middle = rng.uniform(0.0, 1.0, 2) * size
    reach = float(size.max())
    outline = _OUTLINES[int(rng.integers(len(_OUTLINES)))](rng, reach) + middle
    soft = reach * float(rng.choice([0.004, 0.015, 0.04, 0.1])) * rng.uniform(0.5, 1.5)
    lamp = int(np.argmax([light.colour.mean() for light in canvas.lamps])) + 1
    canvas.shade(lamp, [outline], soft, float(rng.uniform(0.5, 0.95)))
    if rng.random() < 0.4:
        canvas.shade(0, [outline], soft * 1.5, float(rng.uniform(0.1, 0.4)))


def _head(rng: np.random.Generator, reach: float) -> Array:
    """A round thing, or a round one on shoulders."""
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    radius = reach * rng.uniform(0.12, 0.35)
    bumps = 1 + 0.08 * np.sin(angles * 3 + rng.uniform(0, 6)) + 0.2 * np.cos(angles) ** 2
    return np.stack([np.cos(angles) * radius, np.sin(angles) * radius * bumps], -1)


def _band(rng: np.random.Generator, reach: float) -> Array:
    """A shelf's edge, an arm, a window bar: long and straight."""
    angle = rng.uniform(0, np.pi)
    along = np.array([np.cos(angle), np.sin(angle)])
    across = np.array([-along[1], along[0]])
    wide = reach * rng.uniform(0.02, 0.5)
    far = 2 * reach
    return np.array(
        [-along * far, along * far, along * far + across * wide, -along * far + across * wide]
    )


def _telephone(rng: np.random.Generator, reach: float) -> Array:
    """The camera's own shadow, a rectangle with rounded ends."""
    angle = rng.uniform(0, np.pi)
    corners = np.array([[-1, -2], [-0.8, -2.1], [0.8, -2.1], [1, -2], [1, 2], [-1, 2]])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray(corners * reach * rng.uniform(0.06, 0.16) @ turn)


_OUTLINES = (_head, _band, _telephone)
