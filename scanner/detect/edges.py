"""Moves the sides of a quadrilateral to where the second network reads the page's end in them."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.detect.strips import ACROSS, cut, moved, side_size
from scanner.detect.weights import Weights
from scanner.geometry import is_convex
from scanner.types import Image, Quad

_NET = Weights("edges.onnx")
_NEAR = 1.6  # rows: what is read this near to a line speaks for it
_LEAST = 0.08  # of a side must have been read, else the side stays

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Sides:
    """A quad and how clearly each of its four sides was read, 0 to 1."""

    quad: Quad
    clear: Floats


def fit(picture: Image, quad: Quad, reach: float) -> Sides:
    """Each side at most `reach` (of the page's size) from where it was."""
    half = reach * side_size(quad)
    strips = cut(picture, quad, half)
    read = _NET.run(cv2.dnn.blobFromImages(list(strips), 1 / 255), ["rows"])[0]
    rows, clear = np.empty((4, 2), np.float32), np.empty(4, np.float32)
    for side, probabilities in enumerate(read):
        rows[side], clear[side] = _line(probabilities)
    still = (ACROSS - 1) / 2
    rows[clear < _LEAST] = still
    fitted = moved(quad, half, rows)
    sound = np.isfinite(fitted).all() and is_convex(fitted)
    return Sides(fitted if sound else quad, clear if sound else clear * 0)


def _line(read: Floats) -> tuple[Floats, float]:
    """(2,) rows at both ends of the straight line that most of the columns agree with, and how
    much they do. `read`: (ACROSS, columns), each column adding up to 1."""
    near = np.sqrt(cv2.GaussianBlur(read, (1, 5), sigmaX=0.1, sigmaY=0.8))
    rows, columns = _lines(read.shape[1])
    votes = near[rows, columns].sum(-1)
    start, end = np.unravel_index(int(np.argmax(votes)), votes.shape)
    part = np.linspace(0, 1, read.shape[1], dtype=np.float32)
    return _settled(read, start * (1 - part) + end * part, part)


@cache
def _lines(columns: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """All straight lines from a row at one end to a row at the other: the nearest row in each
    column, (ACROSS, ACROSS, columns), and the columns."""
    part = np.linspace(0, 1, columns)
    start, end = np.indices((ACROSS, ACROSS))
    lines = start[..., None] * (1 - part) + end[..., None] * part
    return np.rint(lines).astype(np.intp), np.arange(columns)


def _settled(read: Floats, line: NDArray[Any], part: Floats) -> tuple[Floats, float]:
    """Between the rows: least squares through the middles of what was read near the line."""
    places = np.arange(ACROSS)[:, None]
    near = read * (np.abs(places - line) < _NEAR)
    mass = near.sum(0)
    middles = np.where(mass > 1e-3, (near * places).sum(0) / np.maximum(mass, 1e-6), line)
    weight = np.sqrt(mass) + 1e-3
    weight /= weight.sum()
    centre, level = float(weight @ part), float(weight @ middles)
    slope = float(weight @ ((part - centre) * (middles - level)))
    slope /= float(weight @ (part - centre) ** 2)
    first = level - slope * centre
    return np.array([first, first + slope], np.float32), float(mass.mean())
