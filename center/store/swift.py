"""SQLite without a thread for what never waits.

Handing a statement to the driver's thread, and its rows back, is four switches, each dearer than an
indexed read, and while the loop is busy each waits for the interpreter's lock as well. In WAL mode
a read waits for no writer, so it runs where it is called. What may wait, for another writer or for
the disk, goes to the thread as always.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

import aiosqlite

_ENDS = frozenset({"commit", "rollback"})
_STATEMENTS = frozenset({"execute", "executemany", "executescript"})


class SwiftConnection(aiosqlite.Connection):
    """A connection for short transactions; a long read would hold up the loop."""

    def __init__(self, path: str, timeout: float) -> None:
        """`timeout`: seconds that a write waits for another connection's."""
        super().__init__(
            lambda: sqlite3.connect(
                path, timeout, isolation_level="IMMEDIATE", check_same_thread=False
            ),
            iter_chunk_size=64,
        )

    # The one way of aiosqlite's connection and cursors to the thread; it has no public name.
    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._waits(fn.__name__, *args):
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        return fn(*args, **kwargs)

    def _waits(self, name: str, *args: Any) -> bool:
        if name in _ENDS:
            return self._conn.in_transaction
        return name in _STATEMENTS and not args[0].lstrip().startswith("SELECT")
