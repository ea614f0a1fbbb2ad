"""Rows and dataclasses whose fields bear the same names."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select
from sqlalchemy.exc import DBAPIError, IntegrityError
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


async def rows_of(session: AsyncSession, query: Select[Any]) -> Sequence[Row[Any]]:
    """Rows of a table, for what screens read at every event: objects that the session keeps track
    of cost three times as much."""
    found: Sequence[Row[Any]] = (await session.exec(query)).all()  # type: ignore[call-overload]
    return found


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
