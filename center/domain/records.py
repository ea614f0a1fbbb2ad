"""Plain facts that decisions and views read: kiosks, staff, pages, and what was said in
confidence."""

from dataclasses import dataclass
from datetime import datetime

from center.protocol.words import KioskStatus, Language, Matter, PageStage, Role


@dataclass(frozen=True, slots=True)
class Kiosk:
    """One terminal and the hall it stands in."""

    kiosk_id: str
    township: str
    hall: str
    hall_phone: str
    languages: tuple[Language, ...]
    status: KioskStatus = KioskStatus.ENROLLED


@dataclass(frozen=True, slots=True)
class Staff:
    """A person of the center, as far as calls are concerned."""

    staff_id: str
    name: str
    office: str
    role: Role
    languages: tuple[Language, ...] = (Language.ZH,)
    townships: tuple[str, ...] = ()
    skills: tuple[Matter, ...] = ()

    @property
    def answers(self) -> bool:
        """Whether this person's role is to talk with residents."""
        return self.role in (Role.LAWYER, Role.MEDIATOR)


@dataclass(frozen=True, slots=True)
class Page:
    """One scanned page. Positions count from 1; hashes are lower-case hex SHA-256; sizes pixels.

    `quad` holds the page's corners in the original, clockwise from its top left, or is None.
    `preview_sha256` is the small picture's, None where the center makes it; `stage` says which of
    the pictures are here.
    """

    consultation_id: str
    position: int
    sha256: str
    clean_sha256: str
    captured_at: datetime
    received_at: datetime
    width: int
    height: int
    sharpness: float
    quad: tuple[tuple[float, float], ...] | None = None
    verdict: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    preview_sha256: str | None = None
    stage: PageStage = PageStage.WHOLE


@dataclass(frozen=True, slots=True)
class Confidence:
    """The personal words of one consultation; stored encrypted, never part of the event log."""

    consultation_id: str
    called_as: str | None = None
    phone: str | None = None
    message: str = ""
    notes: str = ""
    advice: str = ""
    notes_saved_at: datetime | None = None
    answer: str | None = None
