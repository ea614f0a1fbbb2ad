"""A mediation as a value: what is known of it, and of everybody who has a seat in it, after each of
its events.

How one becomes the next is the business of `center.domain.mediation_transitions`.
"""

from dataclasses import dataclass
from datetime import datetime

from center.domain.agreement import NOTHING_AGREED, Agreement
from center.domain.errors import NotFound
from center.domain.recording import NEVER, People, Recording
from center.protocol.words import (
    Language,
    Matter,
    MediationState,
    Protection,
    RecordingState,
    SeatRole,
    SeatState,
)

MESH_LIMIT = 4
"""People who can connect each to each over a thin line; a larger room needs an engine."""

MEDIATOR_SEAT = "mediator"
"""Id of the seat that every mediation begins with."""

PRESENT = frozenset({SeatState.WAITING, SeatState.ADMITTED})
LIVE = frozenset({MediationState.SCHEDULED, MediationState.OPEN})


@dataclass(frozen=True, slots=True)
class Seat:
    """One invited person. `staff_id` names somebody of the center; others come to `kiosk_id` with
    their `code`. `known` is true from the first admission on; `speech_asked` while the mediator
    waits for the person's consent to be heard again; `listens` to the interpreters."""

    seat_id: str
    role: SeatRole
    language: Language
    code: str
    staff_id: str | None = None
    kiosk_id: str | None = None
    state: SeatState = SeatState.INVITED
    known: bool = False
    protection: Protection = Protection.NONE
    muted: bool = False
    speech_asked: bool = False
    listens: bool = False


@dataclass(frozen=True, slots=True)
class Mediation:
    """The state after `version` events. Times are aware UTC. `hands` are the seats that want to
    speak, in order; `floor` is who alone speaks; `side` who is apart with the mediator. `places` is
    how many people the room holds, `mesh` how many of them connect each to each. Once a server has
    carried the room, its media go through an engine for good; `carrier` is that server, None while
    the room moves."""

    id: str
    number: str
    version: int
    state: MediationState
    mediator_id: str
    matter: Matter
    language: Language
    second_language: Language | None
    convened_at: datetime
    scheduled_at: datetime
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    locked: bool = False
    seats: tuple[Seat, ...] = ()
    hands: tuple[str, ...] = ()
    floor: str | None = None
    side: str | None = None
    side_interpreted: bool = False
    mesh: int = MESH_LIMIT
    places: int = MESH_LIMIT
    engine: bool = False
    carrier: str | None = None
    agreement: Agreement = NOTHING_AGREED
    recording: Recording = NEVER

    def seat(self, seat_id: str) -> Seat:
        """Raises NotFound."""
        for seat in self.seats:
            if seat.seat_id == seat_id:
                return seat
        raise NotFound(f"{self.id} has no seat {seat_id}")

    @property
    def admitted(self) -> tuple[Seat, ...]:
        """Who is in the room."""
        return tuple(seat for seat in self.seats if seat.state is SeatState.ADMITTED)

    @property
    def present(self) -> People:
        """Whose consent a recording needs: the seats of those in the room."""
        return frozenset(seat.seat_id for seat in self.admitted)

    @property
    def recorded(self) -> bool:
        """Whether the recorder belongs to the room: everybody has agreed, and nobody is apart. What
        is private is not recorded, nor what the others say meanwhile."""
        return self.recording.state is RecordingState.RUNNING and self.side is None

    @property
    def outgrown(self) -> bool:
        """Whether the room needs a server, or has one."""
        larger = len(self.admitted) > self.mesh
        return self.state is MediationState.OPEN and (self.engine or larger)

    @property
    def moving(self) -> bool:
        """Whether the server that carried the room is lost, and no other one carries it yet."""
        return self.engine and self.outgrown and self.carrier is None

    @property
    def parties(self) -> frozenset[str]:
        """Whose agreement is needed."""
        return frozenset(seat.seat_id for seat in self.seats if seat.role is SeatRole.PARTY)
