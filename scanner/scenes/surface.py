"""Draws a bent sheet: for every pixel the place on the page it shows, then print, light, edge.

The page's plane gives a first guess by homography; how far the bend moves each place in the
picture is known on a grid, and a few fixed-point rounds invert it.
"""

from dataclasses import replace

import cv2
import numpy as np

from scanner.geometry import homography
from scanner.scenes.camera import Camera
from scanner.scenes.canvas import Box, Canvas, grown, ideal_pixels
from scanner.scenes.models import Floats
from scanner.scenes.relief import Array
from scanner.scenes.sampling import coverage, looked_up, texels
from scanner.scenes.sheet import Sheet

_GRID = 97
_MARGIN = 1.16
_ROUNDS = 8
_MOST_STRETCH = 0.6


def draw_sheet(canvas: Canvas, sheet: Sheet) -> None:
    """Lay a sheet over the picture, with its shadows on what lies beneath."""
    outline = sheet.outline(canvas.camera)
    box = canvas.box(outline)
    if box[0].start >= box[0].stop or box[1].start >= box[1].stop:
        return
    _shadows(canvas, sheet)
    if sheet.stack > 0.5:
        _draw_stack(canvas, sheet)
    flat = inverse(canvas, sheet, box)
    alpha = coverage(sheet.inside(flat))
    *lights, shine = cv2.split(_looked_up(_lights(canvas, sheet), sheet, flat))
    canvas.cover(box, alpha, _printed(sheet, flat), [np.asarray(x, np.float32) for x in lights])
    canvas.shine[box] += alpha * np.asarray(shine, np.float32)


def unfolded(sheet: Sheet, camera: Camera) -> Sheet:
    """The sheet, its bends weakened until no part of it hides another from the camera, and until
    the rounds that draw it surely settle."""
    for damped in (1.0, 0.7, 0.45, 0.25, 0.1):
        eased = replace(sheet, damped=damped)
        if not sheet.reliefs or _stretch(eased, camera) < _MOST_STRETCH:
            return eased
    return replace(sheet, reliefs=())


def _stretch(sheet: Sheet, camera: Camera) -> float:
    """The most that any bit of the sheet is seen larger or smaller than flat, as a share."""
    grid = _grid(sheet)[::2, ::2]
    bent = _areas(camera.to_ideal(sheet.points(grid)))
    flat = _areas(camera.to_ideal(sheet.laid_flat(grid)))
    return float(np.abs(bent / flat - 1).max())


def _areas(seen: Array) -> Array:
    """(n - 1, n - 1) signed pixels of the cells of a grid (n, n, 2)."""
    across, along = np.diff(seen, axis=1)[:-1], np.diff(seen, axis=0)[:, :-1]
    return np.asarray(across[..., 0] * along[..., 1] - across[..., 1] * along[..., 0])


def _shadows(canvas: Canvas, sheet: Sheet) -> None:
    edge = sheet.points(sheet.border())
    scale = canvas.camera.scale(np.append(sheet.place, 0.0))
    lift = float(edge[:, 2].mean())
    for index, lamp in enumerate(canvas.lamps, 1):
        fallen = canvas.camera.project(lamp.shadow_on(edge, 0.0))
        canvas.shade(index, [fallen], max(0.5, lamp.softness(lift) * scale))
    under = edge * [1, 1, 0]
    soft = max(0.7, (1.5 + lift) * scale)
    canvas.shade(0, [canvas.camera.project(under)], soft, 0.6)


def _draw_stack(canvas: Canvas, sheet: Sheet) -> None:
    """The pages beneath, seen from the side: a few layers down to the table."""
    edge = sheet.points(sheet.border())
    for layer in np.linspace(0, 1, 5)[:-1]:
        down = edge * [1, 1, layer] + [0, 0, 0.05]
        seen = canvas.camera.project(down)
        shade = 0.45 + 0.2 * float(layer * 10 % 2 > 1)
        canvas.fill(seen, np.full(3, shade), float(layer) * sheet.base)


