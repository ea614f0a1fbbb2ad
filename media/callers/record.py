"""What became of each call, as both of its ends saw it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from media.callers.errors import CallersError


@dataclass(slots=True)
class End:
    """One end: when the center had opened the room and when its first remote picture was whole
    (loop time), packets that came and not."""

    let_in_at: float | None = None
    first_picture_at: float | None = None
    packets: int = 0
    lost: int = 0


@dataclass(slots=True)
class Call:
    """One consultation; times are the event loop's, seconds."""

    consultation_id: str
    accepted_at: float | None = None
    resident: End = field(default_factory=End)
    lawyer: End = field(default_factory=End)
    closed: bool = False
    failure: str = ""

    @property
    def set_up_ms(self) -> float | None:
        """From the lawyer's accept to the first picture on both sides."""
        return self._ms_until(self.resident.first_picture_at, self.lawyer.first_picture_at)

    @property
    def let_in_ms(self) -> float | None:
        """From the lawyer's accept until the center had told both sides: its part of the set-up."""
        return self._ms_until(self.resident.let_in_at, self.lawyer.let_in_at)

    @property
    def failed(self) -> bool:
        """Whether it did not go all the way to its end."""
        return bool(self.failure) or not self.closed or self.set_up_ms is None

    def _ms_until(self, one: float | None, other: float | None) -> float | None:
        if self.accepted_at is None or one is None or other is None:
            return None
        return 1000 * (max(one, other) - self.accepted_at)

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Keep the first thing that goes wrong, and let the others go on."""
        try:
            yield
        except CallersError as error:
            self.failure = self.failure or f"{type(error).__name__}: {error}"


class Book:
    """All calls, by consultation."""

    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}

    def call(self, consultation_id: str) -> Call:
        """The record of this consultation; both ends write into the same."""
        return self.calls.setdefault(consultation_id, Call(consultation_id))
