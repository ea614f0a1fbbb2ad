"""Databases for the tests: SQLite in a temporary folder, and a private PostgreSQL server."""

import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from center.store.cipher import Cipher, derive_key
from center.store.engine import open_engine, sqlite_url
from center.store.schema import upgrade
from center.store.unit_of_work import SqlWorks
from tests.support.postgres import PostgresServer, postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for the whole run of the tests."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def sqlite_database(tmp_path: Path) -> str:
    """URL of an empty SQLite database."""
    return sqlite_url(tmp_path)


@pytest.fixture
def postgres_database(postgres: PostgresServer) -> str:
    """URL of an empty database of the private server."""
    name = f"t{uuid.uuid4().hex}"
    postgres.create_database(name)
    return postgres.url(name)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """URL of an empty database; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_database")
    return url


@pytest.fixture
async def engine(database: str) -> AsyncIterator[AsyncEngine]:
    """An engine on a migrated database."""
    engine = open_engine(database)
    await upgrade(engine)
    yield engine
    await engine.dispose()


@pytest.fixture
def works(engine: AsyncEngine) -> SqlWorks:
    """Makes units of work on the migrated database."""
    return SqlWorks(engine, Cipher(derive_key("a secret of the tests", "confidences")))
