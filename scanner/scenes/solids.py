"""Round things, such as hands, pens and cables: chains of tapered rods, lit by their true shape."""

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.scenes.canvas import Canvas, table_places
from scanner.scenes.models import Floats
from scanner.scenes.relief import Array
from scanner.scenes.sampling import coverage, looked_up

_LARGEST = 420
_PAD = 3.0


@dataclass(frozen=True)
class Rod:
    """From `start` to `end` (mm), radii there, `flat` its height over its width, linear colour."""

    start: tuple[float, float]
    end: tuple[float, float]
    wide: tuple[float, float]
    colour: tuple[float, float, float]
    lift: float = 0.0
    flat: float = 1.0

    def edge(self) -> Array:
        """(16, 2) mm: its outline from above."""
        way = np.subtract(self.end, self.start)
        aim = np.arctan2(way[1], way[0])
        angles = np.linspace(-np.pi / 2, np.pi / 2, 8)
        far = np.stack([np.cos(angles + aim), np.sin(angles + aim)], -1)
        return np.concatenate([self.end + far * self.wide[1], self.start - far * self.wide[0]])


@dataclass(frozen=True, eq=False)
class Solid:
    """Rods in a frame of their own, `place` mm and `angle` radians on the plane z = `base` mm.

    `gloss` 0..1; `soft` how much light goes round the edge, as it does in skin
    """

    rods: tuple[Rod, ...]
    place: tuple[float, float]
    angle: float
    base: float
    gloss: float = 0.0
    soft: float = 0.0

    def out(self, local: Array) -> Array:
        """(..., 2) mm of its frame to (..., 2) mm on the table."""
        return np.asarray(local @ self.turn.T + self.place)

    def into(self, table: Array | Floats) -> Array:
        return np.asarray((table - self.place) @ self.turn)

    @property
    def turn(self) -> Array:
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        return np.array([[cos, -sin], [sin, cos]])

    def outlines(self) -> list[Array]:
        """Each rod's (16, 3) mm outline in the scene, at half its height."""
        outlines = []
        for rod in self.rods:
            flat = self.out(rod.edge())
            high = self.base + rod.lift + max(rod.wide) * rod.flat * 0.5
            outlines.append(np.column_stack([flat, np.full(len(flat), high)]))
        return outlines


def draw_solid(canvas: Canvas, solid: Solid) -> None:
    """Lay a solid and its shadows over the picture."""
    outlines = solid.outlines()
    pixels = canvas.camera.project(np.concatenate(outlines))
    box = canvas.box(pixels)
    if min(box[0].stop - box[0].start, box[1].stop - box[1].start) < 2:
        return
    cast(canvas, outlines, solid.base)
    field, corner, scale = _field(canvas, solid)
    local = solid.into(table_places(canvas.camera, box, solid.base + 4))
    at = ((local - corner) * scale).astype(np.float32)
    taken = looked_up(field, at)
    alpha = coverage(taken[..., 4])
    lit = looked_up(np.stack(_lights(canvas, solid, field, scale), -1), at)
    *lights, shine = (np.asarray(part, np.float32) for part in cv2.split(lit))
    canvas.cover(box, alpha, np.ascontiguousarray(taken[..., :3]), lights)
    canvas.shine[box] += alpha * shine * np.float32(solid.gloss)


def cast(canvas: Canvas, outlines: list[Array], base: float) -> None:
    """The shadows of things whose outlines (N, 3) mm float over the plane z = `base`."""
    everything = np.concatenate(outlines)
    ends = np.cumsum([len(line) for line in outlines])[:-1]
    middle = np.append(everything[:, :2].mean(0), base)
    scale = canvas.camera.scale(middle)
    lift = max(0.5, float(everything[:, 2].mean()) - base)
    for index, lamp in enumerate(canvas.lamps, 1):
        fallen = canvas.camera.project(lamp.shadow_on(everything, base))
        canvas.shade(index, np.split(fallen, ends), max(0.5, lamp.softness(lift) * scale))
    under = canvas.camera.project(everything * [1, 1, 0] + [0, 0, base])
    canvas.shade(0, np.split(under, ends), max(0.7, 1.2 * lift * scale), 0.7)


