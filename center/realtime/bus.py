"""The bus inside one process: changes reach every subscriber after their commit."""

from collections.abc import Callable

from center.services.ports import Change


class LocalBus:
    """Calls each subscriber at once, in the order of subscription; they must only enqueue."""

    def __init__(self) -> None:
        self._subscribers: list[Callable[[Change], None]] = []

    def publish(self, change: Change) -> None:
        """Tell everybody."""
        for subscriber in tuple(self._subscribers):
            subscriber(change)

    def subscribe(self, subscriber: Callable[[Change], None]) -> Callable[[], None]:
        """Hear every change from now on; the returned function ends it."""
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)
