"""What a process costs meanwhile: CPU seconds, and its memory at the beginning and at most; and how
busy the callers themselves are, because what they are late by is not the center's."""

import asyncio
import gc
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import psutil

SAMPLE_S = 1.0
BEAT_S = 0.02


@dataclass(slots=True)
class Cost:
    """CPU seconds (user and system) and resident memory, bytes."""

    cpu_s: float
    memory: int
    most_memory: int


@dataclass(slots=True)
class Strain:
    """Of this process: its share of a core, how far it steps back behind others, and how late each
    beat was, milliseconds."""

    cores: float = 0.0
    nice: int = field(default_factory=lambda: os.nice(0))
    late_ms: list[float] = field(default_factory=list)


@asynccontextmanager
async def strained() -> AsyncIterator[Strain]:
    """The strain of this process during the block, complete at its end."""
    strain, began, cpu_s = Strain(), time.monotonic(), time.process_time()
    beating = asyncio.create_task(_beat(strain))
    try:
        yield strain
    finally:
        beating.cancel()
        strain.cores = (time.process_time() - cpu_s) / (time.monotonic() - began)


@contextmanager
def uncollected() -> Iterator[None]:
    """No look through everything for garbage meanwhile: with hundreds of connections it takes
    longer than a set-up."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(thresholds[0], thresholds[1], 1_000_000)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


async def _beat(strain: Strain) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + BEAT_S
        await asyncio.sleep(BEAT_S)
        strain.late_ms.append(1000 * (loop.time() - due))


@asynccontextmanager
async def metered(pid: int | None) -> AsyncIterator[Cost | None]:
    """The cost of this process during the block, complete at its end; null without a process."""
    if pid is None:
        yield None
        return
    process = psutil.Process(pid)
    before, memory = _cpu_s(process), process.memory_info().rss
    cost = Cost(0.0, memory, memory)
    watching = asyncio.create_task(_watch(process, cost))
    try:
        yield cost
    finally:
        watching.cancel()
        cost.cpu_s = _cpu_s(process) - before


async def _watch(process: psutil.Process, cost: Cost) -> None:
    while True:
        cost.most_memory = max(cost.most_memory, process.memory_info().rss)
        await asyncio.sleep(SAMPLE_S)


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
