"""Runs the center until it is told to stop."""

import asyncio
import gc
import logging
import signal
import sys

from aiohttp import web

from center.app import create_app
from config.settings import Settings

log = logging.getLogger(__name__)


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
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner = web.AppRunner(create_app(settings), shutdown_timeout=center.shutdown_s)
    await runner.setup()
    # What was loaded stays: looking through it for garbage would stop every call for 0.1 s.
    gc.freeze()
    try:
        site = web.TCPSite(runner, center.host, center.port)
        await site.start()
        for address in runner.addresses:
            log.info("center listens on http://%s:%d", *address[:2])
        await stop.wait()
    finally:
        await runner.cleanup()
