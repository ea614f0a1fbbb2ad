"""Trains the edge reader on an album and writes the ONNX file, as `train` does for the finder."""

import argparse
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from scanner.training.edge_album import Floats, sides
from scanner.training.edge_model import Certain, EdgeReader, loss
from scanner.training.model import write
from scanner.training.trainer import Limit, learn
from scanner.types import Image

_PAPERS = 16


def batches(folder: Path, plates: int, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
    for number in count():
        rng = np.random.default_rng([seed, number, 2])
        shown: list[tuple[Image, Floats]] = []
        while len(shown) < _PAPERS:
            if (seen := sides(folder, int(rng.integers(plates)), rng)) is not None:
                shown.append(seen)
        strips = np.concatenate([strip for strip, _ in shown]).transpose(0, 3, 1, 2)
        rows = np.concatenate([rows for _, rows in shown])
        yield torch.from_numpy(np.ascontiguousarray(strips)).float() / 255, torch.from_numpy(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--plates", type=int, default=1800)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    learn(
        EdgeReader(),
        batches(arguments.folder, arguments.plates, arguments.seed),
        loss,
        Limit(arguments.steps, arguments.minutes),
        lambda net: write(Certain(net), "strips", ["rows"], arguments.output),
    )


if __name__ == "__main__":
    main()
