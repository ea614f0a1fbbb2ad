"""Trains the finder on an album and writes the ONNX file, fixed by seed and number of steps."""

import argparse
import math
import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from scanner.training.album import load
from scanner.training.augment import varied
from scanner.training.losses import loss
from scanner.training.model import Finder, export
from scanner.training.targets import target

_BATCH = 16
_RATE = 4e-3
_DECAY = 0.02
_AVERAGED = 0.995
_ALBUM, _FIRST_PLATES = 6000, 1000
_TOLD_EVERY, _KEPT_EVERY = 25, 100

@dataclass(frozen=True)
class Limit:
    """Training ends after so many steps or so many minutes, whichever is given."""

    steps: int | None
    minutes: float | None

    def part(self, step: int, seconds: float) -> float:
        by_steps = step / self.steps if self.steps else 0.0
        return max(by_steps, seconds / 60 / self.minutes if self.minutes else 0.0)


Truth = tuple[Tensor, Tensor, Tensor]


def batches(folder: Path, seed: int) -> Iterator[tuple[Tensor, Truth]]:
    """Without end; batch n is the same for a seed. The album may still be growing meanwhile."""
    for number in count():
        rng = np.random.default_rng([seed, number])
        chosen = rng.integers(_drawn(number), size=_BATCH)
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


def _drawn(step: int) -> int:
    """Plates in use at a step, so that learning may begin while the album is drawn."""
    return min(_ALBUM, _FIRST_PLATES + step)


def _rate(step: int, part: float) -> float:
    """Up over the first steps, then down along a cosine; `part` of the way, 0 to 1."""
    warm = min(1.0, (step + 1) / 60)
    return _RATE * warm * (0.01 + 0.99 * (1 + math.cos(math.pi * min(part, 1.0))) / 2)


def train(folder: Path, limit: Limit, seed: int, kept: Path) -> Finder:
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    net = Finder().to(memory_format=torch.channels_last)
    calm = deepcopy(net).eval()
    teacher = torch.optim.AdamW(net.parameters(), lr=_RATE, weight_decay=_DECAY)
    start, told = time.monotonic(), 0.0
    for step, (pictures, truth) in enumerate(batches(folder, seed)):
        part = limit.part(step, time.monotonic() - start)
        if part >= 1:
            break
        for group in teacher.param_groups:
            group["lr"] = _rate(step, part)
        wrong = loss(*net(pictures.to(memory_format=torch.channels_last)), truth)
        teacher.zero_grad()
        wrong.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        teacher.step()
        _average(calm, net, step)
        told = 0.95 * told + 0.05 * float(wrong.detach()) if step else float(wrong.detach())
        if step % _TOLD_EVERY == 0:
            print(f"{step} loss {told:.4f} {time.monotonic() - start:.0f} s", flush=True)
        if step % _KEPT_EVERY == _KEPT_EVERY - 1:
            export(deepcopy(calm), str(kept))
    return calm


def _average(calm: Finder, net: Finder, step: int) -> None:
    """The weights that are kept are a running mean, calmer than the last ones."""
    part = min(_AVERAGED, (1 + step) / (10 + step))
    with torch.no_grad():
        for kept, new in zip(calm.state_dict().values(), net.state_dict().values(), strict=True):
            if kept.dtype.is_floating_point:
                kept.lerp_(new, 1 - part)
            else:
                kept.copy_(new)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()
    limit = Limit(arguments.steps, arguments.minutes)
    net = train(arguments.folder, limit, arguments.seed, arguments.output)
    export(net, str(arguments.output))


if __name__ == "__main__":
    main()
