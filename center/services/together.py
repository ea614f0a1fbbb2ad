"""Writing together: whatever comes while others are written is written at once when they are done.

The slower the disk, the more is written at a time, but never more than `most`: what else is to be
written comes in between.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Together(Generic[T, R]):
    """`write` takes what has come, in order, and returns as many answers."""

    def __init__(self, write: Callable[[Sequence[T]], Awaitable[Sequence[R]]], most: int) -> None:
        self._write, self._most = write, most
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._writing = asyncio.Lock()

    async def do(self, one: T) -> R:
        """Its answer, when it is written. Raises what `write` raises, to all of a turn."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, answer))
        # Who is cancelled meanwhile cancels nobody else's.
        await asyncio.shield(asyncio.create_task(self._until(answer)))
        return await answer

    async def _until(self, answer: asyncio.Future[R]) -> None:
        async with self._writing:
            if not answer.done():
                await self._turn()

    async def _turn(self) -> None:
        # Who comes first gets the lock first, so one's own is always among these.
        turn, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        try:
            answers = await self._write([one for one, _ in turn])
        except Exception as error:  # noqa: BLE001 - told to everybody whose turn it was
            for _, awaited in turn:
                awaited.set_exception(error)
            return
        for (_, awaited), answer in zip(turn, answers, strict=True):
            awaited.set_result(answer)
