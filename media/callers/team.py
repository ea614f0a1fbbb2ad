"""The callers of one process: some of the kiosks, and as many lawyers, who answer anybody's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from pydantic import SecretStr

from media.callers.crowd import Crowd, Talk
from media.callers.doors import Doors, doors
from media.callers.meter import Strain, strained, uncollected
from media.callers.people import Kiosk, Lawyer
from media.callers.plan import Plan
from media.callers.record import Book
from media.callers.room import every
from media.callers.seats import Login, Seats
from media.callers.wire import Wire

ALONE_TALK_S = 1.0
HEARTBEAT_S, PING_S = 5.0, 10.0
_HEALTH = {
    "camera": "ok",
    "page_alive": True,
    "disk_free_mb": 10_000,
    "spool_pages": 0,
    "cpu_percent": 5,
    "memory_percent": 20,
    "uptime_s": 3600,
    "version": "callers",
}


@dataclass(frozen=True, slots=True)
class Report:
    """What a team saw of the crowd: its ends of calls, its residents' talks, why some of them never
    got into one, and how busy the process was."""

    book: Book
    talks: list[Talk]
    refused: list[str]
    strain: Strain


class Team:
    """Does its part of a plan, in this order: `alone` (one team only), `serve`, `come`, `stay`, and
    `report` when all teams have done that."""

    def __init__(
        self,
        residents: dict[int, Kiosk],
        lawyers: list[Lawyer],
        book: Book,
        plan: Plan,
        until_the_end: AsyncExitStack,
    ) -> None:
        self._residents, self._off_duty = residents, lawyers
        self._book, self._alone, self._until_the_end = book, plan.alone, until_the_end
        self._crowd = Crowd(residents, plan)
        self._strain = Strain()

    async def alone(self) -> Book:
        """Calls that follow each other between the first resident and the first lawyer.

        Raises:
            RefusedError: the center will not have them.
        """
        await self._answer(self._off_duty.pop(0))
        first = next(iter(self._residents.values()))
        for _ in range(self._alone):
            await first.visit(partial(asyncio.sleep, ALONE_TALK_S))
        return self._book.turn()

    async def serve(self) -> None:
        """All lawyers answer from now on. Raises as `alone`."""
        while self._off_duty:
            await self._answer(self._off_duty.pop(0))

    async def come(self, begin: float) -> None:
        """The first of all teams' residents comes at `begin` (loop time); until those of this one
        are in talk."""
        self._coming = asyncio.create_task(self._come(begin))
        await self._crowd.here.wait()

    async def stay(self) -> None:
        """All teams are in talk by now; until the residents of this one are gone."""
        self._crowd.all_talk.set()
        await self._coming

    async def report(self) -> Report:
        """What came of it."""
        return Report(self._book, self._crowd.talks, self._crowd.refused, self._strain)

    async def _come(self, begin: float) -> None:
        async with strained() as self._strain:
            with uncollected():
                await self._crowd.come(begin)

    async def _answer(self, lawyer: Lawyer) -> None:
        await lawyer.go_on_duty()
        await self._until_the_end.enter_async_context(_serving(lawyer))


@asynccontextmanager
async def team(center: str, seats: Seats, turns: range, plan: Plan) -> AsyncIterator[Team]:
    """A team on these seats, whose residents come at these turns of all.

    Raises:
        RefusedError: a code or a password is wrong.
        UnreachedError: there is no center.
    """
    plan.fare.tracks()  # encodes the clips, which takes long
    async with doors(center) as way, AsyncExitStack() as stack:
        enter, book = stack.enter_async_context, Book()
        kiosks = [await enter(_kiosk(way, code)) for code in seats.kiosks]
        consoles = [await enter(_console(way, login)) for login in seats.lawyers]
        residents = [Kiosk(wire, book, plan.fare) for wire in kiosks]
        lawyers = [Lawyer(wire, book, plan.fare, plan.ring_s) for wire in consoles]
        yield Team(dict(zip(turns, residents, strict=True)), lawyers, book, plan, stack)


@asynccontextmanager
async def _kiosk(way: Doors, code: SecretStr) -> AsyncIterator[Wire]:
    """The socket of a kiosk that was just enrolled, with its heartbeats."""
    device = await way.enrol(code.get_secret_value())
    async with await way.kiosk_socket(device) as wire, every(HEARTBEAT_S, partial(_beat, wire)):
        yield wire


@asynccontextmanager
async def _console(way: Doors, login: Login) -> AsyncIterator[Wire]:
    """The socket of a lawyer who just signed in, with its pings."""
    person = await way.sign_in(login)
    async with await person.socket() as wire, every(PING_S, partial(wire.ask, "ping")):
        yield wire


async def _beat(wire: Wire) -> None:
    now = datetime.now(UTC).isoformat()
    await wire.ask("kiosk.heartbeat", kiosk_time=now, health=_HEALTH)


@asynccontextmanager
async def _serving(lawyer: Lawyer) -> AsyncIterator[None]:
    """Answering meanwhile; where one fails, the calls tell."""
    task = asyncio.create_task(lawyer.serve())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
