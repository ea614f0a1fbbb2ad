"""Pictures on their way: what has arrived of one outlives the connection that brought it.

In memory, so that no half of a paper lies on a disk; a center that dies is sent the picture anew.
"""

import asyncio
from dataclasses import dataclass

from center.domain.errors import Conflict

KEPT_S = 900.0
"""A line that was cut for longer is sent the picture anew."""

MOST = 16
"""Pictures on their way that are remembered; of more the oldest are sent anew after a cut."""

Name = tuple[str, str]
"""The kiosk that sends it, and the SHA-256 that all of it will have."""


@dataclass(slots=True)
class _Begun:
    forgotten: asyncio.TimerHandle
    data: bytearray


class Arrivals:
    """What is here of each picture, from its beginning; nobody else's kiosk touches it."""

    def __init__(self) -> None:
        self._begun: dict[Name, _Begun] = {}

    def held(self, name: Name) -> int:
        """Bytes."""
        begun = self._begun.get(name)
        return len(begun.data) if begun else 0

    def go_on(self, name: Name, begin: int) -> bytearray:
        """What is here of it before `begin`, to append the rest to. Who appended until now, over a
        connection that may not know yet that it is dead, does so to nobody's use.

        Raises:
            Conflict: fewer bytes than that are here.
        """
        if begin > self.held(name):
            raise Conflict(f"{self.held(name)} bytes are here")
        before = self._begun.get(name)
        data = before.data[:begin] if before else bytearray()
        self.end(name)
        while len(self._begun) >= MOST:
            self.end(next(iter(self._begun)))
        timer = asyncio.get_running_loop().call_later(KEPT_S, self.end, name)
        self._begun[name] = _Begun(timer, data)
        return data

    def end(self, name: Name) -> None:
        """It is whole, or of no use."""
        begun = self._begun.pop(name, None)
        if begun is not None:
            begun.forgotten.cancel()
