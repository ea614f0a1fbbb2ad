"""Trains the judge on an album with proposals and writes the ONNX file, as `train` does."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from scanner.detect.judge import SIDE
from scanner.training.judge_album import outline
from scanner.training.judge_model import Judge, Verdict, loss
from scanner.training.model import write
from scanner.training.trainer import asked, learn

_BATCH = 48


def batches(folder: Path, plates: int, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
    for number in count():
        rng = np.random.default_rng([seed, number, 3])
        chosen = rng.integers(plates, size=_BATCH)
        shown = [outline(folder, int(plate), rng) for plate in chosen]
        flat = np.stack([picture for picture, _ in shown]).transpose(0, 3, 1, 2)
        index = np.array([right for _, right in shown], np.float32)
        yield torch.from_numpy(np.ascontiguousarray(flat)).float() / 255, torch.from_numpy(index)


def main() -> None:
    arguments = asked(__doc__, plates=6000)
    learn(
        Judge(),
        batches(arguments.folder, arguments.plates, arguments.seed),
        loss,
        arguments,
        lambda net: write(Verdict(net), (1, 3, SIDE, SIDE), "flat", ["right"], arguments.output),
    )


if __name__ == "__main__":
    main()
