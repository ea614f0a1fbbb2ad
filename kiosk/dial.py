"""Reaching a server over a line that may come back any moment."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

ReachedT = TypeVar("ReachedT")

AGAIN_S = 0.75
"""TCP asks again after 1, 3, 7, 15 and 31 s: who waits for it may miss the line's return by as long
as the line was away. A second attempt beside the first costs one packet."""
GIVE_UP_S = 10.0


async def dial(
    reach: Callable[[], Coroutine[Any, Any, ReachedT]],
    drop: Callable[[ReachedT], Awaitable[object]],
    again_s: float = AGAIN_S,
    give_up_s: float = GIVE_UP_S,
) -> ReachedT:
    """What the first answered attempt to `reach` gives; while none is, one more begins each
    `again_s`. Others that also got through are dropped.

    Raises:
        TimeoutError: nothing answered in `give_up_s`.
        Exception: that of the first attempt that was answered, if it failed.
    """
    attempts: list[asyncio.Task[ReachedT]] = []
    answered: set[asyncio.Task[ReachedT]] = set()
    try:
        async with asyncio.timeout(give_up_s):
            while not answered:
                attempts.append(asyncio.create_task(reach()))
                answered, _ = await asyncio.wait(
                    attempts, timeout=again_s, return_when=asyncio.FIRST_COMPLETED
                )
        first = next(attempt for attempt in attempts if attempt in answered)
        attempts.remove(first)
        return first.result()
    finally:
        await _end(attempts, drop)


async def _end(
    attempts: list[asyncio.Task[ReachedT]], drop: Callable[[ReachedT], Awaitable[object]]
) -> None:
    for attempt in attempts:
        attempt.cancel()
    for late in await asyncio.gather(*attempts, return_exceptions=True):
        if not isinstance(late, BaseException):
            await drop(late)
