"""Reels from the first row to the deletion, on both databases; the disk is a fake."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from center.commands.verify_log import verify
from center.domain.anonymity import Anonymity
from center.domain.recording import RecordingAnswered, RecordingAsked
from center.services.recording_ports import PartFacts, Participant, Playing, Reel, Take
from center.services.reels import ReelKeeper
from center.store.unit_of_work import SqlWorks
from tests.integration.store.clock import StoppedClock
from tests.integration.store.story import RULES, Told, add_kiosks, requested, talk, tell

KEPT = timedelta(days=180)


@dataclass
class FakeShelf:
    """Finishes at once; `sizes` says what came of a reel."""

    sizes: dict[str, int] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    full: bool = False
    deleted: list[str] = field(default_factory=list)

    def unfinished(self) -> tuple[str, ...]:
        return self.left

    async def finish(self, reel: Reel) -> Reel:
        if self.full:
            raise OSError("no room")
        sealed = replace(reel, sealed_at=reel.started_at, ended_at=reel.started_at)
        return replace(sealed, size=self.sizes.get(reel.reel_id, 7), manifest="0" * 64)

    async def takes(self, reel_id: str) -> tuple[Take, ...]:
        return ()

    async def convert(self, reel: Reel, published: Sequence[tuple[Participant, Take]]) -> Reel:
        raise AssertionError("no server kept anything")

    async def parts(self, reel_id: str) -> tuple[PartFacts, ...]:
        return ()

    async def open(self, reel_id: str, number: int) -> Playing:
        raise AssertionError("nothing is played here")

    async def delete(self, reel_id: str) -> None:
        self.deleted.append(reel_id)


async def _talked(works: SqlWorks, at: datetime) -> None:
    """A talk of jin's, recorded with the resident's yes."""
    await add_kiosks(works, "K01")
    begin, ring = (at, requested("1"), "kiosk:K01"), [at + timedelta(seconds=s) for s in range(5)]
    story: list[Told] = [begin, *talk(ring)]
    asked = (ring[3], RecordingAsked("r", "staff:jin"), "staff:jin")
    story[5:5] = [asked, (ring[3], RecordingAnswered("r", "kiosk:K01", True), "kiosk:K01")]
    await tell(works, story)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
async def keeper(works: SqlWorks, clock: StoppedClock) -> ReelKeeper:
    await _talked(works, clock.now())
    return ReelKeeper(works, clock, FakeShelf())


async def _audit(works: SqlWorks) -> list[str]:
    async with works() as work:
        return [entry.action for entry in await work.audit.page(None, 10)]


async def _sealed(works: SqlWorks) -> list[str]:
    async with works() as work:
        return [reel.reel_id for reel in await work.reels.newest(10) if reel.sealed_at]


async def _of(works: SqlWorks, staff_id: str | None = None) -> list[str]:
    async with works() as work:
        return [reel.reel_id for reel in await work.reels.newest(10, staff_id)]


async def test_reels_are_numbered_sealed_and_found_by_who_had_the_talk(
    works: SqlWorks, keeper: ReelKeeper
) -> None:
    first, second = await keeper.begin("r", "1"), await keeper.begin("r", "1")
    assert [first.reel_id, second.reel_id] == ["r-1", "r-2"]
    assert await _sealed(works) == []
    await keeper.seal(first)
    assert await _sealed(works) == ["r-1"]
    assert sorted(await _of(works)) == sorted(await _of(works, "jin")) == ["r-1", "r-2"]
    assert await _of(works, "li") == []
    assert await _audit(works) == ["recording.sealed"]


async def test_a_reel_of_nothing_leaves_nothing(works: SqlWorks, clock: StoppedClock) -> None:
    await _talked(works, clock.now())
    shelf = FakeShelf({"r-1": 0})
    keeper = ReelKeeper(works, clock, shelf)
    empty, next_one = await keeper.begin("r", "1"), await keeper.begin("r", "1")
    await keeper.seal(empty)
    assert (shelf.deleted, await _audit(works)) == (["r-1"], ["recording.empty"])
    assert (await keeper.begin("r", "1")).reel_id == "r-3"
    assert next_one.reel_id == "r-2"


async def test_what_cannot_be_finished_is_late_and_noted_once(
    works: SqlWorks, clock: StoppedClock
) -> None:
    await _talked(works, clock.now())
    shelf = FakeShelf(full=True)
    keeper = ReelKeeper(works, clock, shelf)
    reel = await keeper.begin("r", "1")
    for _ in range(2):
        await keeper.seal(reel)
        assert (keeper.late(), await _sealed(works)) == ((reel,), [])
    shelf.full = False
    await keeper.seal(reel)
    assert (keeper.late(), await _sealed(works)) == ((), ["r-1"])
    assert await _audit(works) == ["recording.sealed", "recording.late"]


async def test_what_could_not_be_finished_is_finished_at_the_next_start(
    works: SqlWorks, clock: StoppedClock
) -> None:
    await _talked(works, clock.now())
    shelf = FakeShelf(left=("r-1", "unknown"), full=True)
    keeper = ReelKeeper(works, clock, shelf)
    await keeper.seal(await keeper.begin("r", "1"))
    assert await _sealed(works) == []
    shelf.full = False
    await keeper.recover(keeper.unfinished())
    assert await _sealed(works) == ["r-1"]


async def test_what_is_old_is_deleted_and_that_is_noted(
    works: SqlWorks, clock: StoppedClock
) -> None:
    await _talked(works, clock.now())
    shelf = FakeShelf()
    keeper = ReelKeeper(works, clock, shelf)
    await keeper.seal(await keeper.begin("r", "1"))
    assert await keeper.delete_older(KEPT) == 0
    clock.move(KEPT.total_seconds() + 1)
    assert await keeper.delete_older(KEPT) == 1
    assert (shelf.deleted, await _of(works)) == (["r-1"], [])
    assert (await _audit(works))[0] == "retention.recording"


async def test_rows_say_what_the_log_says_and_people_can_be_taken_out(
    works: SqlWorks, keeper: ReelKeeper
) -> None:
    assert (await verify(works, RULES))[1] == []
    anonymity = Anonymity()
    async with works() as work:
        events = await work.events.of("consultation:1")
    told = [anonymity.entry(e.actor, e.data) for e in events if e.type.startswith("recording")]
    assert [data["peer"] for _, data in told] == ["staff:anonymous-1", "kiosk:K01"]
