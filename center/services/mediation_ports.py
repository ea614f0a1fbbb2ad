"""What the use cases of a mediation need from the outside."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from center.domain.mediation import Mediation
from center.domain.mediation_words import MediationWords


class Mediations(Protocol):
    """Rows of mediations, a projection of the log, and their words, encrypted at rest."""

    async def get(self, mediation_id: str) -> Mediation:
        """Raises NotFound."""

    async def by_number(self, number: str) -> Mediation | None:
        """The mediation with this public number."""

    async def live(self) -> tuple[Mediation, ...]:
        """All that are scheduled or open, by the time they are for."""

    async def with_staff(self, staff_id: str, limit: int) -> tuple[Mediation, ...]:
        """Those in which this person has a seat, newest first."""

    async def page(self, after: tuple[datetime, str] | None, limit: int) -> tuple[Mediation, ...]:
        """All of the center, newest convened first, below this time and id."""

    async def count(self) -> int:
        """How many there are."""

    async def save(self, mediation: Mediation, expected_version: int) -> None:
        """Write the row (0: insert). Raises VersionConflict."""

    async def next_number(self, day: date) -> int:
        """The day's next running number of mediations, from 1; taken in this transaction."""

    async def words(self, mediation_id: str) -> MediationWords:
        """Empty ones when nothing was said."""

    async def keep_words(self, words: MediationWords) -> None:
        """Write them whole."""

    async def delete_words(self, scheduled_before: datetime) -> int:
        """Forget the words of mediations of an earlier day, also of those that nobody ended; of how
        many. Sealed documents stay."""


@dataclass(frozen=True, slots=True)
class AgreementPerson:
    """A line of the document's table: who, as what, where, in which language."""

    seat_id: str
    name: str
    role: str
    place: str


@dataclass(frozen=True, slots=True)
class SigningPhoto:
    """A signer's answer to being photographed: the picture as taken, JPEG, None when refused."""

    jpeg: bytes | None
    at: datetime


@dataclass(frozen=True, slots=True)
class AgreementRequest:
    """All that the sealed agreement says. `confirmed` maps (seat, clause from 1) to the time,
    `photos` those who answered; times are written in `zone`."""

    number: str
    title: str
    city: str
    zone: ZoneInfo
    made_at: datetime
    mediator: AgreementPerson
    parties: Sequence[AgreementPerson]
    present: Sequence[AgreementPerson]
    words: MediationWords
    confirmed: dict[tuple[str, int], datetime]
    signed: dict[str, datetime]
    photos: dict[str, SigningPhoto] = field(default_factory=dict)


class AgreementSealer(Protocol):
    """Makes the sealed document of an agreement."""

    async def seal_agreement(self, agreement: AgreementRequest) -> bytes:
        """A signed PDF with clauses, confirmations, signatures and their times."""
