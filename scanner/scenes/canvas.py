"""The picture while it is made: colour, light and shine apart, so that a shadow is a factor.

Light of index 0 is the ambient one, which only contact shadows darken; the others are lamps.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np

from scanner.scenes.camera import Camera
from scanner.scenes.light import Lamp
from scanner.scenes.models import Floats
from scanner.scenes.relief import Array
from scanner.types import Grey

Box = tuple[slice, slice]


@dataclass(eq=False)
class Canvas:
    """`colour` (H, W, 3) linear BGR; `light` one (H, W) a light; `shine` (H, W) mirrored light."""

    camera: Camera
    lamps: tuple[Lamp, ...]
    ambient: Array
    colour: Floats = field(init=False)
    light: list[Floats] = field(init=False)
    shine: Floats = field(init=False)

    def __post_init__(self) -> None:
        shape = self.camera.size[::-1]
        self.colour = np.zeros((*shape, 3), np.float32)
        self.light = [np.ones(shape, np.float32) for _ in range(len(self.lamps) + 1)]
        self.shine = np.zeros(shape, np.float32)

    def box(self, pixels: Array | Floats, pad: float = 3) -> Box:
        """The part of the picture around points (N, 2), cut at its edges; may be empty."""
        width, height = self.camera.size
        low = np.clip(np.floor(pixels.min(0) - pad), 0, [width, height]).astype(int)
        high = np.clip(np.ceil(pixels.max(0) + pad + 1), 0, [width, height]).astype(int)
        return slice(low[1], max(high[1], low[1])), slice(low[0], max(high[0], low[0]))

    def cover(self, box: Box, alpha: Floats, colour: Floats, lights: list[Floats]) -> None:
        """Lay something over a part of the picture: alpha (h, w), colour (h, w, 3)."""
        part = self.colour[box]
        part += (colour - part) * alpha[..., None]
        for whole, new in zip(self.light, lights, strict=True):
            whole[box] += (new - whole[box]) * alpha
        self.shine[box] *= 1 - alpha

    def fill(self, outline: Array | Floats, colour: Array, height: float = 0.0) -> None:
        """A plain area with an outline (N, 2) pixels, lit like a level plane."""
        box = self.box(outline)
        alpha = self.mask(box, [outline])
        if alpha.size:
            area = np.broadcast_to(np.asarray(colour, np.float32), (*alpha.shape, 3))
            self.cover(box, alpha, np.asarray(area), self.level_light(box, height))

    def mask(self, box: Box, outlines: list[Array] | list[Floats] | list[Array | Floats]) -> Floats:
        """(h, w) 0..1: how far pixels lie inside any of the outlines, smooth at their edges."""
        shape = (box[0].stop - box[0].start, box[1].stop - box[1].start)
        drawn = np.zeros(shape, np.uint8)
        for outline in outlines:
            local = (np.asarray(outline, np.float64) - [box[1].start, box[0].start]) * 16
            fixed = np.clip(np.rint(local), -(2**20), 2**20).astype(np.int32)
            if drawn.size:
                cv2.fillPoly(drawn, [fixed], 255, cv2.LINE_AA, shift=4)
        return np.asarray(drawn, np.float32) / np.float32(255)

    def level_light(self, box: Box, height: float = 0.0) -> list[Floats]:
        """Light on a level plane, smooth over the box."""
        rows = np.linspace(box[0].start, box[0].stop - 1, 12)
        columns = np.linspace(box[1].start, box[1].stop - 1, 16)
        flat = self.camera.on_plane(np.stack(np.meshgrid(columns, rows), -1), height)
        points = np.concatenate([flat, np.full((*flat.shape[:2], 1), height)], -1)
        up = np.array([0.0, 0.0, 1.0])
        coarse = [np.ones(points.shape[:2], np.float32)]
        coarse += [lamp.arriving(points, up) for lamp in self.lamps]
        return [grown(field, box) for field in coarse]

    def shade(self, lamp: int, outlines: list[Array], softness: float, depth: float = 1.0) -> None:
        """Darken one light (0 the ambient) inside outlines (N, 2) pixels; `softness` pixels."""
        everything = np.concatenate(outlines)
        box = self.box(everything, 2.5 * softness + 3)
        shape = (box[0].stop - box[0].start, box[1].stop - box[1].start)
        if min(shape) < 2:
            return
        coarse = max(1.0, min(softness / 2.0, min(shape) / 4))
        small = (max(2, round(shape[0] / coarse)), max(2, round(shape[1] / coarse)))
        factor = np.array([small[1] / shape[1], small[0] / shape[0]])
        local = [(line - [box[1].start, box[0].start]) * factor for line in outlines]
        drawn = _drawn(local, small)
        blurred = cv2.GaussianBlur(drawn, (0, 0), max(0.4, softness / coarse / 2))
        dark = cv2.resize(blurred, shape[::-1], interpolation=cv2.INTER_LINEAR)
        self.light[lamp][box] *= 1 - np.asarray(dark, np.float32) * np.float32(depth / 255)

    def lit(self) -> Floats:
        """(H, W, 3) linear light that reaches the lens; the middle of a white level plane is 1."""
        colours = np.stack([self.ambient, *(lamp.colour for lamp in self.lamps)])
        planes = []
        for channel, reflected in enumerate(cv2.split(self.colour)):
            total = np.zeros_like(self.shine)
            for light, share in zip(self.light, colours[:, channel], strict=True):
                cv2.scaleAdd(light, float(share), total, total)
            planes.append(cv2.add(cv2.multiply(total, reflected), self.shine))
        return np.asarray(cv2.merge(planes), np.float32)


def ideal_pixels(camera: Camera, box: Box) -> Floats:
    """(h, w, 2) ideal pixels of every pixel of a box; a lens is smooth enough for every fourth to
    be computed (an error below 0.003 pixels)."""
    return _every_fourth(camera.ideal, box)


def table_places(camera: Camera, box: Box, height: float = 0.0) -> Floats:
    """(h, w, 2) mm: where every pixel of a box meets the plane z = `height`."""
    return _every_fourth(lambda pixels: camera.on_plane(pixels, height), box)


def _every_fourth(mapped: Callable[[Array], Array], box: Box) -> Floats:
    """By `cv2.resize`, whose weights are exact; the warps round them to a thirty-second."""
    height, width = (part.stop - part.start for part in box)
    rows, columns = (
        part.start + np.arange(-2.5, size + 4, 4)
        for part, size in zip(box, (height, width), strict=True)
    )
    coarse = mapped(np.stack(np.meshgrid(columns, rows), -1)).astype(np.float32)
    fine = cv2.resize(coarse, (4 * len(columns), 4 * len(rows)), interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(fine[4 : 4 + height, 4 : 4 + width], np.float32)


def grown(coarse: Floats, box: Box) -> Floats:
    """A coarse field (rows, columns[, n]) resized to a box, outer samples on the outer pixels."""
    height, width = box[0].stop - box[0].start, box[1].stop - box[1].start
    rows, columns = coarse.shape[:2]
    if min(height, width) < 1:
        return np.zeros((height, width, *coarse.shape[2:]), np.float32)
    matrix = np.array(
        [
            [(columns - 1) / max(width - 1, 1), 0, 0],
            [0, (rows - 1) / max(height - 1, 1), 0],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    field = cv2.warpAffine(coarse, matrix, (width, height), flags=flags)
    return np.asarray(field, np.float32)


def _drawn(outlines: list[Array], shape: tuple[int, int]) -> Grey:
    mask = np.zeros(shape, np.uint8)
    for line in outlines:
        fixed = np.clip(np.rint(line * 16), -(2**20), 2**20).astype(np.int32)
        cv2.fillPoly(mask, [fixed], 255, cv2.LINE_AA, shift=4)
    return mask
