"""Figures on a labelled set of photographs: how well and how fast pages are found."""

import json
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scanner.detect import find_page
from scanner.geometry import page_iou
from scanner.image import decode


@dataclass(frozen=True)
class Row:
    """One photograph: Jaccard index in the true page's plane, seconds of the search."""

    file: str
    set: str
    iou: float
    seconds: float


def bench_detection(folder: Path) -> list[Row]:
    """Run on `folder/labels.json` (entries with file, set, quad)."""
    return [_row(folder, label) for label in json.loads((folder / "labels.json").read_text())]


def _row(folder: Path, label: dict[str, object]) -> Row:
    image = decode((folder / str(label["file"])).read_bytes())
    start = time.perf_counter()
    found = find_page(image)
    seconds = time.perf_counter() - start
    iou = page_iou(found.quad if found else None, np.array(label["quad"], np.float32))
    return Row(str(label["file"]), str(label["set"]), iou, seconds)


def table(rows: list[Row]) -> str:
    """Mean Jaccard index, share of at least .95, and median time, by set and over all."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.set].append(row)
    groups["all"] = rows
    lines = [f"{'set':<14}{'n':>4}{'mean IoU':>10}{'>= .95':>9}{'median ms':>11}"]
    for name, group in groups.items():
        ious = np.array([row.iou for row in group])
        middle = 1000 * float(np.median([row.seconds for row in group]))
        share = float((ious >= 0.95).mean())
        lines.append(f"{name:<14}{len(group):>4}{ious.mean():>10.4f}{share:>9.0%}{middle:>11.0f}")
    return "\n".join(lines)
