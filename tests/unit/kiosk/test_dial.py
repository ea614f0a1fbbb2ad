"""Several attempts beside each other, of which the first answered one counts."""

import asyncio

import pytest

from kiosk.dial import dial

SOON = 0.01


class Server:
    """Leaves the first attempts without an answer."""

    def __init__(self, deaf: int, error: Exception | None = None) -> None:
        self.deaf, self.error = deaf, error
        self.asked = self.given_up = 0
        self.dropped: list[int] = []

    async def reach(self) -> int:
        self.asked += 1
        number = self.asked
        if number <= self.deaf:
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                self.given_up += 1
        if self.error:
            raise self.error
        return number

    async def drop(self, number: int) -> None:
        self.dropped.append(number)


async def test_one_attempt_is_enough_where_somebody_answers() -> None:
    server = Server(deaf=0)
    assert await dial(server.reach, server.drop) == 1
    assert server.asked == 1


async def test_a_line_that_comes_back_is_found_by_a_later_attempt() -> None:
    server = Server(deaf=3)
    assert await dial(server.reach, server.drop, again_s=SOON) == 4
    assert server.given_up == 3


async def test_nobody_answers_and_nothing_is_left_behind() -> None:
    server = Server(deaf=10**9)
    with pytest.raises(TimeoutError):
        await dial(server.reach, server.drop, again_s=SOON, give_up_s=10 * SOON)
    assert server.given_up == server.asked > 2


async def test_a_refusal_ends_it() -> None:
    server = Server(deaf=1, error=ConnectionRefusedError("no"))
    with pytest.raises(ConnectionRefusedError):
        await dial(server.reach, server.drop, again_s=SOON)
    assert server.given_up == 1


async def test_the_second_of_two_that_get_through_at_once_is_dropped() -> None:
    server, both = Server(deaf=0), asyncio.Event()

    async def together() -> int:
        number = await server.reach()
        if number == 2:
            both.set()
        await both.wait()
        return number

    winner = await dial(together, server.drop, again_s=SOON)
    assert [winner, *server.dropped] == [1, 2]
