"""Brings a database to the present shape, and says where models and migrations differ."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel

from center.store import tables

MIGRATIONS = Path(__file__).with_name("migrations")

__all__ = ["check", "tables", "upgrade"]


async def upgrade(engine: AsyncEngine) -> None:
    """Apply the migrations that this database has not seen, in one transaction."""
    async with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            # SQLite's driver does not begin a transaction for DDL by itself.
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
        await connection.run_sync(_upgrade)


async def check(engine: AsyncEngine) -> list[str]:
    """Differences between the migrated database and the models; empty is good."""
    async with engine.connect() as connection:
        return await connection.run_sync(_differences)


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(configuration(connection), "head")


def _differences(connection: Connection) -> list[str]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return [str(difference) for difference in compare_metadata(context, SQLModel.metadata)]
