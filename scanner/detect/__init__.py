"""Find the paper in a picture: many candidates, one scorer, then a line fit to sub-pixels.

Two makers of candidates fail in different places. `regions` cuts the picture into bright or
differently coloured areas and boxes them: strong on a plain mat, lost in clutter. `lines` joins
straight edges into quadrilaterals: keeps a page whose corner is hidden by a pen, a hand or a cable.
`score` looks only at the pixels along a candidate's outline and on both sides of it, so it does not
care where a candidate came from. `refine` slides each side onto the true edge in the full picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from scanner.detect.lines import line_quads
from scanner.detect.refine import refine
from scanner.detect.regions import region_quads
from scanner.detect.score import Scene, score
from scanner.geometry import is_convex, ordered, overlap, scaled_to
from scanner.types import Image, Quad

PREVIEW_SIDE = 640
_KEPT = 8
_UNFITTED = 0.93
"""A torn or curled side may be better left alone, but only where the fit clearly did harm."""
_SURE = 0.3
"""Scores below this are not a page: empty mats score below .06, coloured noise below .27."""


@dataclass(frozen=True, eq=False)
class Detection:
    """A page: corners in the picture's own pixels, and how sure, 0 to 1."""

    quad: Quad
    confidence: float


def find_page(image: Image, *, hint: Quad | None = None, thorough: bool = True) -> Detection | None:
    """The most convincing page, or None. `hint`: where it was a moment ago; if it is still there
    the search is skipped. Not `thorough`: areas only, many times faster, for a moving picture."""
    if hint is not None and (tracked := _track(image, hint)) is not None:
        return tracked
    found = find_pages(image, most=1, thorough=thorough)
    return found[0] if found else None


def find_pages(image: Image, *, most: int = 4, thorough: bool = True) -> tuple[Detection, ...]:
    """Pages that do not overlap, the most convincing first."""
    preview, scale = scaled_to(image, PREVIEW_SIDE)
    scene = Scene.of(preview)
    makers = (region_quads, line_quads) if thorough else (region_quads,)
    proposed = np.concatenate([propose(scene) for propose in makers])
    if not len(proposed):
        return ()
    scores = score(scene, proposed)
    best = [proposed[i] for i in np.argsort(-scores)[: _KEPT * most]]
    polished = [refine(scene.grey_planes, quad, reach=5) for quad in best]
    either = np.stack([*polished, *best])
    fitted = np.repeat([1.0, _UNFITTED], len(best))
    chosen = _apart(either, score(scene, either) * fitted, most)
    planes = cv2.split(image) if scale < 1 else None
    return tuple(
        Detection(_sharpened(planes, quad, scale), round(confidence, 4))
        for quad, confidence in chosen
    )


def _apart(quads: np.ndarray, scores: np.ndarray, most: int) -> list[tuple[Quad, float]]:
    """The most convincing first, each overlapping none before it."""
    chosen: list[tuple[Quad, float]] = []
    for index in np.argsort(-scores):
        quad, sure = quads[index], float(scores[index])
        if sure < _SURE or len(chosen) == most:
            break
        if all(overlap(quad, other) < 0.05 for other, _ in chosen):
            chosen.append((quad, sure))
    return chosen


def _sharpened(planes: Sequence[Any] | None, quad: Quad, scale: float) -> Quad:
    """From preview pixels to the full picture's, then onto the edge there."""
    if planes is None:
        return ordered(quad)
    full = (quad + 0.5) / scale - 0.5
    return ordered(refine(planes, full.astype(np.float32), reach=max(3.0, 1.5 / scale)))


def _track(image: Image, hint: Quad) -> Detection | None:
    preview, scale = scaled_to(image, PREVIEW_SIDE)
    scene = Scene.of(preview)
    near = refine(scene.grey_planes, (hint * scale).astype(np.float32), reach=8)
    sure = float(score(scene, near[None])[0]) if is_convex(near) else 0.0
    if sure < _SURE + 0.12:
        return None
    planes = cv2.split(image) if scale < 1 else None
    return Detection(_sharpened(planes, near, scale), round(sure, 4))
