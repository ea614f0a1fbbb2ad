"""Six digits must not be guessed: after some wrong ones their number rests."""

from collections import deque
from datetime import datetime, timedelta

from center.domain.errors import LockedOut

TRIES = 5
REST = timedelta(minutes=10)


class Guesses:
    """Wrong codes of late, by the number they were tried for."""

    def __init__(self) -> None:
        self._wrong: dict[str, deque[datetime]] = {}

    def refuse(self, number: str, now: datetime) -> None:
        """Raises LockedOut: too many wrong codes for this number of late."""
        for tried, moments in list(self._wrong.items()):
            while moments and moments[0] <= now - REST:
                moments.popleft()
            if not moments:
                del self._wrong[tried]
        if len(self._wrong.get(number, ())) >= TRIES:
            raise LockedOut(f"{number}: too many wrong codes")

    def wrong(self, number: str, now: datetime) -> None:
        """One more."""
        self._wrong.setdefault(number, deque()).append(now)
