"""Calls that begin one after the other, are all in talk at the same time, and end more quickly."""

import asyncio
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import accumulate

from media.callers.errors import CallersError
from media.callers.people import Kiosk
from media.callers.plan import Plan

LEAVING = 4
"""Times as many end in a second as begin."""

Talk = tuple[float, float]
"""When it began and ended."""


class Crowd:
    """The residents of one process, each with a turn among all."""

    def __init__(self, kiosks: Mapping[int, Kiosk], plan: Plan) -> None:
        self._kiosks, self._pause, self._seconds = kiosks, 1 / plan.ramp, plan.seconds
        self._awaited = set(kiosks)
        self.here, self.all_talk = asyncio.Event(), asyncio.Event()
        self.talks: list[Talk] = []
        self.refused: list[str] = []

    async def come(self, begin: float) -> None:
        """The first of all comes at `begin` (loop time); until the last of these is gone. `here` is
        set when these are in talk; how long they stay counts from `all_talk`, which others set.
        `refused` says why some never got into a call."""
        visits = (
            self._visit(begin + turn * self._pause, turn, kiosk)
            for turn, kiosk in self._kiosks.items()
        )
        await asyncio.gather(*visits)

    async def _visit(self, at: float, turn: int, kiosk: Kiosk) -> None:
        await asyncio.sleep(at - asyncio.get_running_loop().time())
        try:
            await kiosk.visit(partial(self._talk, turn))
        except CallersError as error:
            self.refused.append(f"{type(error).__name__}: {error}")
        finally:
            self._not_awaited(turn)

    async def _talk(self, turn: int) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        self._not_awaited(turn)
        try:
            await self.all_talk.wait()
            await asyncio.sleep(self._seconds + turn * self._pause / LEAVING)
        finally:
            self.talks.append((begun, loop.time()))

    def _not_awaited(self, turn: int) -> None:
        self._awaited.discard(turn)
        if not self._awaited:
            self.here.set()


def at_once(talks: Iterable[Talk]) -> int:
    """The most of them at the same time."""
    changes = sorted(change for begun, ended in talks for change in ((begun, 1), (ended, -1)))
    return max(accumulate(step for _, step in changes), default=0)
