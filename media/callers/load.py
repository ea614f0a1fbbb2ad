"""Many consultations at once, after a few that have the center for themselves."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager

from media.callers.crowd import Talk, at_once
from media.callers.doors import Doors, doors
from media.callers.figures import MAX_REASONS, Figures, let_in_of, set_up_of, spread
from media.callers.log_check import torn_logs
from media.callers.meter import Cost, metered
from media.callers.plan import Plan
from media.callers.record import Book, Call
from media.callers.remote import Remote, remote
from media.callers.seats import Login, Seats
from media.callers.team import Report, Team, team

SOON_S = 0.5
"""From the order until the first call: by then every team has heard it."""


async def run(center: str, seats: Seats, plan: Plan, pid: int | None = None) -> Figures:
    """Carry the plan out; `pid` is the center's process, if its cost is to be told.

    Raises:
        SeatsError: there are fewer seats than calls.
        RefusedError: a code or a password is wrong, or the center refuses the calls that are alone.
        UnreachedError: there is no center.
        LostError: a process of the callers died.
    """
    seats.require(plan.count)
    async with doors(center) as way, _teams(center, seats, plan) as teams:
        alone = await teams[0].alone()
        for one in teams:
            await one.serve()
        async with metered(pid) as cost:
            begin = time.monotonic() + SOON_S
            await asyncio.gather(*(one.come(begin) for one in teams))
            await asyncio.gather(*(one.stay() for one in teams))
        reports = [await one.report() for one in teams]
        calls = _calls(reports)
        torn = await _torn(way, seats.supervisor, calls)
        return _figures(plan, (alone.calls(), calls), reports, torn, cost)


@asynccontextmanager
async def _teams(center: str, seats: Seats, plan: Plan) -> AsyncIterator[Sequence[Team | Remote]]:
    """In this process if there is one, otherwise each in its own."""
    parts = [range(first, plan.count, plan.teams) for first in range(plan.teams)]
    if plan.teams == 1:
        async with team(center, seats.part(parts[0]), parts[0], plan) as only:
            yield [only]
        return
    with ExitStack() as processes:
        remotes = [
            processes.enter_context(remote(center, seats.part(part), part, plan)) for part in parts
        ]
        await asyncio.gather(*(one.ready() for one in remotes))
        yield remotes


def _calls(reports: Sequence[Report]) -> list[Call]:
    book = Book()
    for report in reports:
        book.add(report.book)
    return book.calls()


async def _torn(way: Doors, login: Login | None, calls: Sequence[Call]) -> int | None:
    if login is None:
        return None
    reader = await way.sign_in(login)
    return await torn_logs(reader, [call.consultation_id for call in calls])


def _figures(
    plan: Plan,
    alone_and_crowd: tuple[Sequence[Call], Sequence[Call]],
    reports: Sequence[Report],
    torn: int | None,
    cost: Cost | None,
) -> Figures:
    alone, calls = alone_and_crowd
    talks = [talk for report in reports for talk in report.talks]
    refused = [reason for report in reports for reason in report.refused]
    failed = [call for call in calls if call.failed]
    ends = [end for call in calls for end in (call.resident, call.lawyer)]
    reasons = [*refused, *(call.failure or "not closed" for call in failed)]
    return Figures(
        fare=plan.fare,
        ramp=plan.ramp,
        calls=plan.count,
        at_once=at_once(talks),
        minutes=_minutes(talks),
        failed=len(failed) + len(refused),
        reasons=tuple(reasons[:MAX_REASONS]),
        alone=set_up_of(alone),
        set_up=set_up_of(calls),
        let_in_alone=let_in_of(alone),
        let_in=let_in_of(calls),
        processes=len(reports),
        nice=max(report.strain.nice for report in reports),
        cores=sum(report.strain.cores for report in reports),
        late=spread(late for report in reports for late in report.strain.late_ms),
        packets=sum(end.packets for end in ends),
        lost=sum(end.lost for end in ends),
        torn_logs=torn,
        cost=cost,
    )


def _minutes(talks: Sequence[Talk]) -> float:
    return sum(ended - begun for begun, ended in talks) / 60
