"""Short transactions on SQLite: reading costs no thread, and whoever waits holds nobody up."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from center.store.engine import Swift, open_engine, open_swift
from tests.support.patience import PATIENCE

NOTE = text("INSERT INTO audit (at, actor, action, subject, detail) VALUES ('', :who, '', '', '')")
COUNT = "SELECT count(*) FROM audit"
WRITTEN = "INSERT INTO audit VALUES (NULL, '', thread(), '', '', '') RETURNING actor"


@pytest.fixture
async def swift(sqlite_database: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(sqlite_database)
    async with open_swift(engine) as both:
        yield both.calls
    await engine.dispose()


async def test_what_is_read_is_read_here_and_writing_begins_and_ends_elsewhere(
    swift: AsyncEngine,
) -> None:
    async with swift.connect() as connection:
        raw = await connection.get_raw_connection()
        assert raw.driver_connection is not None
        await raw.driver_connection.create_function("thread", 0, _name)
        assert await _one(connection, "SELECT thread()") == _name()
        assert await _one(connection, WRITTEN) != _name()
        assert await _one(connection, WRITTEN) == _name()
        await connection.commit()
        assert await _one(connection, WRITTEN) != _name()


async def test_who_waits_to_write_holds_up_nobody(swift: AsyncEngine) -> None:
    async with swift.connect() as first, swift.connect() as second:
        await first.execute(NOTE, {"who": "first"})
        waiting = asyncio.create_task(_write(second))
        async with swift.connect() as third:
            assert await _one(third, COUNT) == 0
        assert not waiting.done()
        await first.commit()
        await waiting
        assert await _one(second, COUNT) == 2


async def test_writers_take_turns_in_the_order_in_which_they_came(swift: AsyncEngine) -> None:
    """A turn is over with a commit, with giving up, and with the end of the connection."""
    done: list[str] = []
    async with AsyncExitStack() as stack:
        open_all = [await stack.enter_async_context(swift.connect()) for _ in range(6)]
        first, broken, *others = open_all
        await first.execute(NOTE, {"who": "first"})
        breaking = asyncio.create_task(_break(broken))
        writing = [asyncio.create_task(_note(one, str(n), done)) for n, one in enumerate(others)]
        await first.rollback()
        await asyncio.wait_for(asyncio.gather(breaking, *writing), PATIENCE)
    assert done == ["0", "1", "2", "3"]


async def test_at_most_one_note_stands_in_front_of_a_call(sqlite_database: str) -> None:
    done: list[str] = []
    engine = open_engine(sqlite_database)
    async with open_swift(engine) as both:

        async def note(lane: AsyncEngine, who: str) -> None:
            async with lane.connect() as connection:
                await _note(connection, who, done)

        await asyncio.gather(*(note(both.notes, "before") for _ in range(3)))
        async with both.calls.connect() as first, both.calls.connect() as call:
            await first.execute(NOTE, {"who": "first"})
            notes = [asyncio.create_task(note(both.notes, "note")) for _ in range(3)]
            await asyncio.wait(notes, timeout=0.05)
            calling = asyncio.create_task(_note(call, "call", done))
            await first.commit()
            await asyncio.gather(calling, *notes)
    await engine.dispose()
    assert done[3:].index("call") <= 1


async def test_who_waits_too_long_is_told_what_sqlite_tells(
    swift: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("center.store.engine.BUSY_SECONDS", 0.05)
    async with swift.connect() as first, swift.connect() as second:
        await first.execute(NOTE, {"who": "first"})
        with pytest.raises(OperationalError, match="database is locked"):
            await _write(second)
        await first.commit()
        await second.rollback()
        await _write(second)


async def test_on_postgresql_it_is_the_same_engine(postgres_database: str) -> None:
    engine = open_engine(postgres_database)
    async with open_swift(engine) as both:
        assert both == Swift(engine, engine)
    await engine.dispose()


async def _note(connection: AsyncConnection, who: str, done: list[str]) -> None:
    await connection.execute(NOTE, {"who": who})
    done.append(who)
    await connection.commit()


async def _break(connection: AsyncConnection) -> None:
    await connection.execute(NOTE, {"who": "nobody"})
    await connection.invalidate()


async def _write(connection: AsyncConnection) -> None:
    await connection.execute(NOTE, {"who": "second"})
    await connection.commit()


async def _one(connection: AsyncConnection, statement: str) -> object:
    """Asked as a session asks: without insisting that something be awaited."""
    return await connection.run_sync(lambda c: c.execute(text(statement)).scalar_one())


def _name() -> str:
    return threading.current_thread().name
