"""How well and how fast papers are found."""

import json
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import numpy as np

from scanner.bench.context import Context, median_ms
from scanner.bench.rows import Row, Unit
from scanner.detect import find_page, find_pages
from scanner.enhance import clean
from scanner.geometry import page_iou, scaled_to
from scanner.image import decode
from scanner.rectify import rectify
from scanner.simulated import SimulatedCamera, empty

_GOOD = 0.95
_ALL = (0.96, 0.85)


def rows(context: Context) -> list[Row]:
    real = [] if context.data is None else photographs(context.data / "documents")
    return [*real, *_nothing(), *_times(context)]


def photographs(folder: Path) -> list[Row]:
    """`folder/labels.json` lists file, set and quad."""
    by_set: dict[str, list[float]] = defaultdict(list)
    for label in json.loads((folder / "labels.json").read_text()):
        found = find_page(decode((folder / label["file"]).read_bytes()))
        quad = np.array(label["quad"], np.float32)
        by_set[label["set"]].append(page_iou(None if found is None else found.quad, quad))
    shown = [row for name, ious in by_set.items() for row in _scores(name, ious, (None, None))]
    return [*shown, *_scores("all photographs", list(chain.from_iterable(by_set.values())), _ALL)]


def _scores(
    name: str, ious: Iterable[float], goals: tuple[float | None, float | None]
) -> list[Row]:
    seen = np.array(list(ious))
    return [
        Row(f"{name} ({len(seen)}), mean", float(seen.mean()), goals[0], Unit.IOU),
        Row(f"{name}, at least {_GOOD}", float((seen >= _GOOD).mean()), goals[1], Unit.SHARE),
    ]


def _nothing() -> list[Row]:
    """Pages seen on empty mats."""
    mats = (SimulatedCamera(script=empty(1), seed=seed).read().image for seed in range(8))
    return [Row("pages on 8 empty mats", sum(len(find_pages(mat)) for mat in mats), 0, Unit.COUNT)]


def _times(context: Context) -> list[Row]:
    still = context.still
    preview, _ = scaled_to(still, 1024)
    moving = median_ms(lambda: find_page(preview, thorough=False))
    resting = median_ms(lambda: find_page(preview))

    def whole() -> None:
        found = find_page(still)
        if found is not None:
            clean(rectify(still, found.quad, 200))

    return [
        *context.timed("find on a 1024-pixel preview", moving, 15),
        *context.timed("find on a preview, thoroughly", resting, None),
        *context.timed("8 MP: find, flatten at 200 dpi, clean", median_ms(whole, 5), 350),
    ]
