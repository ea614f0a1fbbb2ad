"""What the use cases need from the outside: storage, time, timers, the bus, chance and the seal.

`center.store` and `center.realtime` implement these; the tests bring fakes that behave the same.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import TracebackType
from typing import Protocol, Self

from center.domain.consultation import Consultation
from center.domain.duty import Duty
from center.domain.papers import Mark, Sheet
from center.domain.queue import Wait
from center.domain.records import Confidence, Kiosk, Page, Staff
from center.services.mediation_ports import Mediations


@dataclass(frozen=True, slots=True)
class Change:
    """Something is committed: whoever shows it reads the views again. `kind` is the event's type.

    `hall` says that the home screens and the queue look different. Published on the bus after the
    commit. A few kinds change no consultation: `capture_asked`, `notes_saved`, `marks_changed`;
    their `seq` is the log's newest.
    """

    seq: int
    stream: str
    kind: str
    kiosk_id: str | None = None
    staff_ids: frozenset[str] = frozenset()
    hall: bool = False


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be appended; `data` is JSON without personal words. The last three fields are not
    stored: they travel in the `Change` that the commit returns."""

    type: str
    at: datetime
    actor: str
    data: dict[str, object]
    kiosk_id: str | None = None
    staff_ids: frozenset[str] = frozenset()
    hall: bool = False


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One entry of the log. `seq` has no gaps and rises in commit order; `version` counts in
    `stream`."""

    seq: int
    stream: str
    version: int
    type: str
    at: datetime
    actor: str
    data: dict[str, object] = field(default_factory=dict)


class Events(Protocol):
    """The log. Streams are named `consultation:<id>`, `duty:<staff_id>`, `kiosk:<id>`."""

    async def append(self, stream: str, expected_version: int, events: Sequence[NewEvent]) -> None:
        """Append at versions `expected_version + 1` and on.

        Raises:
            VersionConflict: the stream is longer than that (here or at the commit).
        """

    async def since(self, seq: int, limit: int = 1000) -> tuple[StoredEvent, ...]:
        """Entries after `seq`, in order."""

    async def of(self, stream: str) -> tuple[StoredEvent, ...]:
        """All entries of one stream, in order."""

    async def last_seq(self, stream: str | None = None) -> int:
        """Newest number of the stream, or of the whole log; 0 when there is none."""


class Consultations(Protocol):
    """The rows that screens read; a projection of the log, written in the same transaction."""

    async def get(self, consultation_id: str) -> Consultation:
        """Raises NotFound."""

    async def by_client_ref(self, kiosk_id: str, client_ref: str) -> Consultation | None:
        """The consultation that this request made earlier. (kiosk_id, client_ref) is unique."""

    async def by_number(self, number: str) -> Consultation | None:
        """The consultation with this public number."""

    async def open_for_kiosk(self, kiosk_id: str) -> Consultation | None:
        """The kiosk's newest one in waiting, offered, connecting, active or interrupted."""

    async def newest_of_kiosk(self, kiosk_id: str) -> Consultation | None:
        """The kiosk's newest one by `requested_at`, whatever its state."""

    async def with_staff(self, staff_id: str) -> Consultation | None:
        """The one in offered, connecting, active, interrupted or wrap_up with this `staff_id`."""

    async def open_all(self) -> tuple[Consultation, ...]:
        """All in waiting, offered, connecting, active, interrupted or wrap_up, oldest request
        first."""

    async def queued(self) -> tuple[Consultation, ...]:
        """All in waiting or offered, oldest request first."""

    async def messages(self) -> tuple[Consultation, ...]:
        """All in state message, oldest promise first."""

    async def save(self, consultation: Consultation, expected_version: int) -> None:
        """Write the row (0: insert).

        Raises:
            VersionConflict: the stored version is another, or the client_ref or number is taken.
        """

    async def recent_waits(self, limit: int) -> tuple[Wait, ...]:
        """Waits of accepted consultations, newest acceptance first:
        `Wait(accepted_at - requested_at, place_on_arrival)`."""

    async def next_number(self, day: date) -> int:
        """The day's next running number, from 1; taken in this transaction."""


class Duties(Protocol):
    """Presence rows."""

    async def get(self, staff_id: str) -> Duty | None:
        """None when the person was never on duty."""

    async def all_on(self) -> tuple[Duty, ...]:
        """Everybody whose state is neither off nor away."""

    async def save(self, duty: Duty, expected_version: int) -> None:
        """Write the row (0: insert). Raises VersionConflict."""


