"""What the back office keeps beside the calls, and the ports through which it reads and writes.

Everything here is a plain fact: accounts, sessions, terminals, codes, audit entries. `OfficeWork`
is the same transaction as `ports.UnitOfWork`, seen from the office's side.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from center.domain.consultation import Consultation
from center.domain.quality import Tally
from center.domain.records import Kiosk, Page, Staff
from center.protocol.views import KioskHealth
from center.protocol.words import ConsultationState, Language, Matter, Outcome, Role
from center.services.ports import StoredEvent, UnitOfWork
from center.services.quality_ports import QualityBook
from center.services.recording_ports import Reels


@dataclass(frozen=True, slots=True)
class Account:
    """A staff member's account. `password_hash` is argon2id in PHC form."""

    staff: Staff
    username: str
    password_hash: str
    created_at: datetime
    disabled: bool = False
    last_login_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser's session; only the SHA-256 of its token is kept."""

    token_hash: str
    staff_id: str
    role: Role
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Failures:
    """Wrong passwords in a row for one name, and when the newest was."""

    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Terminal:
    """A kiosk with its key and what it last said of itself.

    `version` counts the events of the stream `kiosk:<id>`; `public_key` is base64url Ed25519;
    `clock_skew_s` is the kiosk's clock minus the center's, seconds.
    """

    kiosk: Kiosk
    version: int = 0
    public_key: str | None = None
    online: bool = False
    last_seen_at: datetime | None = None
    clock_skew_s: float | None = None
    health: KioskHealth | None = None

    @property
    def kiosk_id(self) -> str:
        return self.kiosk.kiosk_id


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A one-time code, of which only the SHA-256 is kept."""

    code_hash: str
    kiosk_id: str
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who looked at or changed what. `number` rises; 0 until stored."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class SealedDocument:
    """The newest sealed PDF of a consultation: a blob, good while the pages have this digest."""

    consultation_id: str
    pages_digest: str
    sha256: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class SealPage:
    """A page with the bytes of its two pictures, and what was read on it, as JSON."""

    page: Page
    original: bytes
    clean: bytes
    text: str | None = None


@dataclass(frozen=True, slots=True)
class SealRequest:
    """What goes into a sealed PDF."""

    number: str
    kiosk: Kiosk
    city: str
    made_at: datetime
    pages: tuple[SealPage, ...]


@dataclass(frozen=True, slots=True)
class UsageQuery:
    """Which consultations; `since` is included, `until` is not."""

    since: datetime | None = None
    until: datetime | None = None
    kiosk_id: str | None = None
    state: ConsultationState | None = None
    matter: Matter | None = None
    language: Language | None = None
    staff_id: str | None = None
    outcome: Outcome | None = None
    number: str | None = None
    connected: bool | None = None
    max_rating: int | None = None


@dataclass(frozen=True, slots=True)
class UsageKey:
    """Where a page of the usage log ended."""

    requested_at: datetime
    consultation_id: str


UNMEASURED = Tally()


@dataclass(frozen=True, slots=True)
class UsageFact:
    """A consultation, when its wait ended if nobody accepted it, and how its line was."""

    consultation: Consultation
    gave_up_at: datetime | None
    quality: Tally = UNMEASURED


class Accounts(Protocol):
    """Staff accounts."""

    async def get(self, staff_id: str) -> Account | None: ...
    async def by_username(self, username: str) -> Account | None: ...
    async def all(self) -> tuple[Account, ...]: ...
    async def save(self, account: Account) -> None: ...


class Sessions(Protocol):
    """Signed-in browsers."""

    async def get(self, token_hash: str) -> SignedIn | None: ...
    async def add(self, session: SignedIn) -> None: ...
    async def delete(self, token_hash: str) -> None: ...
    async def delete_of(self, staff_id: str) -> None: ...
    async def delete_expired(self, now: datetime) -> None: ...


class LoginAttempts(Protocol):
    """Wrong passwords, counted by name whether or not an account has it; `note` tells the count."""

    async def get(self, username: str) -> Failures | None: ...
    async def note(self, username: str, now: datetime) -> int: ...
    async def clear(self, username: str) -> None: ...
    async def delete_before(self, moment: datetime) -> None: ...


class Terminals(Protocol):
    """Kiosks with what only the office knows of them.

    `save` belongs to a change that appended an event, whose version guards it. `note` keeps what a
    heartbeat says, only while the kiosk is still at the version that was read; otherwise it raises
    VersionConflict.
    """

    async def get(self, kiosk_id: str) -> Terminal | None: ...
    async def all(self) -> tuple[Terminal, ...]: ...
    async def save(self, terminal: Terminal) -> None: ...
    async def note(self, terminal: Terminal) -> None: ...


class Enrolments(Protocol):
    """One-time codes. `use` is true for exactly one caller; `void` ends a kiosk's open codes."""

    async def get(self, code_hash: str) -> Enrolment | None: ...
    async def add(self, enrolment: Enrolment) -> None: ...
    async def use(self, code_hash: str, now: datetime) -> bool: ...
    async def void(self, kiosk_id: str) -> None: ...


