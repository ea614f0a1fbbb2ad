"""Trains the finder on an album and writes the ONNX file, fixed by seed and number of steps."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from scanner.training.album import load
from scanner.training.augment import varied
from scanner.training.losses import loss
from scanner.training.model import SIDE, Finder, Probable, write
from scanner.training.targets import target
from scanner.training.trainer import asked, learn

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
    arguments = asked(__doc__, plates=6000)
    learn(
        Finder(),
        batches(arguments.folder, arguments.plates, arguments.seed),
        loss,
        arguments,
        lambda net: write(
            Probable(net), (1, 3, SIDE, SIDE), "picture", ["maps", "quads"], arguments.output
        ),
    )


if __name__ == "__main__":
    main()