class Confidences(Protocol):
    """Personal words, encrypted at rest."""

    async def get(self, consultation_id: str) -> Confidence:
        """An empty `Confidence` when nothing was said."""

    async def save(self, confidence: Confidence) -> None:
        """Write the whole row."""


class Pages(Protocol):
    """Records of scanned pages; the pictures lie in the blob store."""

    async def add(self, page: Page) -> bool:
        """Keep the page; False (and nothing changed) when this consultation has this sha256
        already."""

    async def of(self, consultation_id: str) -> tuple[Page, ...]:
        """Pages in order of position."""

    async def grow(self, page: Page) -> None:
        """Write the stage of a page that is kept."""


class Papers(Protocol):
    """What was put on residents' screens and drawn on pages, encrypted at rest."""

    async def add_sheet(self, sheet: Sheet) -> None:
        """Keep a sheet under its new id."""

    async def sheet(self, consultation_id: str, sheet_id: str) -> Sheet | None:
        """None when it was deleted."""

    async def save_mark(self, mark: Mark) -> None:
        """Write a mark, or write over the one with its id in the same consultation."""

    async def marks(self, consultation_id: str) -> tuple[Mark, ...]:
        """All marks, oldest first, those taken back included."""


class Kiosks(Protocol):
    """The fleet, read only."""

    async def get(self, kiosk_id: str) -> Kiosk:
        """Raises NotFound."""

    async def all(self) -> tuple[Kiosk, ...]:
        """All kiosks, by id."""


class StaffMembers(Protocol):
    """The people, read only."""

    async def get(self, staff_id: str) -> Staff:
        """Whoever has or had an account: old talks still name them. Raises NotFound."""

    async def all(self) -> tuple[Staff, ...]:
        """Those whose accounts are not disabled, by id."""


class UnitOfWork(Protocol):
    """One transaction. Leaving the block without `commit` undoes everything."""

    @property
    def events(self) -> Events: ...
    @property
    def consultations(self) -> Consultations: ...
    @property
    def duties(self) -> Duties: ...
    @property
    def confidences(self) -> Confidences: ...
    @property
    def pages(self) -> Pages: ...
    @property
    def papers(self) -> Papers: ...
    @property
    def mediations(self) -> Mediations: ...
    @property
    def kiosks(self) -> Kiosks: ...
    @property
    def staff(self) -> StaffMembers: ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    async def commit(self) -> tuple[Change, ...]:
        """Make everything visible at once; one `Change` for each event, in order of seq.

        Raises:
            VersionConflict: somebody else was first; nothing of this transaction is visible.
        """


UnitOfWorkFactory = Callable[[], UnitOfWork]


class Clock(Protocol):
    """The time; the only source of it for decisions."""

    def now(self) -> datetime:
        """Aware UTC."""


class Bus(Protocol):
    """Carries changes to whoever shows them, in this and other processes of the center."""

    async def publish(self, change: Change) -> None:
        """Hand the change on; never raises for a slow reader."""

    def subscribe(self) -> AsyncIterator[Change]:
        """Changes from now on."""


class Timers(Protocol):
    """One alarm a consultation; it comes back as `Calls.timer_fired(consultation_id, at)`."""

    def arm(self, consultation_id: str, at: datetime | None) -> None:
        """Set the alarm, replacing the one before; None takes it away. A time past fires at
        once."""


class Codes(Protocol):
    """Values nobody can guess."""

    def consultation_id(self) -> str:
        """A new id, URL-safe."""

    def slip_code(self) -> str:
        """Six digits."""


JPEG = b"\xff\xd8"
"""How every JPEG begins."""


class BlobStore(Protocol):
    """Content-addressed bytes; sha256 is lower-case hex of what `get` returns."""

    async def put(self, sha256: str, data: bytes) -> None:
        """Keep the bytes; again is harmless. Raises StorageFull."""

    async def get(self, sha256: str) -> bytes:
        """Raises BlobMissing."""

    async def has(self, sha256: str) -> bool:
        """Whether `get` would succeed."""

    async def delete(self, sha256: str, before: datetime | None = None) -> bool:
        """Forget the bytes, with `before` only if they were not put (again) since; whether there
        was anything to forget."""

    async def put_before(self, moment: datetime) -> tuple[str, ...]:
        """What was put (again) before this moment."""
