"""The bus inside one process; implements `services.ports.Bus`."""

import asyncio
from collections.abc import AsyncIterator

from center.services.ports import Change


class LocalBus:
    """Hands every change to every subscription, in the order of publication."""

    def __init__(self) -> None:
        self._subscriptions: set[_Subscription] = set()

    async def publish(self, change: Change) -> None:
        """Queue the change for everybody; waits for nobody."""
        for subscription in tuple(self._subscriptions):
            subscription.put(change)

    def subscribe(self) -> "_Subscription":
        """Changes from this call on, whether or not anybody has begun to read them."""
        return _Subscription(self._subscriptions)


class _Subscription(AsyncIterator[Change]):
    def __init__(self, among: "set[_Subscription]") -> None:
        self._queue: asyncio.Queue[Change] = asyncio.Queue()
        self._among = among
        among.add(self)

    @property
    def waiting(self) -> int:
        """Changes not read yet."""
        return self._queue.qsize()

    def put(self, change: Change) -> None:
        self._queue.put_nowait(change)

    async def __anext__(self) -> Change:
        return await self._queue.get()

    async def aclose(self) -> None:
        """Hear nothing more."""
        self._among.discard(self)
