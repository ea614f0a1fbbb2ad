"""Whether everybody who should be recorded really is, and what staff were told of it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from center.protocol.words import RecorderFault
from center.services.recording_ports import Running

log = logging.getLogger(__name__)

PATIENCE_S = 8.0
"""How long a recorder may take to begin, and somebody to be connected to, or to be silent, before
staff are alarmed."""
LOOK_EVERY_S = 1.0

Report = Callable[[RecorderFault | None], Awaitable[None]]


async def keep_looking(look: Callable[[], Awaitable[None]]) -> None:
    """For as long as the reel: a look that fails is followed by another."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        try:
            await look()
        except Exception:
            log.exception("nobody can say how a recording goes; the next look is to")


class Alarm:
    """`report` is told of what the log does not know yet. People are known by their peers."""

    def __init__(self, talk: Running, report: Report) -> None:
        self._talk, self._report = talk, report
        self._quiet = dict.fromkeys(talk.who, _now())
        self._faults: dict[str, RecorderFault] = {}

    def follow(self, talk: Running) -> None:
        """Who takes part now: nobody is missed who went away, or who is to be silent."""
        before, self._talk = self._talk, talk
        for peer in before.who.keys() - talk.who.keys():
            self.heard(peer)
        for peer in talk.who.keys() - before.who.keys():
            self._quiet[peer] = _now()
        for peer in (before.silent - talk.silent) & self._quiet.keys():
            self._faults.pop(peer, None)
            self._quiet[peer] = _now()

    def heard(self, peer: str) -> None:
        """This one is recorded."""
        self._quiet.pop(peer, None)
        self._faults.pop(peer, None)

    def missed(self, peer: str, fault: RecorderFault | None = None) -> None:
        """This one is not, for a reason that may be known."""
        self._quiet.setdefault(peer, _now())
        if fault is not None:
            self._faults[peer] = fault

    async def look(self) -> None:
        """Say what is to be said, until it stands in the log."""
        fault = self._fault()
        if fault is not self._talk.recording.fault:
            await self._report(fault)

    def _fault(self) -> RecorderFault | None:
        missed = self._quiet.keys() - self._talk.silent
        for peer, fault in self._faults.items():
            if peer in missed or fault is not RecorderFault.SILENT:
                return fault
        if not missed:
            return None
        longest = _now() - min(self._quiet[peer] for peer in missed)
        return RecorderFault.SILENT if longest > PATIENCE_S else self._talk.recording.fault


def _now() -> float:
    return asyncio.get_running_loop().time()
