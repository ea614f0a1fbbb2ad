"""When the center looks for garbage."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_NEVER = 1_000_000_000


@asynccontextmanager
async def collected_every(seconds: float) -> AsyncIterator[None]:
    """Everything is looked through so often, and not whenever much has come and stayed: with a
    hundred calls each look stops them all. What was loaded before is never looked through, and what
    is young as always."""
    young, middle, old = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(young, middle, _NEVER)
    collecting = asyncio.create_task(_collect(seconds))
    try:
        yield
    finally:
        collecting.cancel()
        gc.set_threshold(young, middle, old)
        gc.unfreeze()


async def _collect(seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        gc.collect()
