"""How much the pixels along a quadrilateral say "a sheet of paper ends here".

Along every side, points are taken at regular steps and compared: a little outside and a little
inside. A paper's edge is a step of the same sign and colour all along the side, and the paper's
inner rim is pale and alike on all four sides. A line of print or the edge of a plank fails one of
these.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.types import Grey, Image, Quad

_STEPS = 28
_MIDDLE = 128.0  # Lab of nothing in particular, for what lies beyond the picture
_BATCH = 600
_OFFSETS = (2.5, 5.0, 8.0)  # pixels from the outline, preview size
_WEIGHTS = (1.0, 0.95, 0.85)
_NOISE = 4.0  # Lab units that count as no difference at all
_FAR = (16.0, 32.0)  # pixels outside: past a line of print, past a crease's shade
_PALE = 235.0  # lightness of white paper in good light
_UNSEEN = 0.4  # support of a point beyond the picture: it speaks neither for nor against

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Scene:
    """One preview, prepared once for all candidates."""

    lab: Image
    smooth: Grey
    colour_planes: tuple[Grey, ...]
    grey_planes: tuple[Grey, ...]
    soft: Floats

    @classmethod
    def of(cls, preview: Image) -> "Scene":
        calm = cv2.bilateralFilter(preview, 5, 30, 5)
        lab = np.asarray(cv2.cvtColor(calm, cv2.COLOR_BGR2LAB), np.uint8)
        lightness, _, yellow = cv2.split(lab)
        saturation = cv2.cvtColor(calm, cv2.COLOR_BGR2HSV)[..., 1]
        stretched = cv2.normalize(yellow, None, 0, 255, cv2.NORM_MINMAX)  # type: ignore[call-overload]
        soft = cv2.blur(lab, (3, 3)).astype(np.float32)
        planes = (lightness, 255 - saturation, 255 - stretched)
        smooth = cv2.GaussianBlur(lightness, (3, 3), 0)
        return cls(lab, _grey(smooth)[0], _grey(*planes), _grey(*cv2.split(preview)), soft)


def _grey(*planes: Any) -> tuple[Grey, ...]:
    return tuple(np.asarray(plane, np.uint8) for plane in planes)


def score(scene: Scene, quads: Quad) -> NDArray[np.float64]:
    """One number per quad of (n, 4, 2), 0 to 1."""
    parts = [_score(scene, quads[at : at + _BATCH]) for at in range(0, len(quads), _BATCH)]
    return np.concatenate(parts) if parts else np.empty(0)


def _score(scene: Scene, quads: Quad) -> NDArray[np.float64]:
    points, normals = _outline(quads)
    reads = [
        (_taken(scene, points, normals, -off), _taken(scene, points, normals, off))
        for off in _OFFSETS
    ]
    sides = _sides(reads) * _lasting(scene, points, normals, reads[-1][0])
    whole = 0.45 * sides.mean(1) + 0.3 * np.sort(sides, axis=1)[:, 1] + 0.25 * sides.min(1)
    likeness = _paperness(*reads[-1]) * _squareness(quads)
    return np.asarray(whole * (0.3 + 0.7 * _size(scene, quads)) * likeness, np.float64)


def _outline(quads: Quad) -> tuple[Floats, Floats]:
    """(n, 4, steps, 2) points on the sides, and (n, 4, 1, 2) unit normals pointing outwards."""
    starts, ends = quads, np.roll(quads, -1, axis=1)
    part = np.linspace(0.04, 0.96, _STEPS, dtype=np.float32)[None, None, :, None]
    points = starts[:, :, None] * (1 - part) + ends[:, :, None] * part
    along = ends - starts
    length = np.maximum(np.linalg.norm(along, axis=2, keepdims=True), 1e-6)
    normals = np.stack([along[..., 1], -along[..., 0]], axis=-1) / length
    return points, normals[:, :, None].astype(np.float32)


def _taken(scene: Scene, points: Floats, normals: Floats, offset: float) -> Floats:
    """Lab at the points moved along the normal; NaN outside the picture."""
    height, width = scene.soft.shape[:2]
    at = np.rint(points + normals * offset).astype(np.int32)
    x, y = at[..., 0], at[..., 1]
    outside = (x < 0) | (y < 0) | (x >= width) | (y >= height)
    colours = scene.soft[y.clip(0, height - 1), x.clip(0, width - 1)].copy()
    colours[outside] = np.nan
    return np.asarray(colours, np.float32)


def _sides(reads: list[tuple[Floats, Floats]]) -> Floats:
    """(n, 4): how much of each side is an edge, and how clear an edge. A point may see its edge at
    any of the distances, because paper is curled and torn; nearer counts a little more."""
    seen, steps = [], []
    for (inner, outer), weight in zip(reads, _WEIGHTS, strict=True):
        step = np.nan_to_num(inner - outer)
        usual = np.median(step, axis=2, keepdims=True)
        along = (step * usual).sum(-1) > 0.25 * (usual * usual).sum(-1)
        seen.append(weight * (along & (np.linalg.norm(step, axis=-1) > _NOISE)))
        steps.append(np.linalg.norm(usual[:, :, 0], axis=-1))
    beyond = np.isnan(reads[0][1][..., 0]) | np.isnan(reads[0][0][..., 0])
    support = np.where(beyond, _UNSEEN, np.max(seen, axis=0)).mean(2)
    contrast = np.clip(np.max(steps, axis=0) / 40, 0, 1) ** 0.5
    contrast = np.where(beyond.mean(2) > 0.5, 0.5, contrast)
    return np.asarray(support * (0.5 + 0.5 * contrast), np.float32)


def _lasting(scene: Scene, points: Floats, normals: Floats, inner: Floats) -> Floats:
    """(n, 4): 1 where the ground stays unlike the paper farther out, less where the paper's colour
    comes back, as it does beyond a line of print or a crease."""
    steps = []
    for off in _FAR:
        far = _taken(scene, points, normals, off)
        step = np.abs(_medians(inner) - _medians(far)).max(-1)
        steps.append(np.where(np.isnan(far[..., 0]).mean(2) > 0.5, 12, step))
    return np.asarray(0.55 + 0.45 * np.clip(np.min(steps, axis=0) / 12, 0, 1), np.float32)


def _medians(colours: Floats) -> Floats:
    """(n, 4, 3): each side's usual colour."""
    return np.asarray(np.median(np.nan_to_num(colours, nan=_MIDDLE), axis=2), np.float32)


