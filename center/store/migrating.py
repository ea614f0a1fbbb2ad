"""Alembic at work. Imported only for a database that is not at the newest shape."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlmodel import SQLModel

from center.store.schema import MIGRATIONS


def upgrade(connection: Connection) -> None:
    """Apply the migrations that this database has not seen."""
    command.upgrade(configuration(connection), "head")


def differences(connection: Connection) -> list[str]:
    """Where the database and the models differ."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return [str(difference) for difference in compare_metadata(context, SQLModel.metadata)]


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
