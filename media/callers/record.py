"""What became of each call, as both of its ends saw it.

The ends of one call may live in two processes. Times are the event loop's, which is
`time.monotonic()`: one clock for all processes of a machine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from media.callers.errors import CallersError


@dataclass(slots=True)
class End:
    """One end: when the center had opened the room and when its first remote picture was whole
    (seconds), packets that came and not. A lawyer tells the moment of the accept, a resident
    whether it was closed."""

    accepted_at: float | None = None
    let_in_at: float | None = None
    first_picture_at: float | None = None
    packets: int = 0
    lost: int = 0
    closed: bool = False
    failure: str = ""

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Keep the first thing that goes wrong, and let the others go on."""
        try:
            yield
        except CallersError as error:
            self.failure = self.failure or f"{type(error).__name__}: {error}"


@dataclass(frozen=True, slots=True)
class Call:
    """One consultation."""

    consultation_id: str
    resident: End
    lawyer: End

    @property
    def set_up_ms(self) -> float | None:
        """From the lawyer's accept to the first picture on both sides."""
        return self._ms_until(self.resident.first_picture_at, self.lawyer.first_picture_at)

    @property
    def let_in_ms(self) -> float | None:
        """From the lawyer's accept until the center had told both sides: its part of the set-up."""
        return self._ms_until(self.resident.let_in_at, self.lawyer.let_in_at)

    @property
    def failure(self) -> str:
        """What went wrong first at either end."""
        return self.resident.failure or self.lawyer.failure

    @property
    def failed(self) -> bool:
        """Whether it did not go all the way to its end."""
        return bool(self.failure) or not self.resident.closed or self.set_up_ms is None

    def _ms_until(self, one: float | None, other: float | None) -> float | None:
        if self.lawyer.accepted_at is None or one is None or other is None:
            return None
        return 1000 * (max(one, other) - self.lawyer.accepted_at)


@dataclass(slots=True)
class Book:
    """The ends of calls, by consultation."""

    residents: dict[str, End] = field(default_factory=dict)
    lawyers: dict[str, End] = field(default_factory=dict)

    def calls(self) -> list[Call]:
        """Whatever a resident came for; who never was answered has a lawyer who saw nothing."""
        return [Call(c, end, self.lawyers.get(c, End())) for c, end in self.residents.items()]

    def add(self, other: "Book") -> None:
        """Take over what another process has seen. Where it rang for two lawyers, what went wrong
        with one of them counts."""
        self.residents |= other.residents
        for consultation, end in other.lawyers.items():
            known = self.lawyers.get(consultation)
            if known is None or not known.failure:
                self.lawyers[consultation] = end

    def turn(self) -> "Book":
        """All of it by now; what comes is written on an empty page."""
        turned = Book(self.residents.copy(), self.lawyers.copy())
        self.residents.clear()
        self.lawyers.clear()
        return turned
