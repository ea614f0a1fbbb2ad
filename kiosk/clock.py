"""The kiosk's time. Its wall clock may be wrong, and may jump; a visit must not notice."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def wall_time() -> datetime:
    """What the machine's clock says."""
    return datetime.now(UTC)


class KioskClock:
    """Runs evenly from the wall time at the start; knows how far the center's clock is away."""

    def __init__(
        self,
        wall: Callable[[], datetime] = wall_time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._base, self._zero = wall(), monotonic()
        self._to_center = timedelta()
        self.skew = timedelta()

    def now(self) -> datetime:
        """Even time, for the journey's patience."""
        return self._base + timedelta(seconds=self._monotonic() - self._zero)

    def wall(self) -> datetime:
        """The machine's clock, which heartbeats show and nobody trusts."""
        return self._wall()

    def center_says(self, moment: datetime) -> None:
        """The center told its time just now."""
        self._to_center = moment - self.now()
        self.skew = self._wall() - moment

    def shown(self, moment: datetime) -> datetime:
        """A moment of `now()` in the center's time, as screens and records carry it."""
        return moment + self._to_center
