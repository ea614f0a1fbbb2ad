"""Slide every side of a quad onto the strongest edge near it, to a fraction of a pixel."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.geometry import is_convex
from scanner.types import Grey, Quad

_PROBES = 72
_ENOUGH = 0.35  # of a side's probes must see an edge, else the side stays where it is

Floats = NDArray[np.float64]


def refine(planes: Sequence[Grey], quad: Quad, reach: float) -> Quad:
    """The quad with each side moved by at most about `reach` pixels; unchanged if that fails."""
    outline = np.asarray(quad, np.float64)
    lines = [_fitted(planes, outline[side], outline[(side + 1) % 4], reach) for side in range(4)]
    corners = [_meet(lines[side - 1], lines[side]) for side in range(4)]
    moved = np.array(corners, np.float32)
    if not np.isfinite(moved).all() or not is_convex(moved):
        return quad
    return moved if np.abs(moved - quad).max() < 3 * reach + 2 else quad


def _fitted(planes: Sequence[Grey], start: Floats, end: Floats, reach: float) -> Floats:
    """The side's line (a, b, c) after the fit."""
    along = end - start
    length = max(float(np.hypot(*along)), 1e-6)
    normal = np.array([along[1], -along[0]]) / length
    part = np.linspace(0.03, 0.97, _PROBES)[:, None]
    points = start * (1 - part) + end * part
    shifts, weights = _edges(planes, points, normal, reach)
    if (weights > 0).mean() < _ENOUGH:
        return _line(start, normal)
    slope, offset = _robust(part[:, 0], shifts, weights)
    first, last = start + normal * offset, end + normal * (offset + slope)
    run = last - first
    return _line(first, np.array([run[1], -run[0]]) / max(float(np.hypot(*run)), 1e-6))


def _edges(
    planes: Sequence[Grey], points: Floats, normal: Floats, reach: float
) -> tuple[Floats, Floats]:
    """At each probe the signed distance to the strongest step across the side, and its strength."""
    spacing = max(reach / 12, 0.5)
    offsets = np.arange(-reach - 2 * spacing, reach + 2.5 * spacing, spacing)
    at = (points[:, None] + normal * offsets[None, :, None]).astype(np.float32)
    x, y = np.ascontiguousarray(at[..., 0]), np.ascontiguousarray(at[..., 1])
    profiles = np.stack([_sampled(plane, x, y) for plane in planes])
    steps = profiles[:, :, 3:] + profiles[:, :, 2:-1] - profiles[:, :, 1:-2] - profiles[:, :, :-3]
    usual = np.sign(np.median(steps.sum((1, 2))))
    gradient = np.maximum((steps * (usual or 1)).sum(0), 0)
    near = 1 - 0.3 * np.abs(np.linspace(-1, 1, gradient.shape[1]))
    best = np.argmax(gradient * near, axis=1)
    rows = np.arange(len(best))
    strength = gradient[rows, best]
    centres = (offsets[1:-2] + offsets[2:-1]) / 2
    shifts = centres[best] + spacing * _peak(gradient, rows, best)
    return shifts, np.where(strength > 18, strength, 0.0)


def _sampled(plane: Grey, x: NDArray[np.float32], y: NDArray[np.float32]) -> Floats:
    values = cv2.remap(plane, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.blur(values, (1, 5)), np.float64)


def _peak(gradient: Floats, rows: NDArray[np.intp], best: NDArray[np.intp]) -> Floats:
    """Sub-step position of the maximum by a parabola through its neighbours."""
    last = gradient.shape[1] - 1
    before, after = gradient[rows, (best - 1).clip(0)], gradient[rows, (best + 1).clip(max=last)]
    bend = before - 2 * gradient[rows, best] + after
    with np.errstate(all="ignore"):
        shift = 0.5 * (before - after) / bend
    return np.where((bend < 0) & (best > 0) & (best < last), np.clip(shift, -0.5, 0.5), 0.0)


def _robust(t: Floats, shifts: Floats, weights: Floats) -> tuple[float, float]:
    """Line through the shifts: the best of many two-point trials, then least squares on what
    agrees with it. Probes on a pen or a torn edge do not pull it."""
    seen = weights > 0
    t, shifts, weights = t[seen], shifts[seen], np.sqrt(weights[seen])
    tolerance = max(0.6, 0.12 * float(np.ptp(shifts)))
    third = max(1, len(t) // 3)
    i, j = (
        a.ravel() for a in np.meshgrid(np.arange(third)[::2], np.arange(2 * third, len(t))[::2])
    )
    if not len(i):
        return 0.0, float(np.average(shifts, weights=weights))
    slopes = (shifts[j] - shifts[i]) / np.maximum(t[j] - t[i], 1e-6)
    bases = shifts[i] - slopes * t[i]
    miss = np.abs(shifts[None] - bases[:, None] - slopes[:, None] * t[None])
    best = np.argmax((np.maximum(1 - miss / tolerance, 0) * weights).sum(1))
    agree = miss[best] < tolerance
    slope, base = np.polyfit(t[agree], shifts[agree], 1, w=weights[agree])
    return float(slope), float(base)


def _line(point: Floats, normal: Floats) -> Floats:
    return np.array([*normal, -float(normal @ point)])


def _meet(one: Floats, other: Floats) -> Floats:
    x, y, depth = np.cross(one, other)
    return np.array([x / depth, y / depth]) if abs(depth) > 1e-9 else np.array([np.nan, np.nan])