class AuditLog(Protocol):
    """Who looked at or changed what; `page` is newest first, below `before`."""

    async def add(self, entry: AuditEntry) -> None: ...
    async def page(self, before: int | None, limit: int) -> Sequence[AuditEntry]: ...


class Documents(Protocol):
    """Which blob is a consultation's newest sealed PDF."""

    async def get(self, consultation_id: str) -> SealedDocument | None: ...
    async def save(self, document: SealedDocument) -> None: ...


class Texts(Protocol):
    """What was read on pages, encrypted at rest."""

    async def first_unread(self) -> Page | None:
        """The oldest flattened page nobody has read."""

    async def keep(self, page: Page, text: str) -> None:
        """It was read; an empty text when nothing could be."""

    async def of(self, consultation_id: str) -> dict[str, str]:
        """Texts that are not empty, by the SHA-256 of their page."""


class UsageLog(Protocol):
    """Consultations, newest request first."""

    async def page(
        self, query: UsageQuery, after: UsageKey | None, limit: int
    ) -> tuple[UsageFact, ...]: ...
    async def count(self, query: UsageQuery) -> int: ...
    async def first_at(self) -> datetime | None: ...


class Retention(Protocol):
    """Deletes what has lain long enough."""

    async def delete_pages(self, received_before: datetime) -> tuple[str, ...]:
        """Delete page records and their documents; returns blobs that nothing names any more."""

    async def delete_confidences(self, requested_before: datetime) -> int:
        """Delete personal words; returns of how many consultations."""

    async def unnamed(self, blobs: Sequence[str]) -> tuple[str, ...]:
        """Those of these blobs that neither a page nor a document names."""

    async def named_people(
        self, requested_before: datetime, limit: int
    ) -> tuple[Consultation, ...]:
        """Consultations that are over and still say who took part, oldest first."""

    async def forget_people(
        self, consultation: Consultation, events: Sequence[StoredEvent]
    ) -> bool:
        """Write the anonymous consultation and its anonymous events; False (and nothing changed)
        when it is no longer at its version."""


class Sealer(Protocol):
    """Makes the sealed PDF of a document."""

    async def seal(self, document: SealRequest) -> bytes:
        """PDF with a signed manifest of the originals' hashes."""

    async def certificate(self) -> str:
        """The center's certificate, PEM."""


class OfficeWork(UnitOfWork, Protocol):
    """One transaction with everything the office touches."""

    @property
    def accounts(self) -> Accounts: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def login_attempts(self) -> LoginAttempts: ...
    @property
    def terminals(self) -> Terminals: ...
    @property
    def enrolments(self) -> Enrolments: ...
    @property
    def audit(self) -> AuditLog: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def texts(self) -> Texts: ...
    @property
    def usage(self) -> UsageLog: ...
    @property
    def retention(self) -> Retention: ...
    @property
    def quality(self) -> QualityBook: ...
    @property
    def reels(self) -> Reels: ...


OfficeWorkFactory = Callable[[], OfficeWork]