def _extent(solid: Solid) -> tuple[Array, Array]:
    edges = np.concatenate([rod.edge() for rod in solid.rods])
    return edges.min(0) - _PAD, edges.max(0) + _PAD


def _field(canvas: Canvas, solid: Solid) -> tuple[Floats, Array, float]:
    """(rows, columns, 5): colour, height and mm inside the edge; its corner, samples a mm."""
    low, high = _extent(solid)
    near = canvas.camera.scale(np.append(solid.place, solid.base))
    scale = float(min(near, _LARGEST / (high - low).max()))
    shape = np.maximum(np.ceil((high - low) * scale).astype(int), 3)[::-1]
    field = np.zeros((*shape, 5), np.float32)
    field[..., 3:] = (0, -_PAD)
    for rod in solid.rods:
        _stamp(field, rod, low, scale)
    return field, low, scale


def _stamp(field: Floats, rod: Rod, corner: Array, scale: float) -> None:
    """Add one rod: what stands higher hides what is lower."""
    edge = (rod.edge() - corner) * scale
    left, top = np.maximum(np.floor(edge.min(0) - _PAD * scale), 0).astype(int)
    right, bottom = np.ceil(edge.max(0) + _PAD * scale).astype(int) + 1
    part = field[top:bottom, left:right]
    y, x = np.ogrid[top : top + part.shape[0], left : left + part.shape[1]]
    start = np.array(rod.start)
    way = np.subtract(rod.end, start)
    off_x = (x / scale + corner[0] - start[0]).astype(np.float32)
    off_y = (y / scale + corner[1] - start[1]).astype(np.float32)
    length = max(float(way @ way), 1e-6)
    along = np.clip((off_x * np.float32(way[0]) + off_y * np.float32(way[1])) / length, 0, 1)
    apart = np.hypot(off_x - along * way[0], off_y - along * way[1])
    radius = rod.wide[0] + (rod.wide[1] - rod.wide[0]) * along
    inside = (radius - apart).astype(np.float32)
    height = np.sqrt(np.maximum(radius**2 - apart**2, 0)) * rod.flat + rod.lift
    higher = (inside > 0) & (height > part[..., 3])
    part[higher, :3] = rod.colour
    part[..., 3][higher] = height[higher]
    fringe = (inside > part[..., 4]) & ~higher & (part[..., 4] < 0)
    part[fringe, :3] = rod.colour
    np.maximum(part[..., 4], inside, out=part[..., 4])


def _lights(canvas: Canvas, solid: Solid, field: Floats, scale: float) -> list[Floats]:
    """Ambient, each lamp, and last the shine, over the solid's own frame."""
    height = cv2.GaussianBlur(np.ascontiguousarray(field[..., 3]), (0, 0), max(0.6, 0.8 * scale))
    along, across = np.gradient(height * scale)
    normals = np.stack([-across, -along, np.ones_like(across)], -1).astype(np.float64)
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    normals[..., :2] = normals[..., :2] @ solid.turn.T
    point = np.array([*solid.place, solid.base])
    ambient = np.clip(0.55 + 0.45 * normals[..., 2], 0, 1).astype(np.float32)
    level = np.array([0.0, 0.0, 1.0])
    fields = [ambient]
    for lamp in canvas.lamps:
        direct = lamp.arriving(point, normals)
        fields.append(direct * (1 - solid.soft) + lamp.arriving(point, level) * solid.soft)
    shine = np.zeros(height.shape, np.float32)
    for lamp in canvas.lamps:
        mirrored = lamp.mirrored(point, normals, canvas.camera.place, 30.0)
        shine += mirrored * np.float32(lamp.colour.mean())
    return [*fields, shine]
