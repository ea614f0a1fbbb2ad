"""Outlines to learn judging from: what the finder proposes on plates, and papers' true outlines,
a little or badly wrong.

    python -m scanner.training.judge_album FOLDER --plates 4300

leaves the finder's proposals beside every plate, once.
"""

import argparse
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.detect.doubt import second_opinion
from scanner.detect.judge import laid_flat
from scanner.detect.network import FINE, SIDE, look
from scanner.detect.proposals import proposals
from scanner.detect.pyramid import Pyramid
from scanner.geometry import ordered, page_iou
from scanner.training.album import Plate, load, place
from scanner.training.augment import developed
from scanner.types import Image

_KEPT = 8
_WRONG = (0.002, 0.15)  # of a paper's size, small errors as often as large ones

Floats = NDArray[np.float32]


def outline(folder: Path, number: int, rng: np.random.Generator) -> tuple[Image, float]:
    """Something laid flat, and its Jaccard index with the paper it fits best."""
    plate = load(folder, number)
    quad = _tried(plate, _proposed(folder, number), rng)
    index = max((page_iou(quad, ordered(truth)) for truth in plate.quads), default=0.0)
    flat = np.rot90(laid_flat(Pyramid.of(plate.image), quad), int(rng.integers(4)))
    seen = flat[:, ::-1] if rng.random() < 0.5 else flat
    return developed(np.ascontiguousarray(seen, np.uint8), rng), index


def _tried(plate: Plate, proposed: Floats, rng: np.random.Generator) -> Floats:
    kind = rng.random()
    if kind < 0.1:
        return _anywhere(plate, rng)
    if len(proposed) and (kind < 0.6 or not len(plate.quads)):
        quad = proposed[rng.integers(len(proposed))]
        return _wrong(quad, rng) if rng.random() < 0.4 else quad
    if len(plate.quads):
        truth = plate.quads[rng.integers(len(plate.quads))]
        return _part(truth, rng) if rng.random() < 0.15 else _wrong(truth, rng)
    return _anywhere(plate, rng)


def _wrong(quad: Floats, rng: np.random.Generator) -> Floats:
    """Grown, moved, and every corner or whole sides off."""
    size = float(np.sqrt(abs(cv2.contourArea(np.asarray(quad, np.float32)))))
    spread = size * float(np.exp(rng.uniform(*np.log(_WRONG))))
    kind = rng.random()
    off = rng.normal(0, 0.5, 2) + rng.normal(0, 0.6, (4, 2))
    if kind < 0.4:
        off = np.zeros((4, 2))
        side = int(rng.integers(4))
        ends = [side, (side + 1) % 4]
        away = quad[ends].mean(0) - quad.mean(0)
        off[ends] = away / np.linalg.norm(away) * rng.normal(0, 2)
    elif kind < 0.6:
        off = (quad - quad.mean(0)) / size * rng.normal(0, 2)
    return np.asarray(quad + off * spread, np.float32)


def _part(quad: Floats, rng: np.random.Generator) -> Floats:
    """A piece of a paper, or more than it, along one way."""
    turned = np.roll(quad, int(rng.integers(4)), axis=0)
    low, high = np.sort(rng.uniform(-0.4, 1.4, 2))
    left, right = turned[3] - turned[0], turned[2] - turned[1]
    return np.asarray(
        [
            turned[0] + low * left,
            turned[1] + low * right,
            turned[1] + high * right,
            turned[0] + high * left,
        ],
        np.float32,
    )


def _anywhere(plate: Plate, rng: np.random.Generator) -> Floats:
    """The picture itself or most of it, or a box of any size and turn in it."""
    size = np.array(plate.image.shape[1::-1])
    if rng.random() < 0.4:
        rims = rng.uniform(0, 0.15, 4) * (rng.random(4) < 0.6)
        left, top, right, bottom = rims * (1, 1, -1, -1) + (0, 0, 1, 1)
        whole = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
        return np.asarray(whole * size - 0.5, np.float32)
    middle, wide = size * rng.uniform(0.1, 0.9, 2), size.min() * rng.uniform(0.1, 0.7, 2)
    return ordered(cv2.boxPoints((middle.tolist(), wide.tolist(), float(rng.uniform(0, 90)))))


@lru_cache(maxsize=8000)
def _proposed(folder: Path, number: int) -> Floats:
    return np.asarray(np.load(_beside(folder, number)), np.float32)


def _beside(folder: Path, number: int) -> Path:
    return place(folder, number).with_suffix(".proposed.npy")


def _propose(plate: Plate) -> Floats:
    pyramid = Pyramid.of(plate.image)
    looks = [look(pyramid, side=side) for side in (SIDE, FINE)]
    proposed = [each for seen in looks for each in proposals(seen)[:_KEPT]]
    quads = [each.quad for each in [*proposed, *second_opinion(pyramid)]]
    return np.array(quads, np.float32).reshape(-1, 4, 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--plates", type=int, default=6000)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    for number in range(arguments.plates):
        path = _beside(arguments.folder, number)
        if not path.exists():
            np.save(path, _propose(load(arguments.folder, number)))


if __name__ == "__main__":
    main()
