"""Packets of one source back in order, and whole frames out of them. No clock, no socket."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from aiortc.rtp import RtpPacket

MAX_JUMP = 3000
"""A sequence number further away is another stream (MAX_DROPOUT of RFC 3550, appendix A.1)."""
MAX_HELD = 2048
"""Packets kept while one is missing, and packets missed: more than a second of the fastest picture.
Numbers may claim thousands missing with each packet."""


class Codec(StrEnum):
    """What can be kept: the codecs of WebM."""

    VP8 = "VP8"
    VP9 = "VP9"
    OPUS = "opus"


@dataclass(frozen=True, slots=True)
class Frame:
    """One encoded picture, or one packet of sound; `time` in RTP units, unwrapped."""

    codec: Codec
    time: int
    key: bool
    data: bytes


class Unwrap:
    """Counters of few bits as ever growing integers: each is the nearest to the one before."""

    def __init__(self, bits: int) -> None:
        self._size = 1 << bits
        self._last: int | None = None

    def __call__(self, value: int) -> int:
        self._last = self.near(value)
        return self._last

    def near(self, value: int) -> int:
        """The same without counting on from there."""
        half = self._size >> 1
        last = value if self._last is None else self._last
        return last + (value - last + half) % self._size - half


@dataclass(slots=True)
class _Hole:
    """A missing packet: when it was missed, when last asked for."""

    since: float
    asked: float = field(default=float("-inf"))


class Sequence:
    """Gives packets on in order, waiting `patience` seconds at most for one that is missing."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._unwrap = Unwrap(16)
        self._held: dict[int, RtpPacket] = {}
        self._holes: dict[int, _Hole] = {}
        self._next: int | None = None
        self._highest = 0
        self._stray: int | None = None
        self.lost = 0

    def put(self, packet: RtpPacket, now: float) -> bool:
        """Take a packet; true when the stream began anew with it, far from where it was."""
        number = packet.sequence_number
        if self._next is None:
            self._begin(number)
        elif self._far(number):
            if self._stray != number:
                self._stray = (number + 1) & 0xFFFF  # the next one proves that it is no accident
                return False
            self._begin(number)
            self._held[self._highest] = packet
            return True
        self._stray = None
        self._place(self._unwrap(number), packet, now)
        return False

    def take(self) -> Iterator[RtpPacket]:
        """All that is in order now, once."""
        while self._next in self._held:
            yield self._held.pop(self._next)
            self._next += 1

    def give_up(self, now: float) -> bool:
        """Step over what has been missing too long; true when something was."""
        if not self._holes:
            return False
        late = [n for n, hole in self._holes.items() if now - hole.since >= self._patience]
        if max(len(self._held), len(self._holes)) > MAX_HELD:
            late = list(self._holes)
        if not late:
            return False
        for number in late:
            del self._holes[number]
        self.lost += len(late)
        self._next = min([*self._holes, *self._held], default=self._highest + 1)
        return True

    def ask(self, now: float, every: float) -> list[int]:
        """16-bit numbers to ask the sender for (NACK); each again after `every` seconds."""
        due = [hole for hole in self._holes.items() if now - hole[1].asked >= every]
        for _, hole in due:
            hole.asked = now
        return [number & 0xFFFF for number, _ in due]

    def _begin(self, number: int) -> None:
        self._unwrap = Unwrap(16)
        self._next = self._highest = self._unwrap(number)
        self._held.clear()
        self._holes.clear()
        self._stray = None

    def _far(self, number: int) -> bool:
        distance = (number - self._highest + 0x8000) % 0x10000 - 0x8000
        return abs(distance) > MAX_JUMP

    def _place(self, number: int, packet: RtpPacket, now: float) -> None:
        if self._next is None or number < self._next:
            return
        for missing in range(self._highest + 1, number):
            self._holes[missing] = _Hole(now)
        self._highest = max(self._highest, number)
        self._holes.pop(number, None)
        self._held[number] = packet
