"""Opens the database so that both kinds behave alike: READ COMMITTED, one writer of the log."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiosqlite import Connection
from sqlalchemy import event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from center.store.swift import SwiftConnection

BUSY_SECONDS = 15.0
"""How long a SQLite connection waits for another one's write to end."""


CONNECTIONS = 20
"""How many short transactions of calls go on at the same time; the next one waits for its turn."""


def sqlite_url(data: Path) -> str:
    """URL of the embedded database inside the center's data folder."""
    return f"sqlite+aiosqlite:///{data / 'center.db'}"


def open_engine(url: str) -> AsyncEngine:
    """An engine for an SQLAlchemy async URL (`sqlite+aiosqlite` or `postgresql+asyncpg`).

    Raises:
        ValueError: the URL names another kind of database.
    """
    backend = make_url(url).get_backend_name()
    if backend == "sqlite":
        return _open_sqlite(url)
    if backend == "postgresql":
        return create_async_engine(url, pool_pre_ping=True, isolation_level="READ COMMITTED")
    raise ValueError(f"the store runs on SQLite and PostgreSQL, not on {backend}")


@dataclass(frozen=True, slots=True)
class Swift:
    """The same database for short transactions (`SwiftConnection`). `notes` are what happens all
    the time and nobody waits for: on SQLite at most one of them stands in front of a call, and
    none holds a connection that a call needs."""

    calls: AsyncEngine
    notes: AsyncEngine


@asynccontextmanager
async def open_swift(engine: AsyncEngine) -> AsyncIterator[Swift]:
    """Engines of their own on SQLite; on PostgreSQL, where writers do not take turns, `engine`."""
    if engine.dialect.name != "sqlite":
        yield Swift(engine, engine)
        return
    turn = asyncio.Lock()
    swift = Swift(_swift(engine, turn, CONNECTIONS), _swift(engine, turn, 1))
    try:
        yield swift
    finally:
        await swift.calls.dispose()
        await swift.notes.dispose()


def _swift(engine: AsyncEngine, turn: asyncio.Lock, connections: int) -> AsyncEngine:
    async def connect() -> Connection:
        return await SwiftConnection(engine.url.database or "", turn, BUSY_SECONDS)

    # All that are opened are kept: opening one takes longer than most of what it would be used for.
    swift = create_async_engine(
        engine.url, async_creator=connect, pool_size=connections, max_overflow=0
    )
    event.listen(swift.sync_engine, "connect", _set_pragmas)
    return swift


def _open_sqlite(url: str) -> AsyncEngine:
    # The driver's "IMMEDIATE" begins a transaction at the first write, not at the first read. So a
    # unit of work that has read never fails with SQLITE_BUSY_SNAPSHOT: it sees what is committed,
    # as on PostgreSQL, and the compare-and-set on the version decides who wins.
    engine = create_async_engine(
        url, connect_args={"isolation_level": "IMMEDIATE", "timeout": BUSY_SECONDS}
    )
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        f"busy_timeout={int(BUSY_SECONDS * 1000)}",
        "foreign_keys=ON",
        "synchronous=FULL",  # an acknowledged page or event survives a power cut
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
