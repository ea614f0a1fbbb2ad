"""The project's own processes, started and killed by tests as a technician would."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from tests.support.line_hall import Hall

READY_SECONDS = 120.0


def free_port() -> int:
    """A TCP port on loopback that nothing listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Process:
    """One `python -m MODULE …` with its log; may be killed and started again; in the hall if one
    is given."""

    def __init__(
        self,
        name: str,
        args: tuple[str, ...],
        env: Mapping[str, str],
        log: Path,
        ready_url: str,
        hall: Hall | None = None,
    ) -> None:
        self.name = name
        self.ready_url = ready_url
        self._command = (*(hall.prefix if hall else ()), sys.executable, "-m", *args)
        self._hall = hall
        self._env = dict(os.environ) | dict(env)
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start it and wait until it answers at its `ready_url`.

        Raises:
            RuntimeError: it ended, or did not answer within READY_SECONDS.
        """
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as out:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, env=self._env, stdout=out, stderr=out
            )
        await self._until_ready()

    async def kill(self) -> None:
        """SIGKILL: no goodbye, as in a power cut."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """SIGTERM, as systemd does."""
        await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        self._process.send_signal(how)
        try:
            await asyncio.wait_for(self._process.wait(), 20)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
            raise RuntimeError(f"{self.name} did not stop on {how.name}") from None

    async def _until_ready(self) -> None:
        assert self._process is not None
        connector = self._hall.connector() if self._hall else None
        session = aiohttp.ClientSession(connector=connector)
        async with asyncio.timeout(READY_SECONDS), session as http:
            while self._process.returncode is None:
                try:
                    async with http.get(self.ready_url) as reply:
                        if reply.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                # Polling is all there is for a process that has not opened its port yet.
                await asyncio.sleep(0.1)
        tail = self._log.read_text(errors="replace")[-2000:]
        raise RuntimeError(f"{self.name} ended before it was ready:\n{tail}")
