"""A team in a process of its own, so that standing calls do not delay one that is set up.

Orders and answers go through a pipe, one at a time. What a team is refused by the center comes back
as it is; any other fault ends its process, with its traceback, and that is told.
"""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from typing import Any

from media.callers.errors import CallersError, LostError
from media.callers.plan import Plan
from media.callers.record import Book
from media.callers.seats import Seats
from media.callers.team import Report, team

_LOST = "a process of the callers has died, and its calls with it"


class Remote:
    """The same as `Team`, from outside. Every method raises LostError when the process is gone."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    async def ready(self) -> None:
        """All its seats are taken. Raises as `team`."""
        await self._answer()

    async def alone(self) -> Book:
        """As Team's."""
        book: Book = await self._order("alone")
        return book

    async def serve(self) -> None:
        """As Team's."""
        await self._order("serve")

    async def come(self, begin: float) -> None:
        """As Team's."""
        await self._order("come", begin)

    async def stay(self) -> None:
        """As Team's."""
        await self._order("stay")

    async def report(self) -> Report:
        """As Team's."""
        report: Report = await self._order("report")
        return report

    async def _order(self, what: str, *how: object) -> Any:
        try:
            self._pipe.send((what, how))
        except OSError as error:
            raise LostError(_LOST) from error
        return await self._answer()

    async def _answer(self) -> Any:
        try:
            answer = await _received(self._pipe)
        except (EOFError, OSError) as error:
            raise LostError(_LOST) from error
        if isinstance(answer, CallersError):
            raise answer
        return answer


@contextmanager
def remote(center: str, seats: Seats, turns: range, plan: Plan) -> Iterator[Remote]:
    """A process with this team; it is ended with the block, and with this process."""
    forking = get_context("forkserver")
    forking.set_forkserver_preload(["__main__", __name__])
    here, there = forking.Pipe()
    process = forking.Process(target=_live, args=(there, center, seats, turns, plan), daemon=True)
    process.start()
    there.close()
    try:
        yield Remote(here)
    finally:
        process.terminate()
        process.join()


def _live(pipe: Connection, *what: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process ends the others
    asyncio.run(_obey(pipe, *what))


async def _obey(pipe: Connection, center: str, seats: Seats, turns: range, plan: Plan) -> None:
    os.nice(plan.nice)
    parent = parent_process()
    if parent is not None:  # killed it ends nobody
        asyncio.get_running_loop().add_reader(parent.sentinel, os._exit, 1)
    try:
        async with team(center, seats, turns, plan) as mine:
            pipe.send(None)
            while True:
                what, how = await _received(pipe)
                pipe.send(await getattr(mine, what)(*how))
    except CallersError as error:
        pipe.send(error)


async def _received(pipe: Connection) -> Any:
    """Raises EOFError or OSError when the other end is closed."""
    loop, something = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(pipe.fileno(), something.set)
    try:
        await something.wait()
    finally:
        loop.remove_reader(pipe.fileno())
    return pipe.recv()
