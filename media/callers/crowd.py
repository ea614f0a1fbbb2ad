"""Calls that begin one after the other, are all in talk at the same time, and end more quickly."""

import asyncio
from collections.abc import Sequence
from functools import partial

from media.callers.errors import CallersError
from media.callers.people import Kiosk

LEAVING = 4
"""Times as many end in a second as begin."""


class Crowd:
    """Residents who come at `ramp` a second; when all talk they go on for `seconds`."""

    def __init__(self, kiosks: Sequence[Kiosk], ramp: float, seconds: float) -> None:
        self._kiosks, self._pause, self._seconds = kiosks, 1 / ramp, seconds
        self._awaited = set(range(len(kiosks)))
        self._all_here = asyncio.Event()
        self._talking = self.at_once = 0
        self.minutes = 0.0
        self.refused: list[str] = []

    async def come(self) -> None:
        """Until the last is gone; `refused` says why some never got into a call."""
        await asyncio.gather(*(self._visit(*pair) for pair in enumerate(self._kiosks)))

    async def _visit(self, turn: int, kiosk: Kiosk) -> None:
        await asyncio.sleep(turn * self._pause)
        try:
            await kiosk.visit(partial(self._talk, turn))
        except CallersError as error:
            self.refused.append(f"{type(error).__name__}: {error}")
        finally:
            self._not_awaited(turn)

    async def _talk(self, turn: int) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        self._talking += 1
        self.at_once = max(self.at_once, self._talking)
        self._not_awaited(turn)
        try:
            await self._all_here.wait()
            await asyncio.sleep(self._seconds + turn * self._pause / LEAVING)
        finally:
            self._talking -= 1
            self.minutes += (loop.time() - begun) / 60

    def _not_awaited(self, turn: int) -> None:
        self._awaited.discard(turn)
        if not self._awaited:
            self._all_here.set()
