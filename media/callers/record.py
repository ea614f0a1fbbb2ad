"""What became of each call, as both of its ends saw it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from media.callers.errors import CallersError


@dataclass(slots=True)
class End:
    """One end: when its first remote picture was whole (loop time), packets that came and not."""

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
        seen = self.resident.first_picture_at, self.lawyer.first_picture_at
        if self.accepted_at is None or None in seen:
            return None
        return 1000 * (max(at for at in seen if at is not None) - self.accepted_at)

    @property
    def failed(self) -> bool:
        """Whether it did not go all the way to its end."""
        return bool(self.failure) or not self.closed or self.set_up_ms is None

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
