"""Strips to learn from: true papers, wrongly outlined on purpose."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scanner.detect.pyramid import Pyramid
from scanner.detect.strips import ACROSS, ALONG, COLUMNS, cut, places, rows_of, side_size
from scanner.training.album import Quads, load
from scanner.training.augment import developed
from scanner.types import Image

_HALVES = (0.025, 0.16)  # of a paper's size, the narrow as often as the wide
_WRONG = (0.2, 0.75)  # of the half width: the spread of wrong corners

Floats = NDArray[np.float32]


def sides(folder: Path, number: int, rng: np.random.Generator) -> tuple[Image, Floats] | None:
    """Of one paper of a plate: strips (4, ACROSS, ALONG, 3) and true rows (4, COLUMNS); None when
    the plate shows none."""
    plate = load(folder, number)
    if not len(plate.quads):
        return None
    truth = plate.quads[rng.integers(len(plate.quads))]
    image = plate.image
    if rng.random() < 0.5:
        image = np.asarray(image[:, ::-1], np.uint8)
        truth = (np.array([image.shape[1] - 1, 0]) + truth * (-1, 1))[::-1].astype(np.float32)
    half = side_size(truth) * float(np.exp(rng.uniform(*np.log(_HALVES))))
    wrong = _wrong(truth, half, rng)
    strips = cut(Pyramid.of(image), wrong, half)
    rows = _seen_rows(wrong, half, truth, image)
    return developed(strips.reshape(4 * ACROSS, ALONG, 3), rng).reshape(strips.shape), rows


def _wrong(truth: Quads, half: float, rng: np.random.Generator) -> Floats:
    """Whole sides off, and single corners off."""
    spread = half * rng.uniform(*_WRONG)
    grown = truth + (truth - truth.mean(0)) * rng.normal(0, 0.3) * spread / side_size(truth)
    shift = rng.normal(0, 0.5 * spread, 2)
    return np.asarray(grown + shift + rng.normal(0, 0.6 * spread, (4, 2)), np.float32)


def _seen_rows(quad: Floats, half: float, truth: Floats, image: Image) -> Floats:
    """True rows, NaN where they leave the strip or the picture."""
    rows = rows_of(quad, half, truth, COLUMNS)
    at = places(quad, half, COLUMNS)
    nearest = np.nan_to_num(rows, nan=-99).round().astype(int)
    inside = (nearest >= 0) & (nearest < ACROSS)
    side, column = np.indices(rows.shape)
    points = at[side, nearest.clip(0, ACROSS - 1), column]
    height, width = image.shape[:2]
    inside &= (points > 1).all(-1) & (points < np.array([width - 2, height - 2])).all(-1)
    return np.where(inside, rows, np.nan).astype(np.float32)
