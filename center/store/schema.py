"""Brings a database to the present shape, and says where models and migrations differ."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from center.store import tables

MIGRATIONS = Path(__file__).with_name("migrations")
HEAD = max(file.name.partition("_")[0] for file in MIGRATIONS.glob("versions/[0-9]*.py"))
"""The newest revision; a migration's file is named after its revision, and these are counted."""

__all__ = ["HEAD", "MIGRATIONS", "check", "tables", "upgrade"]


async def upgrade(engine: AsyncEngine) -> None:
    """Apply the migrations that this database has not seen, in one transaction."""
    async with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            # SQLite's driver does not begin a transaction for DDL by itself.
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
        if await connection.run_sync(_revision) == HEAD:
            return
        from center.store import migrating  # noqa: PLC0415 - alembic takes long to load

        await connection.run_sync(migrating.upgrade)


async def check(engine: AsyncEngine) -> list[str]:
    """Differences between the migrated database and the models; empty is good."""
    from center.store import migrating  # noqa: PLC0415 - alembic takes long to load

    async with engine.connect() as connection:
        return await connection.run_sync(migrating.differences)


def _revision(connection: Connection) -> str | None:
    """The revision that the database is at; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found
