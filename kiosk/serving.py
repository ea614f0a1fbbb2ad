"""The life of an agent: its page served on loopback, everything closed in order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from config.settings import Settings
from kiosk.agent import Agent
from kiosk.devices import Devices
from kiosk.identity import Identity
from kiosk.uplink import uplink
from kiosk.web import UI


@dataclass(frozen=True, slots=True)
class Served:
    """A running agent: where its page is, and the task that is its life."""

    agent: Agent
    origin: str
    life: "asyncio.Task[None]"


@asynccontextmanager
async def serving(
    settings: Settings, identity: Identity, devices: Devices, ui: Path = UI
) -> AsyncIterator[Served]:
    """Runs the agent for as long as the context is open.

    Raises:
        OSError: the port is taken.
    """
    async with AsyncExitStack() as stack:
        agent = Agent(settings, identity, devices, await stack.enter_async_context(uplink()))
        runner = web.AppRunner(agent.app(ui), shutdown_timeout=0.5)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, settings.kiosk.host, settings.kiosk.port).start()
        life = asyncio.create_task(agent.run())
        stack.push_async_callback(_end, life)
        port = runner.addresses[0][1]
        yield Served(agent, f"http://{settings.kiosk.host}:{port}", life)


async def _end(life: "asyncio.Task[None]") -> None:
    life.cancel()
    await asyncio.gather(life, return_exceptions=True)
