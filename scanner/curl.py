"""Take the curl out of a bound or folded page: straighten its lines of text.

Every line of text is followed from column to column. What all lines have in common, a smooth
displacement that changes slowly from line to line, is the curl; it is fitted robustly and undone in
one resampling, and only where the lines are clearly straighter afterwards.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.polynomial import legendre
from numpy.typing import NDArray

from scanner.textlines import joined_lines, small_ink
from scanner.types import Image

_DEGREE = 5
_STEP = 8  # columns
_FEWEST_LINES = 4
_WORTH = 1.3  # pixels of a 1000-pixel page: straighter than this is left alone
_BETTER = 0.6  # the lines must be left with less than this part of their bend
_MOST = 0.06  # of the height: a greater displacement is no curl but a mistake

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Curl:
    """How far lines of text leave the straight, RMS in thousandths of the page's longer side,
    before and after. `undone`: whether the page was changed."""

    before: float
    after: float
    undone: bool


def without_curl(page: Image) -> tuple[Image, Curl]:
    """`page`: flat, evenly lit and upright."""
    points = _followed(page)
    if points is None:
        return page, Curl(0.0, 0.0, undone=False)
    x, y, line = points
    bend, before, after = _fitted(x, y, line)
    if before < _WORTH or after > _BETTER * before:
        return page, Curl(before, before, undone=False)
    return _unrolled(page, bend), Curl(before, after, undone=True)


def _followed(page: Image) -> tuple[Floats, Floats, NDArray[np.intp]] | None:
    """Points along lines, x and y from -1 to 1 over the page's longer side, and their line's
    number. None when too few lines reach far enough."""
    ink, _ = small_ink(page)
    labels, chosen, boxes = joined_lines(ink)
    long = boxes[:, 2] > 0.3 * ink.shape[1]
    if long.sum() < _FEWEST_LINES:
        return None
    tracks = [
        _track(labels, label, box) for label, box in zip(chosen[long], boxes[long], strict=True)
    ]
    half = max(ink.shape) / 2
    x = np.concatenate([track[0] for track in tracks]) / half - ink.shape[1] / 2 / half
    y = np.concatenate([track[1] for track in tracks]) / half - ink.shape[0] / 2 / half
    return x, y, np.repeat(np.arange(len(tracks)), [len(track[0]) for track in tracks])


def _track(
    labels: NDArray[np.int32], label: np.int32, box: NDArray[np.int32]
) -> tuple[Floats, Floats]:
    """The middle of a line, column by column, smoothed over about two letters."""
    left, top, width, height = (int(edge) for edge in box)
    inside = (labels[top : top + height, left : left + width] == label).astype(np.float32)
    count = cv2.blur(inside.sum(0)[:, None], (1, 33))[::_STEP, 0]
    rows = np.arange(top, top + height, dtype=np.float32)[:, None]
    weighed = cv2.blur((inside * rows).sum(0)[:, None], (1, 33))[::_STEP, 0]
    seen = count > 0.5
    return (left + np.arange(0, width, _STEP)[seen]).astype(np.float64), np.asarray(
        weighed[seen] / count[seen], np.float64
    )


def _terms(x: Floats, y: Floats) -> Floats:
    """(n, 2 * _DEGREE): the displacement's basis; no constant, so a line as a whole stays."""
    along = legendre.legvander(x, _DEGREE)[:, 1:]
    return np.hstack([along, along * y[:, None]])


def _fitted(x: Floats, y: Floats, line: NDArray[np.intp]) -> tuple[Floats, float, float]:
    """Coefficients, and the lines' RMS bend before and after, in thousandths. Least squares, three
    times over, each time trusting outliers (a seal, a table) less."""
    heights = np.bincount(line, y) / np.bincount(line)
    terms = _terms(x, heights[line])
    sizes = np.bincount(line)[:, None]
    means = np.stack([np.bincount(line, column) for column in terms.T], axis=1) / sizes
    centred, bends = terms - means[line], y - heights[line]
    weights = np.ones(len(y))
    bend = np.zeros(terms.shape[1])
    for _ in range(3):
        root = np.sqrt(weights)[:, None]
        ridge = 1e-3 * np.eye(terms.shape[1]) * len(y) ** 0.5
        system = np.vstack([centred * root, ridge])
        bend = np.linalg.lstsq(
            system, np.append(bends * root[:, 0], np.zeros(len(bend))), rcond=None
        )[0]
        miss = np.abs(bends - centred @ bend)
        weights = 1 / np.maximum(1, miss / max(2 * float(np.median(miss)), 1e-6))
    before, after = _rms(bends, weights), _rms(bends - centred @ bend, weights)
    return bend, before, after


def _rms(bends: Floats, weights: Floats) -> float:
    return 500 * float(np.sqrt(np.average(bends**2, weights=weights)))


def _unrolled(page: Image, bend: Floats) -> Image:
    height, width = page.shape[:2]
    half = max(height, width) / 2
    across, down = np.meshgrid(
        (np.linspace(0, width, 65) - width / 2) / half,
        (np.linspace(0, height, 65) - height / 2) / half,
    )
    shift = (_terms(across.ravel(), down.ravel()) @ bend).reshape(65, 65)
    shift = np.clip(shift, -2 * _MOST, 2 * _MOST) * half
    columns, rows = np.meshgrid(
        np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    )
    rows += cv2.resize(shift.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    flat = cv2.remap(page, columns, rows, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(flat, np.uint8)
