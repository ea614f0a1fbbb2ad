"""The one timer of each consultation, on the event loop; implements `services.ports.Timers`.

The truth is the deadline in the database. A timer lost in a crash is armed again by
`Calls.rearm`, and one that fires late or twice is refused by the deadline it carries.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from center.services.ports import Clock
from config.logging import bind_consultation

log = logging.getLogger(__name__)

Fired = Callable[[str, datetime], Awaitable[None]]


class LoopTimers:
    """At most one sleeping task a consultation."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._fired: Fired | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._firing: set[asyncio.Task[None]] = set()

    def bind(self, fired: Fired) -> None:
        """Set what is called with the consultation and its deadline when the time has come."""
        self._fired = fired

    def arm(self, consultation_id: str, at: datetime | None) -> None:
        """Replace the consultation's timer; None takes it away."""
        if task := self._tasks.pop(consultation_id, None):
            task.cancel()
        if at is not None:
            self._tasks[consultation_id] = asyncio.create_task(self._sleep(consultation_id, at))

    async def close(self) -> None:
        """Drop every timer and wait for those that are firing."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), *self._firing, return_exceptions=True)
        self._tasks.clear()

    async def _sleep(self, consultation_id: str, at: datetime) -> None:
        # On the loop's clock: a wall clock that is set meanwhile makes no ring shorter or longer.
        await asyncio.sleep((at - self._clock.now()).total_seconds())
        # Out of the dictionary first: firing may arm the next timer without cancelling itself.
        task = self._tasks.pop(consultation_id)
        self._firing.add(task)
        task.add_done_callback(self._firing.discard)
        await self._fire(consultation_id, at)

    async def _fire(self, consultation_id: str, at: datetime) -> None:
        bind_consultation(consultation_id)
        if self._fired is None:
            return
        try:
            await self._fired(consultation_id, at)
        except Exception:
            log.exception("timer of %s failed", consultation_id)
