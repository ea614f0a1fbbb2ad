"""What comes while others are written is written at once, and fails for nobody else."""

import asyncio
from collections.abc import Sequence

import pytest

from center.services.together import Together
from tests.support.patience import PATIENCE


class Disk:
    """Writes as many turns as it is allowed."""

    def __init__(self) -> None:
        self.turns: list[list[int]] = []
        self.began, self.allowed = asyncio.Event(), asyncio.Semaphore(0)

    async def write(self, numbers: Sequence[int]) -> list[int]:
        self.turns.append(list(numbers))
        self.began.set()
        await self.allowed.acquire()
        if 13 in numbers:
            raise OSError("bad luck")
        return [10 * number for number in numbers]


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def together(disk: Disk) -> Together[int, int]:
    return Together(disk.write, most=3)


async def begun(disk: Disk, turn: asyncio.Task[int]) -> asyncio.Task[int]:
    await disk.began.wait()
    disk.began.clear()
    return turn


async def test_what_comes_meanwhile_is_written_at_once(
    disk: Disk, together: Together[int, int]
) -> None:
    first = await begun(disk, asyncio.create_task(together.do(1)))
    others = [asyncio.create_task(together.do(number)) for number in (2, 3, 4)]
    await asyncio.sleep(0)
    disk.allowed.release()
    disk.allowed.release()
    async with asyncio.timeout(PATIENCE):
        assert await asyncio.gather(first, *others) == [10, 20, 30, 40]
    assert disk.turns == [[1], [2, 3, 4]]


async def test_many_are_written_a_few_at_a_time_in_their_order(
    disk: Disk, together: Together[int, int]
) -> None:
    first = await begun(disk, asyncio.create_task(together.do(0)))
    others = [asyncio.create_task(together.do(number)) for number in range(1, 8)]
    await asyncio.sleep(0)
    for _ in range(4):
        disk.allowed.release()
    async with asyncio.timeout(PATIENCE):
        assert await asyncio.gather(first, *others) == [10 * number for number in range(8)]
    assert disk.turns == [[0], [1, 2, 3], [4, 5, 6], [7]]


async def test_who_is_alone_waits_for_nobody(disk: Disk, together: Together[int, int]) -> None:
    for number in (1, 2):
        disk.allowed.release()
        assert await together.do(number) == 10 * number
    assert disk.turns == [[1], [2]]


async def test_what_fails_fails_for_its_turn_only(disk: Disk, together: Together[int, int]) -> None:
    disk.allowed.release()
    with pytest.raises(OSError, match="bad luck"):
        await together.do(13)
    disk.allowed.release()
    assert await together.do(2) == 20


async def test_who_gives_up_takes_nobody_along(disk: Disk, together: Together[int, int]) -> None:
    await begun(disk, asyncio.create_task(together.do(0)))
    first, second = (asyncio.create_task(together.do(number)) for number in (1, 2))
    await asyncio.sleep(0)
    disk.allowed.release()
    await begun(disk, first)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    disk.allowed.release()
    async with asyncio.timeout(PATIENCE):
        assert await second == 20
    assert disk.turns == [[0], [1, 2]]
