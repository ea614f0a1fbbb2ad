"""The desk's thread with a camera that fails and comes back."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from center.protocol.words import CameraStatus
from kiosk.desk import Desk, Sight
from kiosk.words import CoachWord
from tests.fakes.devices import Bench
from tests.support.patience import PATIENCE


class Seen:
    """Everything a desk told, in order."""

    def __init__(self, desk: Desk) -> None:
        self.statuses: list[CameraStatus] = []
        self.sights: list[Sight] = []
        self.settled = 0
        self._news = asyncio.Event()
        desk.listeners.status = self._status
        desk.listeners.sight = self._sight
        desk.listeners.settled = self._settle

    def _status(self, status: CameraStatus) -> None:
        self.statuses.append(status)
        self._news.set()

    def _sight(self, sight: Sight) -> None:
        self.sights.append(sight)
        self._news.set()

    def _settle(self) -> None:
        self.settled += 1
        self._news.set()

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not true():
                await self._news.wait()
                self._news.clear()


@pytest.fixture
async def bench() -> Bench:
    return Bench()


@pytest.fixture
async def desk(bench: Bench) -> AsyncIterator[Desk]:
    desk = Desk(bench.devices().desk, asyncio.get_running_loop())
    desk.start()
    yield desk
    await asyncio.to_thread(desk.close)


@pytest.mark.parametrize("fault", [s for s in CameraStatus if s is not CameraStatus.OK])
async def test_a_fault_is_told_and_recovers_by_itself(
    desk: Desk, bench: Bench, fault: CameraStatus
) -> None:
    seen = Seen(desk)
    bench.fault = fault
    desk.light(on=True)
    await seen.until(lambda: seen.statuses == [fault])
    assert desk.picture() is None
    bench.fault = None
    await seen.until(lambda: seen.statuses == [fault, CameraStatus.OK])


async def test_pages_are_followed_only_when_asked(desk: Desk, bench: Bench) -> None:
    seen = Seen(desk)
    bench.sight = Sight(CoachWord.HOLD_STILL, 0.5, None, capture=True)
    desk.follow(on=True)
    desk.light(on=True)
    await seen.until(lambda: seen.settled > 0)
    assert seen.sights[0].coach is CoachWord.HOLD_STILL
    assert desk.picture() is not None


async def test_a_shutter_takes_what_lies_there_from_now_on(desk: Desk, bench: Bench) -> None:
    desk.light(on=True)
    first = await asyncio.to_thread(desk.fresh)
    bench.shade = 90
    second = await asyncio.to_thread(desk.fresh)
    third = await asyncio.to_thread(desk.fresh)
    assert first is not None
    assert second is not None
    assert third is not None
    assert int(third.image.mean()) == 90
    bench.fault = CameraStatus.UNPLUGGED
    await asyncio.to_thread(desk.fresh)
    assert await asyncio.to_thread(desk.fresh) is None


async def test_without_light_there_is_no_picture_and_no_camera(desk: Desk, bench: Bench) -> None:
    seen = Seen(desk)
    desk.follow(on=True)
    desk.light(on=True)
    await seen.until(lambda: len(seen.sights) > 0)
    desk.light(on=False)
    await asyncio.to_thread(desk.close)
    assert (bench.opened, bench.closed) == (1, 1)
    assert desk.picture() is None


async def test_nobody_looks_and_the_camera_is_read_now_and_then(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.desk.REST_S", 10 * PATIENCE)
    desk.light(on=True)
    assert await asyncio.to_thread(desk.fresh, PATIENCE) is not None
    desk.look(on=False)
    async with asyncio.timeout(PATIENCE):
        while await asyncio.to_thread(desk.fresh, 0.2) is not None:
            pass
    desk.look(on=True)
    assert await asyncio.to_thread(desk.fresh, PATIENCE) is not None
