"""Tells every screen that the service has opened or closed, which no event of the log does."""

from center.domain.hours import Hours
from center.services.ports import Bus, Change, Clock
from center.services.views import Views


class Doors:
    """Look often: what is told is only a change since the last look."""

    def __init__(self, hours: Hours, clock: Clock, views: Views, bus: Bus) -> None:
        self._hours, self._clock, self._views, self._bus = hours, clock, views, bus
        self._seen = hours.at(clock.now())

    async def look(self) -> None:
        """Have the home screens and the queue shown again when the hours have changed."""
        present = self._hours.at(self._clock.now())
        if present != self._seen:
            seq = await self._views.head_seq()
            await self._bus.publish(Change(seq, "hours", "hours_changed", hall=True))
            self._seen = present
