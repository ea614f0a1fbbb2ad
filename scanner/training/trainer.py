"""How a network learns: one thread, AdamW, a rate that rises and falls once, averaged weights."""

import argparse
import math
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import cv2
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, IterableDataset

from scanner.training.resume import resume

_DECAY = 0.02
_AVERAGED = 0.995
_TOLD_EVERY, _KEPT_EVERY = 25, 100

Truth = TypeVar("Truth")


@dataclass(frozen=True)
class Limit:
    """Training ends after so many steps or so many minutes, whichever is given; `rate` is the
    highest rate of learning."""

    steps: int | None
    minutes: float | None
    rate: float

    def part(self, step: int, seconds: float) -> float:
        by_steps = step / self.steps if self.steps else 0.0
        return max(by_steps, seconds / 60 / self.minutes if self.minutes else 0.0)


def asked(description: str | None, plates: int) -> argparse.Namespace:
    """The command line of a training: `folder` of the album, how many `plates` of it, `seed`,
    `output`, and what `learn` asks for."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--plates", type=int, default=plates, help="how many of the album")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=4e-3, help="the highest rate of learning")
    parser.add_argument("--start", type=Path, help="an ONNX file to go on from")
    parser.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    return arguments


def learn(
    net: nn.Module,
    batches: Iterator[tuple[Tensor, Truth]],
    loss: Callable[..., Tensor],
    arguments: argparse.Namespace,
    keep: Callable[[nn.Module], None],
) -> None:
    """`loss(answer, truth)` of every batch; `keep` is given the averaged net now and then."""
    limit = Limit(arguments.steps, arguments.minutes, arguments.rate)
    if arguments.start:
        resume(net, arguments.start, next(batches)[0])
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    net = net.to(memory_format=torch.channels_last)
    calm = deepcopy(net).eval()
    teacher = torch.optim.AdamW(net.parameters(), lr=limit.rate, weight_decay=_DECAY)
    start, told = time.monotonic(), 0.0
    for step, (pictures, truth) in enumerate(DataLoader(_Ahead(batches), None, num_workers=1)):
        part = limit.part(step, time.monotonic() - start)
        if part >= 1:
            break
        wrong = loss(net(pictures.to(memory_format=torch.channels_last)), truth)
        _teach(teacher, net, wrong, limit.rate * _pace(step, part))
        _average(calm, net, step)
        told = 0.95 * told + 0.05 * float(wrong.detach()) if step else float(wrong.detach())
        if step % _TOLD_EVERY == 0:
            print(f"{step} loss {told:.4f} {time.monotonic() - start:.0f} s", flush=True)
        if step % _KEPT_EVERY == _KEPT_EVERY - 1:
            keep(deepcopy(calm))
    keep(calm)


class _Ahead(IterableDataset[Any]):
    """Batches made by a process of their own, while the network learns from the one before."""

    def __init__(self, batches: Iterator[Any]) -> None:
        super().__init__()
        self._batches = batches

    def __iter__(self) -> Iterator[Any]:
        cv2.setNumThreads(1)
        return self._batches


def _pace(step: int, part: float) -> float:
    """Up over the first steps, then down along a cosine; `part` of the way, 0 to 1."""
    warm = min(1.0, (step + 1) / 60)
    return warm * (0.01 + 0.99 * (1 + math.cos(math.pi * min(part, 1.0))) / 2)


def _teach(teacher: torch.optim.Optimizer, net: nn.Module, wrong: Tensor, rate: float) -> None:
    for group in teacher.param_groups:
        group["lr"] = rate
    teacher.zero_grad()
    wrong.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    teacher.step()


def _average(calm: nn.Module, net: nn.Module, step: int) -> None:
    """The weights that are kept are a running mean, calmer than the last ones."""
    part = min(_AVERAGED, (1 + step) / (10 + step))
    with torch.no_grad():
        for kept, new in zip(calm.state_dict().values(), net.state_dict().values(), strict=True):
            if kept.dtype.is_floating_point:
                kept.lerp_(new, 1 - part)
            else:
                kept.copy_(new)
