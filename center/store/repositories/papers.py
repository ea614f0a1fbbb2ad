"""Sheets and marks: sealed JSON objects, bound to the consultation's id."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, bindparam
from sqlmodel.ext.asyncio.session import AsyncSession

from center.domain.papers import Mark, Sheet
from center.protocol.words import Language, MarkKind, PeerRole
from center.store.cipher import Cipher
from center.store.repositories.mapping import first_of, rows_of, values
from center.store.tables.papers import MarkRow, SheetRow

SHEETS: Table = SheetRow.__table__  # type: ignore[attr-defined]
SHEET = SHEETS.select().where(
    SHEETS.c.consultation_id == bindparam("consultation_id"),
    SHEETS.c.sheet_id == bindparam("sheet_id"),
)
MARKS: Table = MarkRow.__table__  # type: ignore[attr-defined]
MARKS_OF = (
    MARKS.select()
    .where(MARKS.c.consultation_id == bindparam("consultation_id"))
    .order_by(MARKS.c.made_at, MARKS.c.mark_id)
)


class SqlPapers:
    """`ports.Papers`."""

    def __init__(self, session: AsyncSession, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    async def add_sheet(self, sheet: Sheet) -> None:
        sealed = self._seal(values(sheet), sheet.consultation_id)
        self._session.add(SheetRow(**values(sheet), sealed=sealed))
        await self._session.flush()

    async def sheet(self, consultation_id: str, sheet_id: str) -> Sheet | None:
        which = {"consultation_id": consultation_id, "sheet_id": sheet_id}
        row = await first_of(self._session, SHEET, **which)
        if row is None:
            return None
        known = self._open(row.sealed, row.consultation_id)
        language = known["language"] and Language(known["language"])
        return Sheet(**known | {"language": language, "shown_at": row.shown_at})

    async def save_mark(self, mark: Mark) -> None:
        sealed = self._seal(values(mark), mark.consultation_id)
        await self._session.merge(MarkRow(**values(mark), sealed=sealed))
        await self._session.flush()

    async def marks(self, consultation_id: str) -> tuple[Mark, ...]:
        rows = await rows_of(self._session, MARKS_OF, consultation_id=consultation_id)
        return tuple(map(self._mark, rows))

    def _mark(self, row: Row[Any]) -> Mark:
        known = self._open(row.sealed, row.consultation_id)
        return Mark(
            **known
            | {
                "author": PeerRole(known["author"]),
                "kind": MarkKind(known["kind"]),
                "points": tuple((x, y) for x, y in known["points"]),
                "made_at": row.made_at,
            }
        )

    def _seal(self, known: dict[str, Any], consultation_id: str) -> bytes:
        plain = json.dumps(known, default=datetime.isoformat).encode()
        return self._cipher.seal(plain, consultation_id)

    def _open(self, sealed: bytes, consultation_id: str) -> dict[str, Any]:
        known: dict[str, Any] = json.loads(self._cipher.open(sealed, consultation_id))
        return known
