"""Time, timers, bus and chance, in the hands of the test."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from center.services.ports import Change

MORNING = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
"""A Friday, nine o'clock in the city."""


class FakeClock:
    """Implements `ports.Clock`; stands still until moved."""

    def __init__(self, start: datetime = MORNING) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def move_to(self, moment: datetime) -> None:
        self._now = max(self._now, moment)


class FakeTimers:
    """Implements `ports.Timers`; `pass_time` moves the clock from alarm to alarm."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.armed: dict[str, datetime] = {}
        self.fired: Callable[[str, datetime], Awaitable[None]] | None = None

    def arm(self, consultation_id: str, at: datetime | None) -> None:
        self.armed.pop(consultation_id, None)
        if at is not None:
            self.armed[consultation_id] = at

    async def pass_time(self, seconds: float) -> None:
        """Let this much time pass; every alarm on the way rings at its time, in order."""
        end = self._clock.now() + timedelta(seconds=seconds)
        while due := [(at, cid) for cid, at in self.armed.items() if at <= end]:
            at, consultation_id = min(due)
            self._clock.move_to(at)
            del self.armed[consultation_id]
            if self.fired is not None:
                await self.fired(consultation_id, at)
        self._clock.move_to(end)


class RecordingBus:
    """Implements `ports.Bus`; keeps what was published, and lets a test look at that moment."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.on_publish: Callable[[Change], None] | None = None
        self._news = asyncio.Condition()

    async def publish(self, change: Change) -> None:
        if self.on_publish is not None:
            self.on_publish(change)
        self.changes.append(change)
        async with self._news:
            self._news.notify_all()

    async def subscribe(self) -> AsyncIterator[Change]:
        seen = len(self.changes)
        while True:
            async with self._news:
                await self._news.wait_for(partial(self._more_than, seen))
            yield self.changes[seen]
            seen += 1

    def _more_than(self, seen: int) -> bool:
        return len(self.changes) > seen

    def kinds(self) -> list[str]:
        return [change.kind for change in self.changes]


class CountingCodes:
    """Implements `ports.Codes` without chance."""

    def __init__(self) -> None:
        self._made = 0

    def consultation_id(self) -> str:
        self._made += 1
        return f"c{self._made}"

    def slip_code(self) -> str:
        return f"{self._made:06d}"
