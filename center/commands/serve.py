"""Runs the center until it is told to stop."""

import asyncio
import logging
import signal
import sys

from aiohttp import web

from center.app import create_app
from center.commands.garbage import collected_every
from config.settings import Settings

log = logging.getLogger(__name__)

GARBAGE_S = 3600.0
"""From one look through everything to the next."""

SWITCH_S = 0.0005
"""How long a thread that waits for the interpreter's lock lets the loop have it. Each commit waits
for its thread twice, with Python's own 5 ms mostly for nothing."""


def run(settings: Settings) -> int:
    """Serve until SIGINT or SIGTERM; the exit code."""
    try:
        asyncio.run(_serve(settings))
    except OSError as error:
        print(f"cannot listen on port {settings.center.port}: {error}", file=sys.stderr)
        return 1
    return 0


async def _serve(settings: Settings) -> None:
    center = settings.center
    sys.setswitchinterval(SWITCH_S)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner = web.AppRunner(create_app(settings), shutdown_timeout=center.shutdown_s)
    await runner.setup()
    try:
        site = web.TCPSite(runner, center.host, center.port)
        await site.start()
        for address in runner.addresses:
            log.info("center listens on http://%s:%d", *address[:2])
        async with collected_every(GARBAGE_S):
            await stop.wait()
    finally:
        await runner.cleanup()
