"""What has happened since views were last read, as far as screens are concerned."""

import asyncio
from dataclasses import dataclass, field

from center.realtime.registry import Link
from center.services.ports import Change

CAPTURE_ASKED = "capture_asked"


@dataclass
class Fresh:
    """A link that said hello and still waits for its welcome."""

    link: Link
    last_seq: int
    welcomed: asyncio.Future[None]


@dataclass
class Dirty:
    """What has to be read again."""

    hall: bool = False
    kiosks: set[str] = field(default_factory=set)
    staff: set[str] = field(default_factory=set)
    rooms: set[str] = field(default_factory=set)
    presence: set[str] = field(default_factory=set)
    mediations: bool = False
    fleet: set[str] = field(default_factory=set)
    captures: list[Change] = field(default_factory=list)
    fresh: list[Fresh] = field(default_factory=list)

    def mark(self, change: Change) -> None:
        """Note what a change makes stale."""
        kind, _, name = change.stream.partition(":")
        self.hall |= change.hall
        self.staff |= change.staff_ids
        if change.kiosk_id is not None:
            self.kiosks.add(change.kiosk_id)
            self.fleet.add(change.kiosk_id)
        if kind in ("consultation", "mediation"):
            self.rooms.add(name)
        self.mediations |= kind == "mediation"
        if change.kind == CAPTURE_ASKED:
            self.captures.append(change)

    def postponed(self) -> "Dirty":
        """Take out what everybody is shown."""
        later = Dirty(hall=self.hall, fleet=self.fleet)
        self.hall, self.fleet = False, set()
        return later
