"""One picture that shows what was made of a page: where it was found, how it came out, how sharp it
is where, and what was read."""

from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from scanner.image import decode
from scanner.pipeline import PageScan
from scanner.text.page import PageText
from scanner.types import Image

_HEIGHT = 1000
_TITLE = 44
_GAP = 12
_TILE = 24  # pixels of the clean page that one field of the heat map stands for
_STROKES = 40.0  # difference of grey within a tile from which there is something to judge
_SHARP = 160.0  # steepest step of a stroke on a sharp page, in grey levels

_OUTLINE = (60, 200, 60)
_CODE = (200, 90, 0)
_TEXT = (40, 40, 220)

Points = Sequence[tuple[float, float]]


def sheet(page: PageScan, text: PageText | None) -> Image:
    """Four panels side by side, `_HEIGHT` pixels high and a title each."""
    original, clean = decode(page.original), decode(page.clean_jpeg)
    outlined = _marked(original, [page.quad] if page.quad else [], _OUTLINE)
    read = _marked(clean, [code.quad for code in page.codes], _CODE)
    read = _marked(read, [line.quad for line in text.lines] if text else [], _TEXT)
    lines = 0 if text is None else len(text.lines)
    panels = [
        _panel("original, outline" if page.quad else "original, no page found", outlined),
        _panel("flattened", clean),
        _panel(_judged(page), heat_map(clean)),
        _panel(f"{len(page.codes)} codes, {lines} lines of text", read),
    ]
    gap = np.full((_HEIGHT + _TITLE, _GAP, 3), 255, np.uint8)
    return np.hstack([part for panel in panels for part in (panel, gap)][:-1])


def heat_map(clean: Image) -> Image:
    """Red where strokes are blurred, through yellow to green where they are sharp; paper without
    strokes stays as it is."""
    grey = np.asarray(cv2.cvtColor(clean, cv2.COLOR_BGR2GRAY), np.uint8)
    tile = np.ones((_TILE, _TILE), np.uint8)
    darkest, brightest = cv2.erode(grey, tile), cv2.dilate(grey, tile)
    inked = (brightest.astype(np.float32) - darkest) > _STROKES
    steps = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    steepest = cv2.dilate(steps, tile).astype(np.float32)
    hue = np.clip(steepest / _SHARP, 0, 1) * 60  # of 180: red 0, green 60
    colour = np.dstack([hue, np.full_like(hue, 200), np.full_like(hue, 255)]).astype(np.uint8)
    heat = cv2.cvtColor(colour, cv2.COLOR_HSV2BGR)
    mixed = cv2.addWeighted(clean, 0.45, heat, 0.55, 0)
    return np.where(inked[..., None], mixed, clean).astype(np.uint8)


def _judged(page: PageScan) -> str:
    reasons = ", ".join(page.quality.reasons) or "good"
    return f"sharpness {page.quality.sharpness:.0f}: {reasons}"


def _marked(image: Image, quads: Iterable[Points], colour: tuple[int, int, int]) -> Image:
    marked = image.copy()
    thickness = max(2, max(image.shape) // 600)
    for quad in quads:
        corners = np.round(np.asarray(quad, np.float64)).astype(np.int32)
        cv2.polylines(marked, [corners], isClosed=True, color=colour, thickness=thickness)
    return marked


def _panel(title: str, image: Image) -> Image:
    width = max(1, round(image.shape[1] * _HEIGHT / image.shape[0]))
    small = cv2.resize(image, (width, _HEIGHT), interpolation=cv2.INTER_AREA)
    panel = np.full((_HEIGHT + _TITLE, max(width, 420), 3), 255, np.uint8)
    panel[_TITLE:, :width] = small
    cv2.putText(panel, title, (6, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (40, 40, 40), 2, cv2.LINE_AA)
    return panel
