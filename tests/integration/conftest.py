"""Databases for the tests: SQLite in a temporary folder, a private PostgreSQL server, a city."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from center.commands.database import seed
from center.store.cipher import Cipher, derive_key
from center.store.engine import open_engine, sqlite_url
from center.store.schema import upgrade
from center.store.unit_of_work import SqlWorks
from config.settings import CenterSettings, Settings
from tests.support.postgres import PostgresServer, postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for the whole run of the tests."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy, so that only one test run pays for the migrations."""
    folder = tmp_path_factory.mktemp("migrated")
    asyncio.run(_migrate(sqlite_url(folder)))
    (file,) = folder.iterdir()
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PostgresServer) -> str:
    """Name of a migrated database, which one test after the other empties and uses."""
    postgres.create_database("migrated")
    asyncio.run(_migrate(postgres.url("migrated")))
    return "migrated"


@pytest.fixture
def sqlite_database(tmp_path: Path, migrated_sqlite: Path) -> str:
    """URL of a migrated SQLite database without rows."""
    shutil.copy(migrated_sqlite, tmp_path)
    return sqlite_url(tmp_path)


@pytest.fixture
def postgres_database(postgres: PostgresServer, migrated_postgres: str) -> str:
    """URL of a migrated database without rows on the private server."""
    postgres.empty(migrated_postgres)
    return postgres.url(migrated_postgres)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """URL of a migrated database without rows; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_database")
    return url


@pytest.fixture
async def engine(database: str) -> AsyncIterator[AsyncEngine]:
    """An engine on a migrated database."""
    engine = open_engine(database)
    yield engine
    await engine.dispose()


@pytest.fixture
def works(engine: AsyncEngine) -> SqlWorks:
    """Makes units of work on the migrated database."""
    return SqlWorks(engine, Cipher(derive_key("a secret of the tests", "confidences")))


@pytest.fixture(scope="session")
def seeded_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo city, seeded once; argon2 is meant to be slow."""
    folder = tmp_path_factory.mktemp("city")
    settings = Settings(demo=True, center=CenterSettings(data=folder))
    assert asyncio.run(seed(settings)) == 0
    return folder


async def _migrate(url: str) -> None:
    engine = open_engine(url)
    await upgrade(engine)
    await engine.dispose()
