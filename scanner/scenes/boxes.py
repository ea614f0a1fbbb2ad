"""Things with straight sides on a table: books, telephones, keyboards, screens, boxes, cups."""

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.geometry import unit_square
from scanner.scenes.canvas import Canvas
from scanner.scenes.contents import photograph
from scanner.scenes.relief import Array
from scanner.scenes.sampling import linear
from scanner.scenes.solids import cast
from scanner.types import Image

_TEXTURE = 260


@dataclass(frozen=True, eq=False)
class Box:
    """A body over an outline (N, 2) mm that stands `height` mm high; `face` is its upper side,
    stretched over the outline's own rectangle, and `side` the linear colour of its walls."""

    outline: Array
    rectangle: Array
    height: float
    face: Image
    side: Array


def draw_box(canvas: Canvas, box: Box) -> None:
    """Lay a box and its shadows over the picture."""
    upper = np.column_stack([box.outline, np.full(len(box.outline), box.height)])
    cast(canvas, [upper], 0.0)
    lower = upper * [1, 1, 0]
    camera = canvas.camera
    both = camera.project(np.concatenate([upper, lower])).astype(np.float32)
    canvas.fill(np.asarray(cv2.convexHull(both), np.float64)[:, 0], box.side)
    _face(canvas, box, camera.project(upper))


def _face(canvas: Canvas, box: Box, outline: Array) -> None:
    part = canvas.box(outline)
    alpha = canvas.mask(part, [outline])
    if min(alpha.shape) < 1:
        return
    corners = np.column_stack([box.rectangle, np.full(4, box.height)])
    seen = canvas.camera.project(corners) - [part[1].start, part[0].start]
    height, width = box.face.shape[:2]
    matrix = cv2.getPerspectiveTransform(unit_square(width, height), seen.astype(np.float32))
    flags = cv2.INTER_AREA if width > 2 * alpha.shape[1] else cv2.INTER_LINEAR
    warped = cv2.warpPerspective(
        box.face, matrix, alpha.shape[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    lights = canvas.level_light(part, box.height)
    canvas.cover(part, alpha, linear(np.asarray(warped, np.uint8)), lights)


def slab(rng: np.random.Generator, place: Array, angle: float) -> Box:
    """Something rectangular: book, telephone, keyboard, screen or carton."""
    style = int(rng.integers(5))
    maker = (_book, _phone, _keyboard, _screen, _carton)[style]
    size, height, face, side = maker(rng)
    half = np.array(size) / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    cos, sin = np.cos(angle), np.sin(angle)
    turned = corners @ np.array([[cos, sin], [-sin, cos]]) + place
    return Box(turned, turned, height, face, side)


Slab = tuple[tuple[float, float], float, Image, Array]


def _book(rng: np.random.Generator) -> Slab:
    colour = rng.uniform(15, 230, 3)
    face = np.empty((_TEXTURE, 190, 3), np.uint8)
    face[:] = colour
    if rng.random() < 0.7:
        face[60:200, 20:170] = photograph(rng, (150, 140))
    cv2.rectangle(face, (20, 20), (170, 45), tuple(map(float, rng.uniform(0, 255, 3))), -1)
    size = (float(rng.uniform(110, 215)), float(rng.uniform(150, 290)))
    return size, float(rng.uniform(2, 30)), face, np.array([0.7, 0.75, 0.8])


def _phone(rng: np.random.Generator) -> Slab:
    face = np.full((_TEXTURE, 126, 3), 12, np.uint8)
    if rng.random() < 0.4:
        face[8:-8, 6:-6] = photograph(rng, (114, _TEXTURE - 16))
    return (72.0, 150.0), 8.0, face, np.full(3, 0.02)


def _keyboard(rng: np.random.Generator) -> Slab:
    body, key = rng.uniform(10, 60), rng.uniform(15, 90)
    if rng.random() < 0.3:
        body, key = rng.uniform(170, 220), rng.uniform(210, 250)
    face = np.full((120, 400, 3), body, np.uint8)
    for row in range(6):
        for column in range(20):
            left, top = 6 + column * 19 + row % 2 * 5, 5 + row * 19
            cv2.rectangle(face, (left, top), (left + 15, top + 15), (key, key, key), -1)
            cv2.circle(face, (left + 6, top + 6), 1, (255 - key,) * 3, -1)
    return (
        (float(rng.uniform(280, 440)), float(rng.uniform(110, 150))),
        18.0,
        face,
        np.full(3, 0.03),
    )


def _screen(rng: np.random.Generator) -> Slab:
    face = np.full((180, 300, 3), 10, np.uint8)
    if rng.random() < 0.6:
        face[8:-8, 8:-8] = photograph(rng, (284, 164))
    return (
        (float(rng.uniform(250, 520)), float(rng.uniform(160, 320))),
        20.0,
        face,
        np.full(3, 0.02),
    )


def _carton(rng: np.random.Generator) -> Slab:
    shade = rng.uniform(30, 250, 3) if rng.random() < 0.6 else np.array([110, 155, 190])
    face = np.empty((100, 100, 3), np.uint8)
    face[:] = shade
    size = (float(rng.uniform(30, 260)), float(rng.uniform(20, 200)))
    return size, float(rng.uniform(3, 70)), face, np.square(shade / 255) * 0.7


def cup(rng: np.random.Generator, place: Array) -> list[Box]:
    """A mug or a glass from above: wall, rim, and what is in it."""
    radius, height = rng.uniform(28, 45), rng.uniform(50, 100)
    colour = rng.uniform(140, 250, 3) if rng.random() < 0.7 else rng.uniform(10, 120, 3)
    inner = colour * 0.45 if rng.random() < 0.5 else np.array([18, 30, 50])
    rim = _disc(place, radius, height, colour)
    drink = _disc(place, radius * 0.88, height, inner)
    return [rim, drink]


def coin(rng: np.random.Generator, place: Array) -> list[Box]:
    colour = np.array(((150, 165, 175), (70, 130, 170), (60, 90, 140))[int(rng.integers(3))])
    radius = float(rng.uniform(9, 13.5))
    disc = _disc(place, radius, 1.8, colour)
    return [disc, _disc(place, radius * 0.7, 1.9, colour * 0.85)]


def _disc(place: Array, radius: float, height: float, colour: Array) -> Box:
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    outline = np.stack([np.cos(angles), np.sin(angles)], -1) * radius + place
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * radius + place
    face = np.empty((16, 16, 3), np.uint8)
    face[:] = np.clip(colour * np.linspace(0.85, 1.1, 16)[:, None, None], 0, 255)
    return Box(outline, square, height, face, np.square(colour / 255) * 0.6)
