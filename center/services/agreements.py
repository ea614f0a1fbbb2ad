"""The sealed agreement of a mediation: made once when every party has signed, copies for all."""

import hashlib
from dataclasses import dataclass
from hmac import compare_digest
from zoneinfo import ZoneInfo

from center.domain import mediation_events as ev
from center.domain.agreement import Photo
from center.domain.errors import Conflict, Forbidden, NotFound
from center.domain.mediation import Mediation, Seat
from center.domain.mediation_transitions import advance
from center.domain.mediation_words import MediationWords
from center.protocol.mediation import AgreementAsk, AgreementSealed
from center.protocol.words import SeatRole
from center.services.audit import entry
from center.services.base import kiosk_actor, staff_actor
from center.services.guesses import Guesses
from center.services.mediation_ports import (
    AgreementPerson,
    AgreementRequest,
    AgreementSealer,
    SigningPhoto,
)
from center.services.mediation_steps import record
from center.services.office import OfficeWorkFactory
from center.services.ports import BlobStore, Clock, UnitOfWork
from center.services.transactions import Ledger, Transactions

DRY_RUN = "0" * 64
"""Stands for the hash of a document that is not made yet."""


@dataclass(frozen=True, slots=True)
class Office:
    """Where documents lie, who seals them, in which city, by which clock on the wall."""

    blobs: BlobStore
    sealer: AgreementSealer
    city: str
    zone: ZoneInfo


class Agreements:
    """Use cases of the sealed document."""

    def __init__(
        self,
        work: OfficeWorkFactory,
        transactions: Transactions,
        clock: Clock,
        office: Office,
        guesses: Guesses,
    ) -> None:
        self._work, self._transactions, self._clock = work, transactions, clock
        self._office, self._guesses = office, guesses

    async def seal(self, staff_id: str, mediation_id: str) -> AgreementSealed:
        """Conclude: make the document, keep it, say so in the log.

        Raises:
            NotFound, Forbidden: not this mediator's mediation.
            IllegalTransition: not every party has signed.
            Conflict: the agreement changed while its document was being made.
            StorageFull: the disk has no room; nothing is concluded.
        """
        async with self._work() as work:
            seen = await work.mediations.get(mediation_id)
            _require_mediator(seen, staff_id)
            advance(seen, ev.Sealed(DRY_RUN), self._clock.now())
            request = await self._request(work, seen)
        pdf = await self._office.sealer.seal_agreement(request)
        sha256 = hashlib.sha256(pdf).hexdigest()
        await self._office.blobs.put(sha256, pdf)

        async def work_(ledger: Ledger) -> None:
            mediation = await ledger.uow.mediations.get(mediation_id)
            if mediation.agreement != seen.agreement:
                raise Conflict("the agreement changed")
            await record(ledger, mediation, ev.Sealed(sha256), staff_actor(staff_id))

        await self._transactions.run(work_)
        return AgreementSealed(sha256=sha256)

    async def document(self, staff_id: str, mediation_id: str) -> bytes:
        """The document, for whoever of the center has a seat; the reading is audited.

        Raises:
            NotFound: no such mediation, or nothing was concluded.
            Forbidden: the person has no seat in it.
        """
        async with self._work() as work:
            mediation = await work.mediations.get(mediation_id)
            if staff_id not in {seat.staff_id for seat in mediation.seats}:
                raise Forbidden(f"{staff_id} has no seat in {mediation_id}")
            sha256 = _sealed(mediation)
            actor, now = staff_actor(staff_id), self._clock.now()
            await work.audit.add(entry(now, actor, "read.agreement", mediation_id))
            await work.commit()
        return await self._office.blobs.get(sha256)

    async def copy(self, kiosk_id: str, ask: AgreementAsk) -> bytes:
        """A party's copy, by what stands on their slip; the reading is audited.

        Raises:
            NotFound: number and code are no party's, or nothing was concluded.
            LockedOut: too many wrong codes for this number of late.
        """
        self._guesses.refuse(ask.number, self._clock.now())
        async with self._work() as work:
            mediation = await work.mediations.by_number(ask.number)
            if mediation is None or not any(_opens(seat, ask.code) for seat in mediation.seats):
                self._guesses.wrong(ask.number, self._clock.now())
                raise NotFound("no such number and code")
            sha256 = _sealed(mediation)
            actor, now = kiosk_actor(kiosk_id), self._clock.now()
            await work.audit.add(entry(now, actor, "read.agreement", mediation.id))
            await work.commit()
        return await self._office.blobs.get(sha256)

    async def _request(self, uow: UnitOfWork, mediation: Mediation) -> AgreementRequest:
        words = await uow.mediations.words(mediation.id)
        people = {seat.seat_id: await _person(uow, seat, words) for seat in mediation.seats}
        here = [seat for seat in mediation.seats if seat.known]
        agreement = mediation.agreement
        return AgreementRequest(
            number=mediation.number,
            title=words.title,
            city=self._office.city,
            zone=self._office.zone,
            made_at=self._clock.now(),
            mediator=people[mediation.seats[0].seat_id],
            parties=tuple(people[s.seat_id] for s in mediation.seats if s.role is SeatRole.PARTY),
            present=tuple(
                people[s.seat_id] for s in here if s.role not in (SeatRole.PARTY, SeatRole.MEDIATOR)
            ),
            words=words,
            confirmed={(mark.seat_id, mark.clause): mark.at for mark in agreement.marks},
            signed={signature.seat_id: signature.at for signature in agreement.signatures},
            photos={photo.seat_id: await self._photo(photo) for photo in agreement.photos},
        )

    async def _photo(self, photo: Photo) -> SigningPhoto:
        jpeg = None if photo.sha256 is None else await self._office.blobs.get(photo.sha256)
        return SigningPhoto(jpeg, photo.at)


def _require_mediator(mediation: Mediation, staff_id: str) -> None:
    if staff_id not in {seat.staff_id for seat in mediation.seats}:
        raise NotFound(f"{staff_id} has no seat in {mediation.id}")
    if staff_id != mediation.mediator_id:
        raise Forbidden("the mediator concludes")


def _sealed(mediation: Mediation) -> str:
    if mediation.agreement.sealed_sha256 is None:
        raise NotFound(f"nothing was concluded in {mediation.id}")
    return mediation.agreement.sealed_sha256


def _opens(seat: Seat, code: str) -> bool:
    return seat.role is SeatRole.PARTY and compare_digest(seat.code, code)


async def _person(uow: UnitOfWork, seat: Seat, words: MediationWords) -> AgreementPerson:
    name = words.names.get(seat.seat_id, "")
    if seat.staff_id is not None:
        place = (await uow.staff.get(seat.staff_id)).office
    else:
        place = (await uow.kiosks.get(seat.kiosk_id)).hall if seat.kiosk_id else ""
    return AgreementPerson(seat.seat_id, name, seat.role.value, place)
