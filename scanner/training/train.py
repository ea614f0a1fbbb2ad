"""Trains the finder on an album and writes the ONNX file, fixed by seed and number of steps."""

import argparse
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from scanner.training.album import load
from scanner.training.augment import varied
from scanner.training.losses import loss
from scanner.training.model import Finder, Probable, write
from scanner.training.targets import target
from scanner.training.trainer import Limit, learn

_BATCH = 16

Truth = tuple[Tensor, Tensor, Tensor]


def batches(folder: Path, plates: int, seed: int) -> Iterator[tuple[Tensor, Truth]]:
    """Without end; batch n is the same for a seed."""
    for number in count():
        rng = np.random.default_rng([seed, number])
        chosen = rng.integers(plates, size=_BATCH)
        shown = [varied(load(folder, int(plate)), rng) for plate in chosen]
        pictures = np.stack([plate.image for plate in shown]).transpose(0, 3, 1, 2)
        truths = [target(plate.quads) for plate in shown]
        yield (
            torch.from_numpy(np.ascontiguousarray(pictures)).float() / 255,
            (
                torch.from_numpy(np.stack([truth.maps for truth in truths])),
                torch.from_numpy(np.stack([truth.here for truth in truths])),
                torch.from_numpy(np.stack([truth.offsets for truth in truths])),
            ),
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--plates", type=int, default=6000, help="how many of the album")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    learn(
        Finder(),
        batches(arguments.folder, arguments.plates, arguments.seed),
        loss,
        Limit(arguments.steps, arguments.minutes),
        lambda net: write(Probable(net), "picture", ["maps", "quads"], arguments.output),
    )


if __name__ == "__main__":
    main()
