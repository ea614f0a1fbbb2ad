"""Rows and dataclasses whose fields bear the same names."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import SQLModel

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


def picked(row: SQLModel, kind: "type[DataclassInstance]") -> dict[str, Any]:
    """Constructor arguments of a dataclass from the row's columns of the same names."""
    return {field.name: getattr(row, field.name) for field in fields(kind)}


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
