"""A private PostgreSQL server for the tests: Debian's binaries, a temporary folder, a free port."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

USER = "jiujin"

_EMPTY = """
SET lock_timeout = '30s';
DO $$ DECLARE filled text; BEGIN
  SELECT string_agg(quote_ident(tablename), ', ') INTO filled FROM pg_tables
    WHERE schemaname = 'public' AND tablename NOT IN ('alembic_version', 'log_head');
  EXECUTE 'TRUNCATE ' || filled || ' RESTART IDENTITY';
  UPDATE log_head SET seq = 0;
END $$
"""
"""`log_head` holds the one row that the migrations insert."""


@dataclass(frozen=True)
class PostgresServer:
    """Where the running server listens."""

    port: int
    binaries: Path

    def url(self, database: str) -> str:
        """SQLAlchemy async URL of one of its databases."""
        return f"postgresql+asyncpg://{USER}@127.0.0.1:{self.port}/{database}"

    def create_database(self, database: str) -> None:
        """Make a database without tables."""
        self._client("createdb", database)

    def empty(self, database: str) -> None:
        """Make a migrated database what it was right after the migration."""
        self._client("psql", "-q", "-d", database, "-c", _EMPTY)

    def _client(self, program: str, *arguments: str) -> None:
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-U", USER]
        subprocess.run([self.binaries / program, *address, *arguments], check=True, timeout=60)


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Run a server until the block ends; its folder goes with it."""
    server = PostgresServer(_free_port(), _binaries())
    folder = Path(tempfile.mkdtemp(prefix="jiujin-postgres-"))
    try:
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        _run(server, "initdb", "-D", folder / "data", "-U", USER, "--no-sync", "-E", "UTF8")
        _run(server, "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o",
             _options(server.port, folder), "start")  # fmt: skip
        try:
            yield server
        finally:
            _run(server, "pg_ctl", "-D", folder / "data", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _options(port: int, folder: Path) -> str:
    # Without fsync: the tests kill clients, never the machine.
    where = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    return f"-p {port} {where} -c fsync=off"


def _run(server: PostgresServer, program: str, *arguments: object) -> None:
    # PostgreSQL refuses to run as root; Debian's package brings a user for it.
    command = [str(server.binaries / program), *map(str, arguments)]
    identity = pwd.getpwnam("postgres") if os.getuid() == 0 else None
    subprocess.run(
        command,
        check=True,
        timeout=60,
        stdout=subprocess.DEVNULL,
        cwd="/",
        user=identity.pw_uid if identity else None,
        group=identity.pw_gid if identity else None,
        extra_groups=[] if identity else None,
    )


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise RuntimeError("PostgreSQL is not installed; .ci/setup.sh test installs it")
    return found[-1].parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
