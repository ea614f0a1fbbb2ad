"""Trains the edge reader on an album and writes the ONNX file, as `train` does for the finder."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from scanner.detect.strips import ACROSS, ALONG
from scanner.training.edge_album import Floats, sides
from scanner.training.edge_model import Certain, EdgeReader, loss
from scanner.training.model import write
from scanner.training.trainer import asked, learn
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
    arguments = asked(__doc__, plates=1800)
    learn(
        EdgeReader(),
        batches(arguments.folder, arguments.plates, arguments.seed),
        loss,
        arguments,
        lambda net: write(
            Certain(net), (4, 3, ACROSS, ALONG), "strips", ["rows"], arguments.output
        ),
    )


if __name__ == "__main__":
    main()
