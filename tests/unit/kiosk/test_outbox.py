"""What is owed to the center: kept with the journey in one write, for as long as it has to be."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from center.protocol.kiosk_wire import ConsultationHangUp, ConsultationRate, MessageLeave
from kiosk import journal
from kiosk import touch_messages as touch
from kiosk.clock import KioskClock
from kiosk.errands import Errands
from kiosk.journal import Journal
from kiosk.journey import effects as do
from kiosk.journey import events as on
from kiosk.outbox import KEPT_FOR, Outbox, OwedRequest, alike
from kiosk.owner import Owner
from kiosk.spool import RealDisk, Spool
from kiosk.spool.vault import Vault
from kiosk.words import LinkState, Screen
from tests.support.patience import PATIENCE
from tests.unit.kiosk.views import NOON, RULES, after
from tests.unit.kiosk.ways import on_screen

WORDS = "the landlord keeps my deposit"
MESSAGE = touch.LeaveMessage(text=WORDS, phone="0433-2510001")
RATING = touch.Rate(score=2)
GIVEN = [
    (Screen.RATE, RATING, ConsultationRate(id=1, consultation_id="c1", score=2)),
    (
        Screen.MESSAGE,
        MESSAGE,
        MessageLeave(id=1, consultation_id="c1", text=WORDS, phone="0433-2510001"),
    ),
]


class DyingError(BaseException):
    """The agent is gone in this instant."""


class CountingDisk(RealDisk):
    """Counts changes and dies before the one that it is told."""

    def __init__(self, dies_before: int = -1) -> None:
        self.changes, self.dies_before = 0, dies_before

    def write(self, path: Path, data: bytes) -> None:
        self._count()
        super().write(path, data)

    def shred(self, path: Path) -> None:
        if path.is_file():
            self._count()
        super().shred(path)

    def _count(self) -> None:
        if self.changes == self.dies_before:
            raise DyingError
        self.changes += 1


class Notebook(Errands):
    """Notes what is to be done, or dies of it."""

    def __init__(self) -> None:
        self.asked: list[OwedRequest] = []
        self.done: list[do.Effect] = []
        self.given_up: asyncio.Queue[OwedRequest] = asyncio.Queue()
        self.deadly: tuple[type, ...] = ()

    async def run(self, effect: do.Effect) -> None:
        if isinstance(effect, self.deadly):
            raise DyingError
        self.done.append(effect)

    def ask(self, request: OwedRequest) -> None:
        self.asked.append(request)

    async def give_up(self, request: OwedRequest) -> None:
        self.given_up.put_nowait(request)


class Life:
    """An owner over a real spool, from its start until it is killed."""

    def __init__(self, folder: Path, disk: RealDisk | None = None) -> None:
        self.folder, self.disk, self.seconds = folder, disk or RealDisk(), 0.0
        self.spool = Spool(Vault(folder, bytes(32), self.disk), 10**6, 0)
        self.notebook = Notebook()

    @asynccontextmanager
    async def lives(self, wall: Callable[[], datetime] = lambda: NOON) -> AsyncIterator[Owner]:
        clock = KioskClock(wall, lambda: self.seconds)
        self.owner = Owner(self.spool, clock, RULES)
        self._moved: asyncio.Queue[None] = asyncio.Queue()
        self.owner.listeners.moved = lambda *_: self._moved.put_nowait(None)
        self.task = asyncio.create_task(self.owner.run(self.notebook))
        try:
            await self._step()
            yield self.owner
        finally:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)

    async def touched(self, *touches: touch.Touch) -> None:
        await self.happened(*(on.Touched(what, "v1") for what in touches))

    async def happened(self, *what: on.Event) -> None:
        for event in what:
            self.owner.happen(event)
            await self._step()

    async def answered(self, request: OwedRequest) -> None:
        """Answers stand in the queue of events; once a later event is through, so are they."""
        self.owner.answered(request)
        await self.happened(on.Tick())

    def kept(self) -> list[str]:
        return [path.name for path in self.folder.rglob("*") if path.is_file()]

    async def _step(self) -> None:
        async with asyncio.timeout(PATIENCE):
            step = asyncio.ensure_future(self._moved.get())
            await asyncio.wait([step, self.task], return_when=asyncio.FIRST_COMPLETED)
            if self.task.done():
                step.cancel()
                self.task.result()


def _at(folder: Path, screen: Screen, disk: RealDisk | None = None) -> Life:
    """A kiosk that was switched off on this screen."""
    journal.save(Life(folder).spool, Journal(on_screen(screen), Outbox()))
    return Life(folder, disk)


@pytest.mark.parametrize(("screen", "what", "request_"), GIVEN)
async def test_what_was_given_survives_a_kill_before_it_was_said(
    tmp_path: Path, screen: Screen, what: touch.Touch, request_: OwedRequest
) -> None:
    life = _at(tmp_path, screen)
    life.notebook.deadly = (do.LeaveMessage, do.SendRating)
    async with life.lives():
        with pytest.raises(DyingError):
            await life.touched(what)
    assert all(WORDS.encode() not in (tmp_path / name).read_bytes() for name in life.kept())
    again = Life(tmp_path)
    async with again.lives() as owner:
        assert again.notebook.asked == [request_]
        await again.answered(request_)
        assert owner.journey.screen in {Screen.SLIP, Screen.MESSAGE}
    assert again.kept() == ([] if screen is Screen.RATE else ["journey"])
    last = Life(tmp_path)
    async with last.lives():
        assert last.notebook.asked == []


@pytest.mark.parametrize(("screen", "what", "request_"), GIVEN)
async def test_killed_before_the_write_nothing_was_given(
    tmp_path: Path, screen: Screen, what: touch.Touch, request_: OwedRequest
) -> None:
    """Neither the request without its screen nor the screen without its request."""
    life = _at(tmp_path, screen, CountingDisk(dies_before=0))
    async with life.lives():
        with pytest.raises(DyingError):
            await life.touched(what)
    again = Life(tmp_path)
    async with again.lives() as owner:
        assert (owner.journey.screen, again.notebook.asked) == (screen, [])
        await again.touched(what)
        assert again.owner._journal.outbox.given == (request_,)


async def test_steps_without_a_rating_or_words_cost_no_write_more(tmp_path: Path) -> None:
    """One write for a new screen; none for an answer, for news of the line, or for being there."""
    disk = CountingDisk()
    life = _at(tmp_path, Screen.CALL, disk)
    async with life.lives() as owner:
        await life.happened(on.LinkChanged(LinkState.ONLINE), on.Tick())
        await life.touched(touch.StillHere())
        assert disk.changes == 0
        await life.touched(touch.HangUp())
        assert (owner.journey.screen, disk.changes) == (Screen.RATE, 1)
        await life.answered(ConsultationHangUp(id=7, consultation_id="c1"))
        assert disk.changes == 1
        await life.touched(touch.Finish())
        assert (life.kept(), disk.changes) == ([], 2)


async def test_the_end_of_the_talk_is_asked_before_the_rating(tmp_path: Path) -> None:
    life = _at(tmp_path, Screen.CALL)
    async with life.lives():
        await life.touched(touch.HangUp(), RATING)
    again = Life(tmp_path)
    async with again.lives():
        assert [request.type for request in again.notebook.asked] == [
            "consultation.hang_up",
            "consultation.rate",
        ]


async def test_it_is_given_up_when_it_is_too_old(tmp_path: Path) -> None:
    life = _at(tmp_path, Screen.RATE)
    async with life.lives():
        await life.touched(RATING)
        await life.happened(on.Tick(), on.Touched(touch.Finish(), "v2"))
        assert life.kept() == ["journey"]
        life.seconds = KEPT_FOR.total_seconds() - 1
        await life.happened(on.Tick(), on.Tick())
        assert life.notebook.given_up.empty()
        life.seconds += 1
        life.owner.happen(on.Tick())
        assert alike(await life.notebook.given_up.get(), GIVEN[0][2])
        assert life.kept() == []


async def test_time_alone_ends_the_waiting(tmp_path: Path) -> None:
    """Nobody touches the kiosk, and its center never comes back."""
    life = _at(tmp_path, Screen.RATE)
    async with life.lives():
        await life.touched(RATING, touch.Finish())
    again = Life(tmp_path)
    almost = NOON + KEPT_FOR - timedelta(seconds=0.05)
    async with again.lives(lambda: almost), asyncio.timeout(PATIENCE):
        again.seconds = 0.06
        await again.notebook.given_up.get()
    assert again.kept() == []


async def test_a_clock_that_was_ahead_keeps_nothing_longer(tmp_path: Path) -> None:
    life = _at(tmp_path, Screen.RATE)
    async with life.lives(lambda: after(10**9)):
        await life.touched(RATING)
    again = Life(tmp_path)
    async with again.lives():
        assert again.owner._journal.outbox.ends == NOON + KEPT_FOR


async def test_a_kiosk_that_is_cut_off_owes_nobody_anything(tmp_path: Path) -> None:
    life = _at(tmp_path, Screen.MESSAGE)
    async with life.lives():
        await life.touched(MESSAGE)
        await life.happened(on.LinkChanged(LinkState.REVOKED))
    assert life.kept() == []


async def test_what_an_agent_left_that_died_before_its_wipe_is_wiped(tmp_path: Path) -> None:
    life = _at(tmp_path, Screen.PAPERS)
    for visit_id in ("v0", "v1"):
        life.spool.open_visit(visit_id)
    async with life.lives():
        assert [e for e in life.notebook.done if isinstance(e, do.Wipe)] == [do.Wipe("v0")]
