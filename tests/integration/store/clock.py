"""A clock that stands still until it is moved."""

from datetime import UTC, datetime, timedelta


class StoppedClock:
    """`ports.Clock` for the tests."""

    def __init__(self, at: datetime = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def move(self, seconds: float) -> None:
        self._at += timedelta(seconds=seconds)
