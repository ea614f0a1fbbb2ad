"""Looks for the code of a mediation's slip under the document camera, while it is asked for."""

import asyncio
import re
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kiosk.desk import Desk

LOOK_S = 0.4
"""Pause between two looks: a paper that is laid down is found while the hand still holds it."""

SLIP = re.compile(r"JIUJIN:(TJ-[0-9]{8}-[0-9]{4,6}):([0-9]{6})")

ReadCodes = Callable[[NDArray[np.uint8]], tuple[str, ...]]


class CodeWatch:
    """`seen(number, code)` is called on the event loop, once for each slip in a row."""

    def __init__(self, desk: Desk, read: ReadCodes, seen: Callable[[str, str], None]) -> None:
        self._desk, self._read, self._seen = desk, read, seen
        self._wanted = asyncio.Event()
        self._last: tuple[str, str] | None = None

    def follow(self, on: bool) -> None:
        """Whether a code is wanted now; asking anew takes the same slip again."""
        if on == self._wanted.is_set():
            return
        self._last = None
        (self._wanted.set if on else self._wanted.clear)()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._wanted.wait()
            await self._look()
            await asyncio.sleep(LOOK_S)

    async def _look(self) -> None:
        texts = await asyncio.to_thread(self._texts)
        found = next((match.groups() for text in texts if (match := SLIP.fullmatch(text))), None)
        if found is not None and found != self._last and self._wanted.is_set():
            self._last = (found[0], found[1])
            self._seen(*self._last)

    def _texts(self) -> tuple[str, ...]:
        """In a thread: a picture is decoded when it is asked for."""
        picture = self._desk.picture()
        return () if picture is None else self._read(picture)
