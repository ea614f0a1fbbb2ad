"""Text: characters right on made-up pages seen through the hard camera, and what it costs."""

import time
import unicodedata

import numpy as np

from scanner.bench.context import Context
from scanner.bench.rows import Row, Unit
from scanner.enhance import clean
from scanner.rectify import rectify
from scanner.text.made import Script, made_page, photographed
from scanner.text.reading import read_text
from scanner.types import Image

_GOALS = {Script.CHINESE: 0.995, Script.KOREAN: 0.97, Script.MIXED: 0.98}
_SECONDS = 3.0
_CORES = 2


def rows(context: Context) -> list[Row]:
    """A twentieth as many pages of each script as there are scenes, never fewer than two."""
    pages = max(2, context.scenes // 20)
    right = [
        Row(f"characters right, {script}", _share(script, range(pages)), goal, Unit.SHARE)
        for script, goal in _GOALS.items()
    ]
    return [*right, *_times()]


def characters_right(read: str, printed: str) -> tuple[int, int]:
    """How many of the printed characters, and of how many; every wrong, missing or added one is one
    less. Spaces and full width do not count."""
    one, other = (list("".join(unicodedata.normalize("NFKC", t).split())) for t in (read, printed))
    printed_codes, index = np.array(other), np.arange(len(other) + 1)
    distance = index.copy()
    for number, char in enumerate(one, 1):
        kept = np.minimum(distance[:-1] + (printed_codes != char), distance[1:] + 1)
        row = np.concatenate([[number], kept])
        distance = np.minimum.accumulate(row - index) + index  # letters left out to the left
    return len(other) - int(distance[-1]), len(other)


def seen_page(
    script: Script, seed: int, points: float = 12, hard: float = 1.0
) -> tuple[Image, str]:
    """A made page after camera, flattening at 250 dpi and cleaning, and what is printed on it."""
    page = made_page(script, seed, points)
    picture, quad = photographed(page.image, seed, hard)
    return clean(rectify(picture, quad, 250)), "\n".join(page.lines)


def _share(script: Script, seeds: range) -> float:
    counts = [
        characters_right(read_text(page).text, printed)
        for page, printed in (seen_page(script, seed) for seed in seeds)
    ]
    right, all_of_them = np.sum(counts, axis=0)
    return float(right / all_of_them)


def _times() -> list[Row]:
    """A full page of each script, both cores of the kiosk's machine at work on it."""
    slowest = 0.0
    for script in (Script.CHINESE, Script.KOREAN):
        page, _ = seen_page(script, 0)
        read_text(page, threads=_CORES)
        start = time.perf_counter()
        read_text(page, threads=_CORES)
        slowest = max(slowest, time.perf_counter() - start)
    return [Row(f"a full page on {_CORES} cores", slowest, _SECONDS, Unit.SECONDS)]