def _size(scene: Scene, quads: Quad) -> Floats:
    """Of two outlines alike, the larger is the paper and the smaller its print frame."""
    x, y = quads[..., 0], quads[..., 1]
    areas = 0.5 * np.abs((x * np.roll(y, -1, 1) - y * np.roll(x, -1, 1)).sum(1))
    return np.asarray(np.clip(areas / scene.smooth.size, 0, 1) ** 0.35, np.float32)


def _paperness(inner: Floats, outer: Floats) -> Floats:
    """The rim inside is of one colour on all sides, pale, and mostly brighter than outside."""
    rim, beyond = _medians(inner), _medians(outer)
    spread = np.linalg.norm(rim - np.median(rim, axis=1, keepdims=True), axis=-1).max(1)
    pale = np.clip(np.median(rim[..., 0], axis=1) / _PALE, 0, 1)
    brighter = np.tanh((rim[..., 0] - beyond[..., 0]) / 20).mean(1)
    return np.asarray(
        (1 - np.clip((spread - 20) / 160, 0, 0.4)) * (0.82 + 0.18 * brighter) * (0.6 + 0.4 * pale)
    )


def _squareness(quads: Quad) -> Floats:
    """Opposite sides of a page under a camera differ little; a sliver of a quad is none."""
    lengths = np.linalg.norm(np.roll(quads, -1, axis=1) - quads, axis=2)
    pairs = np.sort(lengths.reshape(-1, 2, 2), axis=1)
    ratio = (pairs[:, 0] / np.maximum(pairs[:, 1], 1e-6)).min(1)
    return np.asarray(np.clip((ratio - 0.3) / 0.35, 0.2, 1))
