"""Many consultations at once, after a few that have the center for themselves."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from pydantic import SecretStr

from media.callers.caller import Fare
from media.callers.crowd import Crowd
from media.callers.doors import Doors, doors
from media.callers.figures import MAX_REASONS, Figures, let_in_of, set_up_of, spread
from media.callers.log_check import torn_logs
from media.callers.meter import Cost, Strain, metered, strained, uncollected
from media.callers.people import Kiosk, Lawyer
from media.callers.record import Book, Call
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
class Plan:
    """`count` calls begin at `ramp` a second, go on for `seconds` once all are there, and then
    end. Before them `alone` calls follow each other. It rings for `ring_s`."""

    count: int
    seconds: float = 30.0
    ramp: float = 2.0
    alone: int = 5
    ring_s: float = 1.5
    fare: Fare = field(default_factory=Fare)


async def run(center: str, seats: Seats, plan: Plan, pid: int | None = None) -> Figures:
    """Carry the plan out; `pid` is the center's process, if its cost is to be told.

    Raises:
        SeatsError: there are fewer seats than calls.
        RefusedError: a code or a password is wrong, or the center refuses the calls that are alone.
        UnreachedError: there is no center.
    """
    seats.require(plan.count)
    plan.fare.tracks()  # encodes the clips, which takes long
    async with doors(center) as way, AsyncExitStack() as sockets:
        enter, book = sockets.enter_async_context, Book()
        kiosks = [await enter(_kiosk(way, code)) for code in seats.kiosks[: plan.count]]
        consoles = [await enter(_console(way, login)) for login in seats.lawyers[: plan.count]]
        residents = [Kiosk(wire, book, plan.fare) for wire in kiosks]
        lawyers = [Lawyer(wire, book, plan.fare, plan.ring_s) for wire in consoles]
        async with _serving(lawyers[:1]):
            for _ in range(plan.alone):
                await residents[0].visit(partial(asyncio.sleep, ALONE_TALK_S))
            alone = list(book.calls.values())
            crowd = Crowd(residents, plan.ramp, plan.seconds)
            async with _serving(lawyers[1:]), metered(pid) as cost, strained() as strain:
                with uncollected():
                    await crowd.come()
        calls = list(book.calls.values())[len(alone) :]
        torn = await _torn(way, seats.supervisor, calls)
        return _figures(plan, alone, calls, crowd, torn, (cost, strain))


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
async def _serving(lawyers: Sequence[Lawyer]) -> AsyncIterator[None]:
    """All of them on duty and answering meanwhile; where one fails, the calls tell."""
    for lawyer in lawyers:
        await lawyer.go_on_duty()
    tasks = [asyncio.create_task(lawyer.serve()) for lawyer in lawyers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _torn(way: Doors, login: Login | None, calls: Sequence[Call]) -> int | None:
    if login is None:
        return None
    reader = await way.sign_in(login)
    return await torn_logs(reader, [call.consultation_id for call in calls])


def _figures(
    plan: Plan,
    alone: Sequence[Call],
    calls: Sequence[Call],
    crowd: Crowd,
    torn: int | None,
    took: tuple[Cost | None, Strain],
) -> Figures:
    cost, strain = took
    failed = [call for call in calls if call.failed]
    ends = [end for call in calls for end in (call.resident, call.lawyer)]
    reasons = [*crowd.refused, *(call.failure or "not closed" for call in failed)]
    return Figures(
        fare=plan.fare,
        ramp=plan.ramp,
        calls=plan.count,
        at_once=crowd.at_once,
        minutes=crowd.minutes,
        failed=len(failed) + len(crowd.refused),
        reasons=tuple(reasons[:MAX_REASONS]),
        alone=set_up_of(alone),
        set_up=set_up_of(calls),
        let_in_alone=let_in_of(alone),
        let_in=let_in_of(calls),
        cores=strain.cores,
        late=spread(strain.late_ms),
        packets=sum(end.packets for end in ends),
        lost=sum(end.lost for end in ends),
        torn_logs=torn,
        cost=cost,
    )
