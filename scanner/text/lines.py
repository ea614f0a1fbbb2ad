"""Where lines of text are: PP-OCR's detector, in the order a person reads them."""

from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.types import Image, Quad

if TYPE_CHECKING:
    from rapidocr import RapidOCR

_PIXELS = 770_000  # an A4 page at 90 dpi: 8-point letters are still 8 pixels high
_TALL = 1.6  # higher than wide by this much: the line runs downwards


@cache
def detector() -> "RapidOCR":
    """Loaded with the first page. It only finds: switches given to a call would stick to it."""
    from rapidocr import RapidOCR  # noqa: PLC0415  # half a second, and only the reader needs it

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.use_rec": False,
            "Global.use_vertical_padding": False,
            "Det.limit_side_len": 32,
            "EngineConfig.onnxruntime.intra_op_num_threads": cv2.getNumThreads(),
        }
    )


def find_lines(image: Image) -> list[Quad]:
    """(4, 2) quads in the picture's pixels, top to bottom, then left to right."""
    scale = min(1.0, (_PIXELS / (image.shape[0] * image.shape[1])) ** 0.5)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = getattr(detector()(small), "boxes", None)  # of the four kinds of output, one has boxes
    if found is None:
        return []
    quads = np.asarray(found, np.float32).reshape(-1, 4, 2) / scale
    return [_along(quad) for quad in _in_reading_order(quads)]


def straightened(image: Image, quad: Quad, height: int, squeeze: float = 1.0) -> Image:
    """(height, width, 3): the line cut out and laid flat, `squeeze` of its natural width."""
    across, down = _sides(quad)
    width = max(height // 2, round(across / max(down, 1) * height * squeeze))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    onto = cv2.getPerspectiveTransform(np.asarray(quad, np.float32), target)
    flags = cv2.INTER_AREA if down > height else cv2.INTER_CUBIC
    cut = cv2.warpPerspective(
        image, onto, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(cut, np.uint8)


def _sides(quad: Quad) -> tuple[float, float]:
    top, right, bottom, left = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    return float(max(top, bottom)), float(max(left, right))


def _along(quad: Quad) -> Quad:
    """Corners from the text's own top left; text that runs downwards is taken as turned right."""
    across, down = _sides(quad)
    return np.roll(quad, 1, axis=0) if down > _TALL * across else quad


def _in_reading_order(quads: NDArray[np.float32]) -> list[Quad]:
    """Rows are what overlaps by half its height with the row's first line."""
    tops, bottoms = quads[:, :, 1].min(1), quads[:, :, 1].max(1)
    rows: list[tuple[float, list[int]]] = []
    for index in np.argsort((tops + bottoms) / 2):
        middle = float(tops[index] + bottoms[index]) / 2
        if rows and middle < rows[-1][0]:
            rows[-1][1].append(int(index))
        else:
            rows.append((middle + float(bottoms[index] - tops[index]) / 2, [int(index)]))
    lefts = quads[:, :, 0].min(1)
    return [quads[i] for _, row in rows for i in sorted(row, key=lambda i: lefts[i])]
