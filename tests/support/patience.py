"""How long tests wait for what must come."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds a busy machine may take until what a test waits for has come; what never comes still
fails. Nobody waits so long on a machine with time to spare: tests wait on events."""


async def until(met: Callable[[], T]) -> T:
    """What `met` gives as soon as it is true; for what changes and tells nobody.

    Raises:
        TimeoutError: it never was.
    """
    async with asyncio.timeout(PATIENCE):
        while not (found := met()):  # noqa: ASYNC110 - there is nothing to wait on
            await asyncio.sleep(0.01)
    return found
