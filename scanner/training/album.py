"""Draws the scenes that the network learns from, once, into a folder.

Scene n is the same in every run: its seed, level, size and number of papers follow from n.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.scenes import TRAIN_SEEDS, Level, make_scene
from scanner.types import Image

_SIZES = ((480, 360), (360, 480), (480, 270), (270, 480), (400, 400))
_LEVELS = (Level.EASY, Level.MEDIUM, Level.HARD, Level.DESK, Level.SNAPSHOT)
_LEVEL_SHARES = (0.05, 0.22, 0.41, 0.2, 0.12)
_PAPERS = (1, None, 0)
_PAPER_SHARES = (0.55, 0.27, 0.18)
_QUALITY = 96

Quads = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Plate:
    """One scene: the picture and its papers' corners, (n, 4, 2) pixels."""

    image: Image
    quads: Quads


def place(folder: Path, number: int) -> Path:
    return folder / f"{number:06d}.jpg"


@lru_cache(maxsize=8000)
def load(folder: Path, number: int) -> Plate:
    """Kept decoded (500 kB a plate): every plate is shown many times."""
    path = place(folder, number)
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise OSError(f"cannot read {path}")
    return Plate(np.asarray(image, np.uint8), np.load(path.with_suffix(".npy")))


def draw(number: int) -> Plate:
    rng = np.random.default_rng([number, 20])
    level = _LEVELS[rng.choice(len(_LEVELS), p=_LEVEL_SHARES)]
    papers = _PAPERS[rng.choice(3, p=_PAPER_SHARES)]
    size = _SIZES[rng.integers(len(_SIZES))]
    scene = make_scene(TRAIN_SEEDS.start + number, level, size, papers=papers)
    quads = np.array([paper.quad for paper in scene.papers], np.float32)
    return Plate(scene.image, quads.reshape(-1, 4, 2))


def _missing(folder: Path, numbers: range) -> Iterator[tuple[int, Path]]:
    for number in numbers:
        path = place(folder, number)
        if not path.exists():
            yield number, path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--every", type=int, default=1, help="2: every other, for two processes")
    parser.add_argument("--scenes", type=int, default=6000)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    numbers = range(arguments.first, arguments.scenes, arguments.every)
    for number, path in _missing(arguments.folder, numbers):
        plate = draw(number)
        np.save(path.with_suffix(".npy"), plate.quads)
        cv2.imwrite(str(path), plate.image, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])


if __name__ == "__main__":
    main()
