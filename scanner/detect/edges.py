"""Moves the sides of a quadrilateral to where the second network reads the page's end in them."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.detect.pyramid import Pyramid
from scanner.detect.strips import ACROSS, COLUMNS, cut, moved, side_size
from scanner.detect.weights import Weights
from scanner.geometry import is_convex
from scanner.types import Quad

_NET = Weights("edges.onnx")
_NEAR = 1.6  # rows: what is read this near to a line speaks for it
_APART = 3.0  # rows: nearer than this to the best line and a second one is the same
_SECOND = 0.35  # of the best line's votes
_LEAST = 0.08  # of a side must have been read, else the side stays

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Sides:
    """A quad and how clearly each of its four sides was read, 0 to 1."""

    quad: Quad
    clear: Floats


def fit(picture: Pyramid, quad: Quad, reach: float) -> Sides:
    """Each side at most `reach` (of the page's size) from where it was."""
    half, read = _read(picture, quad, reach)
    rows, clear = _settled(read, _lines(_votes(read).argmax(1)))
    rows[clear < _LEAST] = (ACROSS - 1) / 2
    fitted = moved(quad, half, rows)
    sound = np.isfinite(fitted).all() and is_convex(fitted)
    return Sides(fitted if sound else quad, clear if sound else clear * 0)


def others(picture: Pyramid, quad: Quad, reach: float) -> list[Quad]:
    """The quad with one side at a time where it was read second best: past a fold, at the rim of a
    sleeve, at the sheet beneath."""
    half, read = _read(picture, quad, reach)
    votes = _votes(read)
    first = votes.argmax(1)
    best = _lines(first)
    near = np.abs(_all_lines()[None] - best[:, None]).mean(2) < _APART
    second = np.where(near, 0, votes).argmax(1)
    heard = np.take_along_axis(votes, np.stack([first, second], 1), 1)
    rows, _ = _settled(read, best)
    seconds, _ = _settled(read, _lines(second))
    found = []
    for side in np.flatnonzero(heard[:, 1] > _SECOND * heard[:, 0]):
        mixed = rows.copy()
        mixed[side] = seconds[side]
        found.append(moved(quad, half, mixed))
    return [each for each in found if np.isfinite(each).all() and is_convex(each)]


def _read(picture: Pyramid, quad: Quad, reach: float) -> tuple[float, Floats]:
    """Half the strips' width in pixels, and (4, ACROSS, COLUMNS) what the network reads in them,
    each column adding up to 1."""
    half = reach * side_size(quad)
    strips = cut(picture, quad, half)
    return half, _NET.run(cv2.dnn.blobFromImages(list(strips), 1 / 255), ["rows"])[0]


def _votes(read: Floats) -> Floats:
    """(4, lines): how much the columns agree with every straight line."""
    near = [cv2.GaussianBlur(each, (1, 5), sigmaX=0.1, sigmaY=0.8) for each in read]
    rows = np.rint(_all_lines()).astype(np.intp)
    return np.asarray(np.sqrt(np.stack(near))[:, rows, np.arange(COLUMNS)].sum(-1), np.float32)


def _lines(index: NDArray[np.intp]) -> Floats:
    """(n, COLUMNS) rows of lines by their number."""
    return _all_lines()[index]


@cache
def _all_lines() -> Floats:
    """(lines, COLUMNS): all straight lines from a row at one end to a row at the other."""
    part = np.linspace(0, 1, COLUMNS)
    start, end = np.indices((ACROSS, ACROSS)).reshape(2, -1, 1)
    return np.asarray(start * (1 - part) + end * part, np.float32)


def _settled(read: Floats, lines: Floats) -> tuple[Floats, Floats]:
    """Between the rows: (4, 2) both ends of the least squares through the middles of what was read
    near the lines, and (4,) how much was."""
    places = np.arange(ACROSS, dtype=np.float32)[:, None]
    near = read * (np.abs(places - lines[:, None]) < _NEAR)
    mass = near.sum(1)
    middles = np.where(mass > 1e-3, (near * places).sum(1) / np.maximum(mass, 1e-6), lines)
    weight = np.sqrt(mass) + 1e-3
    weight /= weight.sum(1, keepdims=True)
    part = np.linspace(0, 1, read.shape[2], dtype=np.float32)
    centre = (weight * part).sum(1, keepdims=True)
    level = (weight * middles).sum(1, keepdims=True)
    off = part - centre
    slope = (weight * off * (middles - level)).sum(1, keepdims=True)
    slope /= (weight * off**2).sum(1, keepdims=True)
    first = level - slope * centre
    rows = np.concatenate([first, first + slope], axis=1)
    return np.asarray(rows, np.float32), np.asarray(mass.mean(1), np.float32)
