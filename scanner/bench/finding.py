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
from scanner.detect.mat import Mat
from scanner.enhance import clean
from scanner.geometry import ordered, page_iou, scaled_to
from scanner.image import decode
from scanner.rectify import rectify
from scanner.scenes import TEST_SEEDS, Level, Scene, make_scene
from scanner.simulated import SimulatedCamera, empty
from scanner.types import Image

_GOOD = 0.95
_ALL = (0.96, 0.85)
_MADE = {
    Level.EASY: 0.997,
    Level.MEDIUM: 0.993,
    Level.HARD: 0.93,
    Level.DESK: None,
    Level.SNAPSHOT: None,
}
_SEVERAL = {Level.EASY: 0.98, Level.MEDIUM: 0.95, Level.HARD: 0.85}


def rows(context: Context) -> list[Row]:
    real = [] if context.data is None else photographs(context.data / "documents")
    return [*real, *_made(context), *_several(context), *_nothing(context), *_times(context)]


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


def _made(context: Context) -> list[Row]:
    """One paper in a made scene that was never learnt from."""
    rows = []
    for level, goal in _MADE.items():
        scenes = (make_scene(seed, level) for seed in TEST_SEEDS[: context.scenes])
        ious = [_iou(scene) for scene in scenes]
        rows += _scores(f"made scenes, {level}", ious, (goal, None))
    return rows


def _iou(scene: Scene) -> float:
    found = find_page(scene.image)
    return page_iou(None if found is None else found.quad, ordered(scene.papers[0].quad))


def _several(context: Context) -> list[Row]:
    """Of all papers in scenes of one to five, those found with an IoU of .9."""
    rows = []
    for level, goal in _SEVERAL.items():
        scenes = (make_scene(s, level, papers=None) for s in TEST_SEEDS[: context.scenes // 2])
        hits = [hit for scene in scenes for hit in _hits(scene)]
        rows.append(Row(f"several papers, {level}: found", float(np.mean(hits)), goal, Unit.SHARE))
    return rows


def _hits(scene: Scene) -> list[bool]:
    found = find_pages(scene.image, most=6)
    truths = [ordered(paper.quad) for paper in scene.papers]
    return [any(page_iou(page.quad, truth) >= 0.9 for page in found) for truth in truths]


def _nothing(context: Context) -> list[Row]:
    """Pages seen where there is none: on empty mats, and on hard made tables."""
    mats = [SimulatedCamera(script=empty(1), seed=seed).read().image for seed in range(8)]
    count = context.scenes // 2
    tables = [make_scene(seed, Level.HARD, papers=0).image for seed in TEST_SEEDS[:count]]
    known = [find_page(_later(table), mat=Mat.of(table)) for table in tables]
    return [
        Row("pages on 8 empty mats", sum(len(find_pages(mat)) for mat in mats), 0, Unit.COUNT),
        Row(
            f"pages on {count} hard tables without any",
            sum(find_page(table) is not None for table in tables),
            0,
            Unit.COUNT,
        ),
        Row(
            f"the same {count}, their mats known",
            sum(page is not None for page in known),
            0,
            Unit.COUNT,
        ),
    ]


def _later(table: Image) -> Image:
    """The lamp a tenth weaker, and grain of its own."""
    grain = np.random.default_rng(table.size).normal(0, 4, table.shape)
    return np.asarray((table * 0.9 + grain).clip(0, 255), np.uint8)


def _times(context: Context) -> list[Row]:
    still = context.still
    preview, _ = scaled_to(still, 1024)
    mat = Mat.of(scaled_to(SimulatedCamera(script=empty(1)).read().image, 1024)[0])
    moving = median_ms(lambda: find_page(preview, thorough=False))
    known = median_ms(lambda: find_page(preview, thorough=False, mat=mat))
    resting = median_ms(lambda: find_page(preview))

    def whole() -> None:
        found = find_page(still)
        if found is not None:
            clean(rectify(still, found.quad, 200))

    return [
        *context.timed("find on a 1024-pixel preview", moving, 15),
        *context.timed("find on a preview, its mat known", known, None),
        *context.timed("find on a preview, thoroughly", resting, None),
        *context.timed("8 MP: find, flatten at 200 dpi, clean", median_ms(whole, 5), 350),
    ]
