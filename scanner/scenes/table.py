"""Draws the table: its texture under the camera, its rim, its light, what a lamp mirrors in it."""

import numpy as np

from scanner.scenes.canvas import Canvas, grown, table_places
from scanner.scenes.ground import Ground, ground_texture
from scanner.scenes.models import Floats
from scanner.scenes.relief import Array
from scanner.scenes.sampling import mirrored_texels

_LARGEST = 2200
_BEYOND = (Ground.PLAIN, Ground.WOOD, Ground.WHITE, Ground.TILES, Ground.SPECKLED, Ground.CLOTH)


def draw_table(
    props: np.random.Generator,
    texture: np.random.Generator,
    canvas: Canvas,
    kind: Ground,
    edge: float,
) -> None:
    """Fill the whole picture with a surface; with chance `edge` it ends before the frame does."""
    width, height = canvas.camera.size
    flat = table_places(canvas.camera, (slice(0, height), slice(0, width)))
    canvas.colour = _surface(props, texture, canvas, kind, flat)
    canvas.light = canvas.level_light((slice(0, height), slice(0, width)))
    if props.random() < edge:
        _end(props, texture, canvas, flat)
    if props.random() < 0.5:
        canvas.shine += _glow(canvas) * np.float32(props.uniform(0, 0.25))


def _surface(
    props: np.random.Generator,
    texture: np.random.Generator,
    canvas: Canvas,
    kind: Ground,
    flat: Floats,
) -> Floats:
    """(H, W, 3) linear colour of a surface seen at places `flat` (H, W, 2) mm."""
    camera = canvas.camera
    wanted = 0.85 * float(np.hypot(*camera.size))
    side = int(min(_LARGEST, wanted))
    middle = camera.on_plane(camera.middle)
    millis = camera.scale(np.append(middle, 0.0)) * side / wanted
    image = ground_texture(texture, kind, (side, side), millis)
    angle = props.uniform(0, 2 * np.pi)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) * millis
    at = (flat - middle.astype(np.float32)) @ turn.astype(np.float32) + np.float32(side / 2)
    return mirrored_texels(image, np.clip(at, -30000, 30000))


def _end(
    props: np.random.Generator, texture: np.random.Generator, canvas: Canvas, flat: Floats
) -> None:
    """Beyond a straight rim somewhere near the frame's border there is another, darker surface."""
    size = np.array(canvas.camera.size)
    rim = props.uniform(0.02, 0.14)
    outwards = ((0, -1), (-1, 0), (1, 0), (0, 1))[int(props.choice(4, p=[0.55, 0.15, 0.15, 0.15]))]
    seen = (np.array(outwards) * (0.5 - rim) + 0.5) * size
    inner = canvas.camera.on_plane(seen - np.array(outwards) * 0.1 * size)
    way = canvas.camera.on_plane(seen) - inner
    aim = np.arctan2(way[1], way[0]) + props.normal(0, 0.15)
    normal = np.array([np.cos(aim), np.sin(aim)], np.float32)
    start = canvas.camera.on_plane(seen).astype(np.float32)
    beyond = (flat - start) @ normal
    alpha = np.clip(beyond * np.float32(canvas.camera.scale(np.append(start, 0.0))), 0, 1)
    kind = _BEYOND[int(props.integers(len(_BEYOND)))]
    other = _surface(props, texture, canvas, kind, flat) * np.float32(props.uniform(0.1, 0.9))
    canvas.colour += (other - canvas.colour) * alpha[..., None]


def _glow(canvas: Canvas) -> Floats:
    width, height = canvas.camera.size
    points = _coarse(canvas)
    up = np.array([0.0, 0.0, 1.0])
    eye = canvas.camera.place
    total = sum(lamp.mirrored(points, up, eye, 60.0) * lamp.colour.mean() for lamp in canvas.lamps)
    return grown(np.asarray(total, np.float32), (slice(0, height), slice(0, width)))


def _coarse(canvas: Canvas) -> Array:
    """(24, 32, 3) mm: places of the table all over the picture."""
    width, height = canvas.camera.size
    rows, columns = np.linspace(0, height - 1, 24), np.linspace(0, width - 1, 32)
    flat = canvas.camera.on_plane(np.stack(np.meshgrid(columns, rows), -1))
    return np.concatenate([flat, np.zeros((*flat.shape[:2], 1))], -1)
