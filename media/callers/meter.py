"""What a process costs meanwhile: CPU seconds, and its memory at the beginning and at most."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import psutil

SAMPLE_S = 1.0


@dataclass(slots=True)
class Cost:
    """CPU seconds (user and system) and resident memory, bytes."""

    cpu_s: float
    memory: int
    most_memory: int


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