def _grid(sheet: Sheet) -> Array:
    steps = np.linspace(-0.5, 0.5, _GRID) * _MARGIN
    return np.stack(np.meshgrid(steps * sheet.size[0], steps * sheet.size[1]), -1)


def inverse(canvas: Canvas, sheet: Sheet, box: Box) -> Floats:
    """(h, w, 2) mm on the sheet for every pixel of the box."""
    camera = canvas.camera
    ideal = ideal_pixels(camera, box)
    plane = camera.to_ideal(sheet.laid_flat(sheet.corners))
    back = homography(plane, sheet.corners)
    if not sheet.reliefs:
        return _mapped(ideal, back)
    grid = _grid(sheet)
    moved = camera.to_ideal(sheet.points(grid)) - camera.to_ideal(sheet.laid_flat(grid))
    delta = moved.astype(np.float32)
    coarse = np.ascontiguousarray(_thinned(ideal))
    flat = grown(_solved(sheet, coarse, _mapped(coarse, back), (delta, back), _ROUNDS), box)
    return _solved(sheet, ideal, flat, (delta, back), 2)


def _solved(
    sheet: Sheet, ideal: Floats, flat: Floats, known: tuple[Floats, Array], rounds: int
) -> Floats:
    """Better places than `flat` for the ideal pixels, by what the bend does at the old ones."""
    delta, back = known
    for _ in range(rounds):
        flat = _mapped(ideal - _looked_up(delta, sheet, flat), back)
    return flat


def _thinned(field: Floats) -> Floats:
    """Every fourth sample or so, the outer ones included."""
    rows, columns = (
        np.rint(np.linspace(0, size - 1, size // 4 + 2)).astype(int) for size in field.shape[:2]
    )
    return np.asarray(field[np.ix_(rows, columns)], np.float32)


def _mapped(pixels: Floats, matrix: Array) -> Floats:
    height, width = pixels.shape[:2]
    moved = cv2.perspectiveTransform(pixels.reshape(1, -1, 2), matrix)
    return np.asarray(moved, np.float32).reshape(height, width, 2)


def _looked_up(field: Floats, sheet: Sheet, flat: Floats) -> Floats:
    """A field on the page's grid, sampled at places (h, w, 2) mm."""
    rows, columns = field.shape[:2]
    span = np.array(sheet.size, np.float32) * np.float32(_MARGIN)
    at = (flat / span + np.float32(0.5)) * np.array([columns - 1, rows - 1], np.float32)
    return looked_up(field, at)


def _printed(sheet: Sheet, flat: Floats) -> Floats:
    """(h, w, 3) linear colour of the print."""
    height, width = sheet.print.shape[:2]
    steps = np.array([width / sheet.size[0], height / sheet.size[1]], np.float32)
    at = flat * steps + np.array([width / 2 - 0.5, height / 2 - 0.5], np.float32)
    return texels(sheet.print, at)


def _normals(points: Array) -> Array:
    across, along = np.gradient(points, axis=1), np.gradient(points, axis=0)
    normals = np.cross(across, along)
    return np.asarray(normals / np.linalg.norm(normals, axis=-1, keepdims=True))


def _lights(canvas: Canvas, sheet: Sheet) -> Floats:
    """(rows, columns, n) on the sheet's grid: ambient light, each lamp, and last the shine."""
    points = sheet.points(_grid(sheet))
    normals = _normals(points)
    fields = [(0.75 + 0.25 * normals[..., 2]).astype(np.float32)]
    fields += [lamp.arriving(points, normals) for lamp in canvas.lamps]
    shine = np.zeros(points.shape[:2], np.float32)
    if sheet.gloss:
        eye = canvas.camera.place
        for lamp in canvas.lamps:
            shine += lamp.mirrored(points, normals, eye, 400.0) * np.float32(sheet.gloss)
    return np.stack([*fields, shine], -1)
