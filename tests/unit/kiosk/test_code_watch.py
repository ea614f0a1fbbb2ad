"""A slip under the camera is seen once, when it is asked for, and only a mediation's."""

import asyncio
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk import code_watch
from kiosk.code_watch import CodeWatch
from kiosk.desk import Desk
from tests.support.patience import PATIENCE


@dataclass
class Bench:
    """A watch over a desk on which the test lays texts; `looked` counts looks."""

    loop: asyncio.AbstractEventLoop
    texts: tuple[str, ...] = ()
    seen: list[tuple[str, str]] = field(default_factory=list)
    looked: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    def picture(self) -> NDArray[np.uint8]:
        return np.zeros((2, 2, 3), np.uint8)

    def read(self, _: NDArray[np.uint8]) -> tuple[str, ...]:
        asyncio.run_coroutine_threadsafe(self._count(), self.loop)
        return self.texts

    async def _count(self) -> None:
        self.looked.release()

    async def looks(self, count: int) -> None:
        """Wait until the watch looked so many times more."""
        async with asyncio.timeout(PATIENCE):
            for _ in range(count):
                await self.looked.acquire()


@pytest.fixture
async def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(code_watch, "LOOK_S", 0.0)
    return Bench(loop=asyncio.get_running_loop())


async def test_a_slip_is_seen_once_and_again_when_asked_anew(bench: Bench) -> None:
    watch = CodeWatch(cast("Desk", bench), bench.read, lambda *found: bench.seen.append(found))
    running = asyncio.create_task(watch.run())
    bench.texts = ("https://example.org", "JIUJIN:YJ-20261121-0007:123456")
    watch.follow(True)
    await bench.looks(3)
    assert bench.seen == []
    bench.texts = ("JIUJIN:TJ-20261121-0001:048213",)
    await bench.looks(4)
    assert bench.seen == [("TJ-20261121-0001", "048213")]
    watch.follow(False)
    watch.follow(True)
    await bench.looks(4)
    assert len(bench.seen) == 2
    running.cancel()
