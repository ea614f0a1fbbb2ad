"""What recording needs from the outside: a recorder, a shelf for what it made, and the rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from center.domain.errors import StorageFull
from center.domain.recording import Recording
from center.protocol.views import IceServer
from center.protocol.words import RecorderFault


@dataclass(frozen=True, slots=True)
class Reel:
    """One run of the recorder for one recording, and what came of it.

    A recording has several when the recorder or the center died meanwhile, or a private talk
    interrupted it. `room_id` is the consultation's or mediation's id. `sealed_at` is when its
    files were finished, `ended_at` when the last of them ends; `size` is in bytes, `manifest` the
    SHA-256 of the signed manifest, hex.
    """

    reel_id: str
    recording_id: str
    room_id: str
    started_at: datetime
    ended_at: datetime | None = None
    sealed_at: datetime | None = None
    size: int = 0
    manifest: str | None = None


class Reels(Protocol):
    """The rows of reels."""

    async def get(self, reel_id: str) -> Reel | None: ...
    async def save(self, reel: Reel) -> None: ...
    async def delete(self, reel_id: str) -> None: ...

    async def of(self, recording_id: str) -> tuple[Reel, ...]:
        """A recording's reels, oldest first."""

    async def newest(self, limit: int, staff_id: str | None = None) -> tuple[Reel, ...]:
        """Newest first, sealed or not; with `staff_id` those of talks that are or were in this
        person's hands."""

    async def started_before(self, moment: datetime) -> tuple[Reel, ...]: ...


@dataclass(frozen=True, slots=True)
class PartFacts:
    """One WebM file of a reel: a participant or their desk, seconds counted from the reel's start.

    `who` is the name of whoever agreed; `streams` name what it shows, such as `face.video`;
    `sha256` and `size` are of the plain file.
    """

    number: int
    peer: str
    who: str
    agreed_at: datetime
    since: float
    until: float
    whole: bool
    cause: str
    streams: tuple[str, ...]
    size: int
    sha256: str


class Playing(Protocol):
    """A plain file, decrypted where it is read; `close` when done."""

    @property
    def size(self) -> int: ...

    def read(self, offset: int, size: int) -> bytes: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who agreed to be recorded: the peer, who it is, and since when all had agreed, or
    through a media server when they themselves did."""

    peer: str
    who: str
    agreed_at: datetime


@dataclass(frozen=True, slots=True)
class Take:
    """What a media server kept of one publication of whoever sits there: files by their track."""

    seat_id: str
    files: Mapping[str, str]


class Shelf(Protocol):
    """Where reels lie, sealed."""

    def unfinished(self) -> tuple[str, ...]:
        """Reels that were cut off before they were finished."""

    async def takes(self, reel_id: str) -> tuple[Take, ...]:
        """What a media server kept of a reel, once it has closed its files."""

    async def convert(self, reel: Reel, published: Sequence[tuple[Participant, Take]]) -> Reel:
        """`finish` from takes, which are no more afterwards; those of nobody are thrown away.

        Raises:
            OSError: it cannot be done now; nothing is lost.
        """

    async def finish(self, reel: Reel) -> Reel:
        """Make files and signed manifest of what was recorded.

        Raises:
            OSError: it cannot be done now; nothing is lost.
        """

    async def parts(self, reel_id: str) -> tuple[PartFacts, ...]:
        """What a finished reel holds; nothing when it is not there (any more)."""

    async def open(self, reel_id: str, number: int) -> Playing:
        """Raises NotFound."""

    async def delete(self, reel_id: str) -> None:
        """Take it off the disk; again is harmless."""


@dataclass(frozen=True, slots=True)
class Running:
    """A talk that is to be recorded now: `who` has the name of each participant by their peer,
    `seats` their seat in a mediation; `silent` are those of whom the room gives the recorder
    nothing now; with an `engine` their media go through a server."""

    room_id: str
    recording: Recording
    who: Mapping[str, str]
    silent: frozenset[str] = frozenset()
    seats: Mapping[str, str] = field(default_factory=dict)
    engine: bool = False

    @property
    def recording_id(self) -> str:
        """The question to which everybody said yes."""
        return self.recording.recording_id or ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a peer offers; `names` tell what its tracks show, by mid."""

    sdp: str
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Ice:
    """How the recorder reaches the pages."""

    servers: tuple[IceServer, ...] = ()
    relay_only: bool = False


Heard = Callable[[str, str, str], None]
"""Told of a reel, a peer and its new state: a word of `media.recording.peer.State`."""


class RecorderDownError(Exception):
    """The recorder is not there, or did not answer in time."""


class RecorderDiskError(RecorderDownError):
    """The recorder cannot write its files, though there is room."""


class RefusedOfferError(ValueError):
    """The offer cannot be answered; what ran goes on."""


class Recorder(Protocol):
    """Records peers of rooms: takes their offers, sends nothing.

    Every call may raise RecorderDownError. When the recorder dies, or hangs and is ended for that,
    `down` is called; it comes back by itself with the next `start`.
    """

    def listen(self, heard: Heard, down: Callable[[], None]) -> None: ...

    async def prepare(self) -> None:
        """Somebody was asked: what takes long to start is started now."""

    async def start(self, reel_id: str, room_id: str) -> None:
        """Raises StorageFull, RecorderDiskError."""

    async def answer(self, reel_id: str, participant: Participant, offer: Offer, ice: Ice) -> str:
        """The SDP that answers a peer's offer.

        Raises:
            RefusedOfferError, StorageFull, RecorderDiskError.
        """

    async def add_candidates(self, reel_id: str, peer: str, candidates: Sequence[str]) -> None:
        """ICE candidates of a peer, as JSON of RTCIceCandidateInit."""

    async def hang_up(self, reel_id: str, peer: str) -> None: ...

    async def stop(self, reel_id: str) -> None:
        """End the reel; what was recorded is on the disk when this returns."""


FAULT_OF: dict[str, RecorderFault] = {
    "silent": RecorderFault.SILENT,
    "lost": RecorderFault.SILENT,
    "disk_full": RecorderFault.DISK_FULL,
    "disk_slow": RecorderFault.DISK_FAILED,
    "disk_failed": RecorderFault.DISK_FAILED,
}
"""What a peer's state means for the alarm; the others are none."""


def fault_of(error: Exception) -> RecorderFault:
    """What an error of the recorder means for the alarm."""
    match error:
        case StorageFull():
            return RecorderFault.DISK_FULL
        case RecorderDiskError():
            return RecorderFault.DISK_FAILED
        case _:
            return RecorderFault.DOWN
