"""Debian's Janus as a process of the tests, with the configuration that we ship and a free port.

Its API listens on loopback. Its media cannot (Janus leaves 127.0.0.1 out), so they get an address
of their own, which stays within this machine.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from secrets import randbelow, token_hex
from typing import Self

from config.settings import JanusServer
from tests.support.patience import PATIENCE
from tests.support.processes import free_port

CONFIGURATION = Path(__file__).parents[2] / "config/deploy"
HOST = "127.0.0.1"
SECRET = "a secret of these tests"
RECLAIM = "reclaim_session_timeout = {}"


class JanusProcess:
    """A server that may be killed, or stopped in its tracks, as a machine would be."""

    def __init__(self, folder: Path, address: str, reclaim_s: int) -> None:
        self.port = free_port()
        self._folder, self._address, self._reclaim_s = folder, address, reclaim_s
        self._process: asyncio.subprocess.Process

    def settings(self, secret: str = SECRET) -> JanusServer:
        """This server as the center's settings name it."""
        return JanusServer.model_validate({"url": f"ws://{HOST}:{self.port}", "secret": secret})

    async def __aenter__(self) -> Self:
        media = {"10.20.0.6": self._address, "/etc/janus": str(self._folder), "CHANGE-ME": SECRET}
        media[RECLAIM.format(120)] = RECLAIM.format(self._reclaim_s)
        self._configure("janus.jcfg", media)
        api = {"10.20.0.6": HOST, "8188": str(self.port)}
        self._configure("janus.transport.websockets.jcfg", api)
        with (self._folder / "log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                "janus", "-F", self._folder, stdout=log, stderr=log
            )
        await self._until_ready()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()

    async def kill(self) -> None:
        """No goodbye, as in a power cut."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    def freeze(self) -> None:
        """Its sockets stay open and nobody answers."""
        self._process.send_signal(signal.SIGSTOP)

    def _configure(self, name: str, changed: dict[str, str]) -> None:
        text = (CONFIGURATION / name).read_text()
        for before, after in changed.items():
            assert before in text
            text = text.replace(before, after)
        (self._folder / name).write_text(text)

    async def _until_ready(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while self._process.returncode is None:
                with suppress(ConnectionError):
                    _, writer = await asyncio.open_connection(HOST, self.port)
                    writer.close()
                    return
                # Polling is all there is for a process that has not opened its port yet.
                await asyncio.sleep(0.05)
        raise RuntimeError((self._folder / "log").read_text())


@asynccontextmanager
async def janus(
    folder: Path, count: int, reclaim_s: int = 120
) -> AsyncIterator[tuple[JanusProcess, ...]]:
    """So many servers, until the block ends; without a center their rooms last `reclaim_s`. Needs
    root, for the address.

    Raises:
        RuntimeError: one ended before it was ready, or the address could not be given.
    """
    async with AsyncExitStack() as running:
        address = await running.enter_async_context(_address())
        made = []
        for number in range(count):
            place = folder / f"janus{number}"
            place.mkdir(parents=True)
            made.append(await running.enter_async_context(JanusProcess(place, address, reclaim_s)))
        yield tuple(made)


@asynccontextmanager
async def _address() -> AsyncIterator[str]:
    """One on a link that leads nowhere, but is no loopback."""
    number, address = token_hex(4), f"10.{20 + randbelow(200)}.{randbelow(250)}.1"
    near, far = f"janus{number}", f"naj{number}"
    await _ip(f"link add {near} type veth peer name {far}")
    try:
        await _ip(f"address add {address}/32 dev {near}")
        for end in (near, far):
            await _ip(f"link set {end} addrgenmode none up")
        yield address
    finally:
        await _ip(f"link del {near}")


async def _ip(what: str) -> None:
    process = await asyncio.create_subprocess_exec(
        "ip", *what.split(), stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"ip {what}: {said.decode()}")
