"""Column types that mean the same on SQLite and PostgreSQL."""

from enum import StrEnum

from sqlalchemy import Enum
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def word(kind: type[StrEnum]) -> Enum:
    """A closed set of words stored by value, as short text.

    No CHECK constraint: the contract validates before a row is made, and a new word then needs
    no migration.
    """
    return Enum(
        kind,
        values_callable=lambda words: [member.value for member in words],
        native_enum=False,
        create_constraint=False,
        length=32,
    )
