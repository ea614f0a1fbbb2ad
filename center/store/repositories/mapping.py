"""Rows and dataclasses whose fields bear the same names."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Executable, Insert, Row, Table, Update, bindparam
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from center.domain.errors import VersionConflict

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

SERIALIZATION_FAILURES = frozenset({"40001", "40P01"})
"""SQLSTATE of PostgreSQL's serialization failure and deadlock: somebody else was first."""


def values(record: "DataclassInstance") -> dict[str, Any]:
    """Column values of a flat dataclass; sets become sorted lists."""
    return {
        field.name: sorted(value) if isinstance(value, frozenset) else value
        for field in fields(record)
        for value in (getattr(record, field.name),)
    }


@cache
def _names(kind: "type[DataclassInstance]") -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def picked(row: SQLModel | Row[Any], kind: "type[DataclassInstance]") -> dict[str, Any]:
    """Constructor arguments of a dataclass from the row's columns of the same names."""
    return {name: getattr(row, name) for name in _names(kind)}


async def rows_of(
    session: AsyncSession, statement: Executable, **parameters: object
) -> Sequence[Row[Any]]:
    """What a statement on tables finds, for what happens at every event: objects that the session
    keeps track of cost three times as much, and so does a statement that is not made once, with
    `bindparam`, but for each question."""

    def found(inner: Session) -> Sequence[Row[Any]]:
        return inner.connection().execute(statement, parameters).all()

    return await session.run_sync(found)


async def first_of(
    session: AsyncSession, statement: Executable, **parameters: object
) -> Row[Any] | None:
    """The first of `rows_of`."""
    return next(iter(await rows_of(session, statement, **parameters)), None)


async def written(
    session: AsyncSession, statement: Insert | Update, parameters: Mapping[str, object]
) -> int:
    """How many rows a statement on tables has written: what is no `bindparam` of it is a column's
    value."""

    def count(inner: Session) -> int:
        return inner.connection().execute(statement, parameters).rowcount

    return await session.run_sync(count)


@contextmanager
def conflicts(what: str) -> Iterator[None]:
    """Turn the database's "somebody was first" into the domain's.

    Raises:
        VersionConflict: a unique key was taken, or the database gave the row to somebody else.
    """
    try:
        yield
    except IntegrityError as error:
        raise VersionConflict(what) from error
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in SERIALIZATION_FAILURES:
            raise VersionConflict(what) from error
        raise


class CompareAndSet:
    """Writes rows that have a version and are known by `key`."""

    def __init__(self, table: Table, key: str) -> None:
        self._table, self._key = table.description, key
        same = (table.c[key] == bindparam("known"), table.c.version == bindparam("expected"))
        self._insert, self._update = table.insert(), table.update().where(*same)

    async def write(
        self, session: AsyncSession, row: Mapping[str, object], expected_version: int
    ) -> None:
        """In place of the row at this version; 0: there is none yet. Raises VersionConflict."""
        before = {"known": row[self._key], "expected": expected_version}
        with conflicts(self._table):
            if expected_version:
                count = await written(session, self._update, {**row, **before})
            else:
                count = await written(session, self._insert, row)
        if count != 1:
            raise VersionConflict(f"{self._table}: somebody else was first")
