"""SQLite without a thread for what never waits, and with a turn for who writes.

Handing a statement to the driver's thread, and its rows back, is four switches, each dearer than an
indexed read, and while the loop is busy each waits for the interpreter's lock as well. In WAL mode
a read waits for no writer, so it runs where it is called; so does a write, once the first of its
transaction has got the lock. What may wait, for another writer or for the disk, goes to the thread
as always: that is the beginning of what writes, and its end.

SQLite lets one connection write at a time; the others look again after a while, up to a tenth of a
second later, and any of them may be lucky. Here they take turns, in the order in which they came.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any

import aiosqlite

_ENDS = frozenset({"commit", "rollback"})
_STATEMENTS = frozenset({"execute", "executemany", "executescript"})
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class SwiftConnection(aiosqlite.Connection):
    """A connection for short transactions; a long read would hold up the loop."""

    def __init__(self, path: str, turn: asyncio.Lock, timeout: float) -> None:
        """`turn` is shared by all connections of one engine; `timeout`: seconds that a write waits
        for another connection's."""
        super().__init__(
            lambda: sqlite3.connect(
                path, timeout, isolation_level="IMMEDIATE", check_same_thread=False
            ),
            iter_chunk_size=64,
        )
        self._turn, self._timeout = turn, timeout
        self._has_turn = False

    def stop(self) -> asyncio.Future[Any] | None:
        """The end of the connection, however it comes; `close` ends here too."""
        self._end_turn()
        return super().stop()

    # The one way of aiosqlite's connection and cursors to the thread; it has no public name.
    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if not self._waits(fn.__name__, *args):
            return fn(*args, **kwargs)
        if fn.__name__ in _STATEMENTS and _verb(args[0]).startswith(_WRITES):
            await self._take_turn()
        try:
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        finally:
            if not self._conn.in_transaction:
                self._end_turn()

    def _waits(self, name: str, *args: Any) -> bool:
        if self._conn.in_transaction:
            return name in _ENDS
        return name in _STATEMENTS and not _verb(args[0]).startswith("SELECT")

    async def _take_turn(self) -> None:
        """Raises OperationalError, as SQLite itself does, when it does not come in time."""
        if self._has_turn:
            return
        try:
            async with asyncio.timeout(self._timeout):
                await self._turn.acquire()
        except TimeoutError:
            raise sqlite3.OperationalError("database is locked") from None
        self._has_turn = True

    def _end_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            self._turn.release()


def _verb(statement: str) -> str:
    return statement[:20].lstrip().upper()
