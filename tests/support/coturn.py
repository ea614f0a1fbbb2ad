"""Debian's coturn on loopback, with the configuration that we ship, free ports and our own CA."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from config.settings import TurnServer
from tests.support.certificates import Authority
from tests.support.patience import PATIENCE
from tests.support.processes import free_port

CONFIGURATION = Path(__file__).parents[2] / "config/deploy/turnserver.conf"
HOST = "127.0.0.1"
READY = "SQLite DB connection success"
"""What coturn says last, when its listeners are open."""


@dataclass(frozen=True)
class Coturn:
    """A running server."""

    secret: str
    port: int
    tls_port: int
    log: list[str] = field(default_factory=list)

    @property
    def udp(self) -> str:
        return f"turn:{HOST}:{self.port}?transport=udp"

    @property
    def tcp(self) -> str:
        return f"turn:{HOST}:{self.port}?transport=tcp"

    @property
    def tls(self) -> str:
        return f"turns:{HOST}:{self.tls_port}?transport=tcp"

    def settings(self, *urls: str) -> TurnServer:
        """This server as the center's settings name it."""
        return TurnServer.model_validate({"urls": urls or (self.udp,), "secret": self.secret})


@asynccontextmanager
async def coturn(
    folder: Path, authority: Authority, *, secret: str = "a secret of this test", udp: bool = True
) -> AsyncIterator[Coturn]:
    """Run a server until the block ends; without `udp` its clients reach it by TCP and TLS only.

    Raises:
        RuntimeError: it ended before it was ready.
    """
    server = Coturn(secret, free_port(), free_port())
    file = _prepare(server, folder, authority, udp=udp)
    async with _running(file, server):
        yield server


def _prepare(server: Coturn, folder: Path, authority: Authority, *, udp: bool) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    certificate = authority.issue(HOST, folder)
    changed = {
        "listening-ip": HOST,
        "relay-ip": HOST,
        "allowed-peer-ip": HOST,
        "listening-port": str(server.port),
        "tls-listening-port": str(server.tls_port),
        "static-auth-secret": server.secret,
        "cert": str(certificate.chain),
        "pkey": str(certificate.key),
    }
    file = folder / "turnserver.conf"
    file.write_text(_on_loopback(changed, folder) + ("" if udp else "no-udp\n"))
    return file


def _on_loopback(changed: Mapping[str, str], folder: Path) -> str:
    """The shipped configuration with this machine's values, and what only a test may say."""
    lines = []
    for line in CONFIGURATION.read_text().splitlines():
        text = line.partition("#")[0].strip()
        name, _, value = text.partition("=")
        if text and name != "syslog":
            lines.append(f"{name}={changed.get(name, value)}" if value else name)
    extra = ["allow-loopback-peers", "log-file=stdout", "verbose"]
    files = [f"pidfile={folder / 'pid'}", f"userdb={folder / 'users'}"]
    return "\n".join([*lines, *extra, *files, ""])


@asynccontextmanager
async def _running(file: Path, server: Coturn) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        "turnserver",
        "-c",
        file,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    ready = asyncio.Event()
    reading = asyncio.create_task(_read(process, server.log, ready))
    try:
        async with asyncio.timeout(PATIENCE):
            await ready.wait()
        if process.returncode is not None:
            raise RuntimeError("coturn ended before it was ready:\n" + "\n".join(server.log[-20:]))
        yield
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await reading


async def _read(process: asyncio.subprocess.Process, log: list[str], ready: asyncio.Event) -> None:
    assert process.stdout is not None
    async for line in process.stdout:
        log.append(line.decode(errors="replace").rstrip())
        if READY in log[-1]:
            ready.set()
    await process.wait()
    ready.set()
