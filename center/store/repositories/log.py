"""The event log: appended under the lock of its head, read in order."""

from collections.abc import Sequence

from sqlalchemy import Table, bindparam, func, insert, select
from sqlmodel import col
from sqlmodel import select as select_model
from sqlmodel.ext.asyncio.session import AsyncSession

from center.services.ports import Change, NewEvent, StoredEvent
from center.store.repositories.mapping import conflicts, rows_of
from center.store.tables.log import HEAD_ID, EventRow, LogHeadRow

EVENTS: Table = EventRow.__table__  # type: ignore[attr-defined]
HEADS: Table = LogHeadRow.__table__  # type: ignore[attr-defined]
HEAD = select(HEADS.c.seq).where(HEADS.c.id == HEAD_ID)
LOCKED_HEAD = HEAD.with_for_update()
RESERVED = (
    HEADS.update()
    .where(HEADS.c.id == HEAD_ID)
    .values(seq=HEADS.c.seq + bindparam("count"))
    .returning(HEADS.c.seq)
)
APPENDED = EVENTS.insert()
_OF_STREAM = EVENTS.c.stream == bindparam("stream")
NEWEST_SEQ = select(func.max(EVENTS.c.seq)).where(_OF_STREAM)
NEWEST_VERSION = select(func.max(EVENTS.c.version)).where(_OF_STREAM)


class SqlEvents:
    """`ports.Events`. Whoever writes calls or events locks the head first, so that transactions
    take their locks in one order and cannot wait for each other in a circle."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._locked = False
        self.changes: list[Change] = []

    async def lock(self) -> None:
        """Keep other writers of the log out until the end of this transaction."""
        if not self._locked:
            await rows_of(self._session, LOCKED_HEAD)
            self._locked = True

    def committed(self) -> tuple[Change, ...]:
        """The transaction is over: its changes, and nothing is locked any more."""
        changes, self.changes, self._locked = tuple(self.changes), [], False
        return changes

    async def append(self, stream: str, expected_version: int, events: Sequence[NewEvent]) -> None:
        if not events:
            return
        with conflicts(stream):
            first = await self._reserve(len(events))
            rows = [
                _row(first + index, stream, expected_version + 1 + index, event)
                for index, event in enumerate(events)
            ]
            await self._refuse_gap(stream, expected_version)
            connection = await self._session.connection()
            await connection.execute(APPENDED, rows)
        self.changes += [
            _change(first + index, stream, event) for index, event in enumerate(events)
        ]

    async def import_entries(self, entries: Sequence[tuple[str, int, NewEvent]]) -> None:
        """Append a history of many streams (stream, version, event) that happened elsewhere.

        Raises:
            VersionConflict: one of its versions is taken.
        """
        if not entries:
            return
        with conflicts("import"):
            first = await self._reserve(len(entries))
            rows = [
                _row(first + index, stream, version, event)
                for index, (stream, version, event) in enumerate(entries)
            ]
            connection = await self._session.connection()
            await connection.execute(insert(EventRow), rows)

    async def since(self, seq: int, limit: int = 1000) -> tuple[StoredEvent, ...]:
        query = select_model(EventRow).where(col(EventRow.seq) > seq).order_by(col(EventRow.seq))
        return tuple(map(_stored, (await self._session.exec(query.limit(limit))).all()))

    async def of(self, stream: str) -> tuple[StoredEvent, ...]:
        query = (
            select_model(EventRow).where(EventRow.stream == stream).order_by(col(EventRow.version))
        )
        return tuple(map(_stored, (await self._session.exec(query)).all()))

    async def last_seq(self, stream: str | None = None) -> int:
        if stream is None:
            ((seq,),) = await rows_of(self._session, HEAD)
        else:
            ((seq,),) = await rows_of(self._session, NEWEST_SEQ, stream=stream)
        return seq or 0

    async def _reserve(self, count: int) -> int:
        """The first of `count` numbers; the counter's row stays locked until the commit."""
        ((newest,),) = await rows_of(self._session, RESERVED, count=count)
        self._locked = True
        return int(newest) - count + 1

    async def _refuse_gap(self, stream: str, expected_version: int) -> None:
        """The unique key refuses a version that is taken; this refuses one that skips."""
        ((found,),) = await rows_of(self._session, NEWEST_VERSION, stream=stream)
        if (found or 0) < expected_version:
            raise ValueError(f"{stream} is at {found or 0}, cannot append after {expected_version}")


def _row(seq: int, stream: str, version: int, event: NewEvent) -> dict[str, object]:
    return {
        "seq": seq,
        "stream": stream,
        "version": version,
        "type": event.type,
        "at": event.at,
        "actor": event.actor,
        "data": event.data,
    }


def _stored(row: EventRow) -> StoredEvent:
    return StoredEvent(row.seq, row.stream, row.version, row.type, row.at, row.actor, row.data)


def _change(seq: int, stream: str, event: NewEvent) -> Change:
    return Change(seq, stream, event.type, event.kiosk_id, event.staff_ids, event.hall)
