"""The agreement of a mediation: proposed, confirmed clause by clause, signed, sealed.

    proposed ──every party confirms every clause, then signs──► signed ──Sealed──► sealed
       ▲            │ a party objects to a clause: it waits for the mediator
       └─ Withdrawn ┴─ Proposed again: a new edition, of which nothing is confirmed or signed yet

A confirmation and a signature name the edition they mean, so that one that was under way while the
words changed is refused. A signature is made of strokes; those of one signer are never anybody
else's, nor those of an edition before, and their digests prove it. Who has signed is asked once
whether they are photographed; the same holds for pictures, and a refusal is kept as one. Sealing
does not wait for that answer. No words are kept here.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from center.domain import mediation_events as ev
from center.domain.errors import Conflict, IllegalTransition


@dataclass(frozen=True, slots=True)
class Mark:
    """A party's word on one clause (from 1), and when it was given."""

    seat_id: str
    clause: int
    agreed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Signature:
    """A party's signature; `digest` is the SHA-256 of its strokes."""

    seat_id: str
    digest: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Photo:
    """A signer's answer: the hash of their picture, None when they would not be photographed."""

    seat_id: str
    sha256: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Agreement:
    """One edition; `clauses` is 0 while nothing is proposed. `used` are the digests of all
    signatures ever given in this mediation, and of all pictures."""

    edition: int = 0
    clauses: int = 0
    digest: str = ""
    marks: tuple[Mark, ...] = ()
    signatures: tuple[Signature, ...] = ()
    photos: tuple[Photo, ...] = ()
    used: frozenset[str] = frozenset()
    sealed_sha256: str | None = None
    sealed_at: datetime | None = None

    @property
    def proposed(self) -> bool:
        """Whether parties may confirm and sign."""
        return self.clauses > 0 and self.sealed_sha256 is None

    def mark(self, seat_id: str, clause: int) -> Mark | None:
        """What the party said of the clause last."""
        return next((m for m in self.marks if (m.seat_id, m.clause) == (seat_id, clause)), None)

    def confirmed_by(self, seat_id: str) -> bool:
        """Whether the party agreed to every clause."""
        agreed = {m.clause for m in self.marks if m.seat_id == seat_id and m.agreed}
        return self.clauses > 0 and len(agreed) == self.clauses

    def signed_by(self, seat_id: str) -> bool:
        """Whether the party signed this edition."""
        return any(signature.seat_id == seat_id for signature in self.signatures)


NOTHING_AGREED = Agreement()


def propose(before: Agreement, event: ev.Proposed) -> Agreement:
    """A new edition. Raises IllegalTransition when it is empty, sealed, or not the next one."""
    _refuse(before.sealed_sha256 is not None, "the agreement is sealed")
    _refuse(event.clauses < 1, "an agreement has clauses")
    _refuse(event.edition != before.edition + 1, f"edition {event.edition} after {before.edition}")
    return Agreement(event.edition, event.clauses, event.digest, used=before.used)


def withdraw(before: Agreement) -> Agreement:
    """Nothing is proposed any more. Raises IllegalTransition when nothing was."""
    _refuse(not before.proposed, "nothing is proposed")
    return Agreement(before.edition, used=before.used)


def mark(before: Agreement, event: ev.Confirmed | ev.Objected, now: datetime) -> Agreement:
    """The party's word on a clause, in place of an earlier one. Raises IllegalTransition."""
    _refuse_stale(before, event.edition)
    _refuse(not 1 <= event.clause <= before.clauses, f"no clause {event.clause}")
    _refuse(before.signed_by(event.seat_id), "signed already")
    said = Mark(event.seat_id, event.clause, isinstance(event, ev.Confirmed), now)
    known = before.mark(event.seat_id, event.clause)
    if known is not None and known.agreed is said.agreed:
        return before
    kept = tuple(m for m in before.marks if m is not known)
    return replace(before, marks=(*kept, said))


def sign(before: Agreement, event: ev.Signed, now: datetime) -> Agreement:
    """The party's signature.

    Raises:
        IllegalTransition: another edition, signed already, or not every clause was confirmed.
        Conflict: these strokes have been a signature before, somebody's or of other words.
    """
    _refuse_stale(before, event.edition)
    _refuse(before.signed_by(event.seat_id), "signed already")
    _refuse(not before.confirmed_by(event.seat_id), "not every clause is confirmed")
    if event.digest in before.used:
        raise Conflict("these strokes were a signature before")
    signature = Signature(event.seat_id, event.digest, now)
    return replace(
        before, signatures=(*before.signatures, signature), used=before.used | {event.digest}
    )


def photograph(before: Agreement, event: ev.PhotoEvent, now: datetime) -> Agreement:
    """A signer's answer to being photographed.

    Raises:
        IllegalTransition: another edition, not signed, or answered already.
        Conflict: this picture was taken before, of somebody or for other words.
    """
    _refuse_stale(before, event.edition)
    _refuse(not before.signed_by(event.seat_id), "who is photographed has signed")
    _refuse(any(p.seat_id == event.seat_id for p in before.photos), "answered already")
    sha256 = event.sha256 if isinstance(event, ev.Photographed) else None
    if sha256 in before.used:
        raise Conflict("this picture was taken before")
    photos = (*before.photos, Photo(event.seat_id, sha256, now))
    return replace(before, photos=photos, used=before.used | ({sha256} if sha256 else set()))


def seal(before: Agreement, event: ev.Sealed, parties: frozenset[str], now: datetime) -> Agreement:
    """Concluded. Raises IllegalTransition while a party has not signed."""
    _refuse(not before.proposed, "nothing is proposed")
    signed = {signature.seat_id for signature in before.signatures}
    _refuse(not parties or signed != parties, "not every party has signed")
    return replace(before, sealed_sha256=event.sha256, sealed_at=now)


def _refuse_stale(agreement: Agreement, edition: int) -> None:
    _refuse(not agreement.proposed, "nothing is proposed")
    _refuse(edition != agreement.edition, f"edition {edition}, not {agreement.edition}")


def _refuse(wrong: bool, why: str) -> None:
    if wrong:
        raise IllegalTransition(why)
