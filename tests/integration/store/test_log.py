"""The log on SQLite and PostgreSQL: without gaps, in commit order, one winner a version."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from center.domain.errors import VersionConflict
from center.services.ports import NewEvent
from center.store.schema import check, upgrade
from center.store.unit_of_work import SqlWorks

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def event(kind: str = "happened") -> NewEvent:
    return NewEvent(kind, NOW, "kiosk:K01", {"n": 1}, kiosk_id="K01", hall=True)


async def append(works: SqlWorks, stream: str, version: int, count: int = 1) -> None:
    async with works() as work:
        await work.events.append(stream, version, [event() for _ in range(count)])
        await work.commit()


async def test_models_and_migrations_agree(engine: AsyncEngine) -> None:
    assert await check(engine) == []


async def test_upgrading_twice_changes_nothing(engine: AsyncEngine, works: SqlWorks) -> None:
    await append(works, "consultation:a", 0)
    await upgrade(engine)
    async with works() as work:
        assert await work.events.last_seq() == 1


async def test_commit_tells_what_changed(works: SqlWorks) -> None:
    async with works() as work:
        await work.events.append("consultation:a", 0, [event("requested"), event("offered")])
        changes = await work.commit()
    assert [(c.seq, c.stream, c.kind, c.kiosk_id, c.hall) for c in changes] == [
        (1, "consultation:a", "requested", "K01", True),
        (2, "consultation:a", "offered", "K01", True),
    ]


async def test_entries_come_back_as_they_were(works: SqlWorks) -> None:
    await append(works, "consultation:a", 0, 2)
    await append(works, "duty:jin", 0)
    async with works() as work:
        (first, second), (newest,) = (
            await work.events.of("consultation:a"),
            await work.events.since(2),
        )
    assert (first.seq, first.version, first.at, first.data) == (1, 1, NOW, {"n": 1})
    assert (second.seq, second.version) == (2, 2)
    assert (newest.seq, newest.stream, newest.version) == (3, "duty:jin", 1)


async def test_leaving_without_commit_undoes_everything(works: SqlWorks) -> None:
    async with works() as work:
        await work.events.append("consultation:a", 0, [event()])
    async with works() as work:
        assert await work.events.last_seq() == 0
        assert await work.events.of("consultation:a") == ()


async def test_a_taken_version_is_refused(works: SqlWorks) -> None:
    await append(works, "consultation:a", 0)
    with pytest.raises(VersionConflict):
        await append(works, "consultation:a", 0)
    async with works() as work:
        assert await work.events.last_seq() == 1


async def test_a_skipped_version_is_a_mistake(works: SqlWorks) -> None:
    with pytest.raises(ValueError, match="cannot append"):
        await append(works, "consultation:a", 3)


async def test_concurrent_appends_leave_no_gap(works: SqlWorks) -> None:
    await asyncio.gather(*(append(works, f"consultation:{n}", 0, 3) for n in range(12)))
    async with works() as work:
        entries = await work.events.since(0)
    assert [entry.seq for entry in entries] == list(range(1, 37))


async def test_a_refused_append_leaves_no_gap(works: SqlWorks) -> None:
    outcomes = await asyncio.gather(
        *(append(works, "consultation:a", 0) for _ in range(8)), return_exceptions=True
    )
    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, VersionConflict) for outcome in outcomes) == 7
    await append(works, "consultation:b", 0)
    async with works() as work:
        assert [entry.seq for entry in await work.events.since(0)] == [1, 2]


async def test_a_number_is_visible_only_when_all_before_it_are(works: SqlWorks) -> None:
    """Were 2 seen before 1, a client that asks for what came after 2 would never learn of 1."""
    slow = works()
    async with slow:
        await slow.events.append("consultation:slow", 0, [event()])
        quick = asyncio.create_task(append(works, "consultation:quick", 0))
        done, _ = await asyncio.wait({quick}, timeout=0.3)
        assert not done
        async with works() as reader:
            assert await reader.events.since(0) == ()
        await slow.commit()
    await quick
    async with works() as reader:
        streams = [entry.stream for entry in await reader.events.since(0)]
    assert streams == ["consultation:slow", "consultation:quick"]
