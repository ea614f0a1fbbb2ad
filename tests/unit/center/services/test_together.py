"""What comes while others are written is written at once, and fails for nobody else."""

import asyncio
from collections.abc import Sequence

import pytest

from center.services.together import Together


class Disk:
    """Writes when it is told to."""

    def __init__(self) -> None:
        self.turns: list[list[int]] = []
        self.began, self.spins = asyncio.Event(), asyncio.Event()

    async def write(self, numbers: Sequence[int]) -> list[int]:
        self.turns.append(list(numbers))
        self.began.set()
        await self.spins.wait()
        if 13 in numbers:
            raise OSError("bad luck")
        return [10 * number for number in numbers]


async def test_what_comes_meanwhile_is_written_at_once() -> None:
    disk = Disk()
    together = Together(disk.write)
    first = asyncio.create_task(together.do(1))
    await disk.began.wait()
    others = [asyncio.create_task(together.do(number)) for number in (2, 3, 4)]
    await asyncio.sleep(0)
    disk.spins.set()
    assert await asyncio.gather(first, *others) == [10, 20, 30, 40]
    assert disk.turns == [[1], [2, 3, 4]]


async def test_who_is_alone_waits_for_nobody() -> None:
    disk = Disk()
    together = Together(disk.write)
    disk.spins.set()
    assert (await together.do(1), await together.do(2)) == (10, 20)
    assert disk.turns == [[1], [2]]


async def test_what_fails_fails_for_its_turn_only() -> None:
    disk = Disk()
    together = Together(disk.write)
    disk.spins.set()
    with pytest.raises(OSError, match="bad luck"):
        await together.do(13)
    assert await together.do(2) == 20


async def test_who_gives_up_takes_nobody_along() -> None:
    disk = Disk()
    together = Together(disk.write)
    first, second = (asyncio.create_task(together.do(number)) for number in (1, 2))
    await disk.began.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    third = asyncio.create_task(together.do(3))
    disk.spins.set()
    async with asyncio.timeout(10):
        assert [await second, await third] == [20, 30]
