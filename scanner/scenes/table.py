"""Draws the table: its texture under the camera, its light, and what a lamp mirrors in it."""

import cv2
import numpy as np

from scanner.scenes.canvas import Canvas, grown
from scanner.scenes.ground import Ground, ground_texture
from scanner.scenes.sampling import texels

_LARGEST = 2200


def draw_table(rng: np.random.Generator, canvas: Canvas, kind: Ground) -> None:
    """Fill the whole picture with a surface."""
    camera = canvas.camera
    width, height = camera.size
    side = int(min(_LARGEST, 1.25 * float(np.hypot(width, height))))
    middle = camera.on_plane(camera.middle)
    millis = camera.scale(np.append(middle, 0.0)) * side / (1.25 * float(np.hypot(width, height)))
    texture = ground_texture(rng, kind, (side, side), millis)
    whole = (slice(0, height), slice(0, width))
    angle = rng.uniform(0, 2 * np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    columns, rows = np.meshgrid(np.arange(width), np.arange(height))
    flat = camera.on_plane(np.stack([columns, rows], -1)) - middle
    at = ((flat @ turn.T) * millis + side / 2).astype(np.float32)
    at = np.clip(at, -30000, 30000)
    canvas.colour = texels(texture, at, cv2.BORDER_REFLECT)
    canvas.light = canvas.level_light(whole)
    gloss = rng.uniform(0, 0.25) if rng.random() < 0.5 else 0.0
    if gloss:
        canvas.shine += _glow(canvas) * np.float32(gloss)


def _glow(canvas: Canvas) -> np.ndarray:
    width, height = canvas.camera.size
    rows, columns = np.linspace(0, height - 1, 24), np.linspace(0, width - 1, 32)
    flat = canvas.camera.on_plane(np.stack(np.meshgrid(columns, rows), -1))
    points = np.concatenate([flat, np.zeros((*flat.shape[:2], 1))], -1)
    up = np.array([0.0, 0.0, 1.0])
    eye = canvas.camera.place
    total = sum(lamp.mirrored(points, up, eye, 60.0) * lamp.colour.mean() for lamp in canvas.lamps)
    return grown(np.asarray(total, np.float32), (slice(0, height), slice(0, width)))
