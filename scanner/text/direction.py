"""Does a line hold Hangul, and does it stand on its head? A network of our own says both.

It looks at a line in windows as wide as five letters, so it also tells where the script changes.
Trained on made-up lines by scanner/training/direction.py.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions

from scanner.types import Image

HEIGHT = 32  # pixels
_MODEL = Path(__file__).with_name("direction.onnx")
_NARROWEST = 32
_WINDOW = 20  # columns of 8 pixels

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Direction:
    """`upright`: log odds that the line stands right; beyond 2 either way is sure. `hangul`: the
    chance of Hangul from window to window along the line, (n,)."""

    upright: float
    hangul: Floats


@cache
def _network() -> InferenceSession:
    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return InferenceSession(str(_MODEL), options, providers=["CPUExecutionProvider"])


def direction_of(line: Image) -> Direction:
    """`line`: (HEIGHT, W, 3), one line lying flat."""
    grey = np.asarray(cv2.cvtColor(line, cv2.COLOR_BGR2GRAY), np.float32) / 255
    spare = _NARROWEST - grey.shape[1]
    if spare > 0:
        grey = np.pad(grey, ((0, 0), (0, spare)), mode="edge")
    (kinds,) = _network().run(None, {"lines": grey[None, None]})
    columns = np.asarray(kinds, np.float64)[0]
    return Direction(_upright(columns.mean(1)), _hangul(columns))


def _upright(kinds: Floats) -> float:
    """Kinds: Hangul, Hangul flipped, other, other flipped."""
    return float(np.logaddexp(kinds[0], kinds[2]) - np.logaddexp(kinds[1], kinds[3]))


def _hangul(columns: Floats) -> Floats:
    starts = range(0, max(1, columns.shape[1] - _WINDOW // 2), _WINDOW // 2)
    windows = np.stack([columns[:, start : start + _WINDOW].mean(1) for start in starts], axis=1)
    odds = np.logaddexp(windows[0], windows[1]) - np.logaddexp(windows[2], windows[3])
    return np.asarray(1 / (1 + np.exp(-odds)), np.float64)
