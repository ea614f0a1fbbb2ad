"""The parts of the sockets that need no socket."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from center.protocol.staff_wire import staff_to_center
from center.protocol.words import ErrorCode
from center.realtime.bus import LocalBus
from center.realtime.connection import FrameRefused, TokenBucket, parse
from center.realtime.finish import to_the_end
from center.realtime.timers import LoopTimers
from center.services.ports import Change
from tests.support.patience import PATIENCE

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def test_a_bucket_allows_a_burst_and_then_a_rate() -> None:
    moment = [0.0]
    bucket = TokenBucket(rate=2.0, burst=3, time=lambda: moment[0])
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    moment[0] = 0.5
    assert [bucket.take() for _ in range(2)] == [True, False]
    moment[0] = 100.0
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


def test_the_id_of_a_bad_frame_is_read_where_it_can_be() -> None:
    for text, expected in (('{"type": "ping", "id": 3, "x": 1}', 3), ('{"id": true}', None)):
        with pytest.raises(FrameRefused) as refused:
            parse(staff_to_center, text)
        assert refused.value.code is ErrorCode.BAD_FRAME
        assert refused.value.re == expected


async def test_the_bus_hands_every_change_to_everybody_in_order() -> None:
    bus = LocalBus()
    one, other = bus.subscribe(), bus.subscribe()
    changes = [Change(seq, "kiosk:K01", "x") for seq in (1, 2)]
    for change in changes:
        await bus.publish(change)
    for subscription in (one, other):
        assert [await anext(subscription), await anext(subscription)] == changes
    await one.aclose()
    await bus.publish(changes[0])
    assert await anext(other) == changes[0]
    assert one.waiting == 0


class Wall:
    """A wall clock that is set by hand."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


async def test_a_timer_fires_with_its_deadline_and_a_newer_one_replaces_it() -> None:
    fired: asyncio.Queue[tuple[str, datetime]] = asyncio.Queue()
    timers = LoopTimers(Wall())
    timers.bind(lambda consultation, at: fired.put((consultation, at)))
    late, soon = NOW + timedelta(hours=1), NOW - timedelta(seconds=1)
    timers.arm("a", late)
    timers.arm("a", soon)
    timers.arm("b", soon)
    timers.arm("b", None)
    assert await asyncio.wait_for(fired.get(), PATIENCE) == ("a", soon)
    await timers.close()
    assert fired.empty()


@pytest.mark.parametrize("set_by", [timedelta(hours=-1), timedelta(hours=1)], ids=["back", "ahead"])
async def test_a_clock_that_is_set_meanwhile_changes_no_timer(set_by: timedelta) -> None:
    fired: asyncio.Queue[tuple[str, datetime]] = asyncio.Queue()
    wall = Wall()
    timers = LoopTimers(wall)
    timers.bind(lambda consultation, at: fired.put((consultation, at)))
    timers.arm("an hour", NOW + timedelta(hours=1))
    timers.arm("a moment", NOW + timedelta(seconds=0.05))
    await asyncio.sleep(0)  # both sleep now
    wall.time += set_by
    assert await asyncio.wait_for(fired.get(), PATIENCE) == (
        "a moment",
        NOW + timedelta(seconds=0.05),
    )
    assert fired.empty()
    await timers.close()


async def test_a_timer_may_arm_its_successor_and_survives_a_failure() -> None:
    seen: list[datetime] = []
    done = asyncio.Event()
    timers = LoopTimers(Wall())

    async def fired(consultation: str, at: datetime) -> None:
        seen.append(at)
        if len(seen) < 3:
            timers.arm(consultation, at - timedelta(seconds=1))
            raise RuntimeError("the store was away")
        done.set()

    timers.bind(fired)
    timers.arm("a", NOW)
    await asyncio.wait_for(done.wait(), PATIENCE)
    assert seen == [NOW, NOW - timedelta(seconds=1), NOW - timedelta(seconds=2)]
    await timers.close()


async def test_cancelled_work_is_ended_first_and_the_cancellation_goes_on() -> None:
    begun, may_end, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await may_end.wait()
        ended.set()

    task = asyncio.create_task(to_the_end(work()))
    await begun.wait()
    task.cancel()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()
