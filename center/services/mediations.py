"""Mediations: convened and led by a mediator, joined from kiosks and from desks.

Who waits, is in, is heard and seen is decided by the domain; here it is settled who may ask for it,
and what else changes with it: the words kept apart, and the presence of staff, who are away for
consultations while they are in a mediation.
"""

from dataclasses import replace
from hmac import compare_digest
from typing import get_args

from center.domain import mediation_events as ev
from center.domain.errors import Conflict, Forbidden, ImageTooLarge, NotAnImage, NotFound
from center.domain.mediation import MEDIATOR_SEAT, PRESENT, Mediation, Seat
from center.domain.recording import RecordingAsked
from center.domain.rooms import kiosk_peer
from center.protocol import mediation_acts as wire
from center.protocol.mediation import MediationCreate, MediationMade
from center.protocol.words import SeatRole, SeatState
from center.services import mediation_events as meant
from center.services.base import CallService, kiosk_actor, staff_actor
from center.services.guesses import Guesses
from center.services.mediation_steps import (
    act_of_seat,
    admit,
    free,
    make_way,
    plain,
    propose,
    record,
)
from center.services.policy import Policy
from center.services.ports import JPEG, BlobStore, Codes
from center.services.rooms import mediation_at
from center.services.transactions import CENTER, Ledger, Transactions

SMALL = ev.Opened()
"""A room that needs no media server."""


class Mediations(CallService):
    """Every use case of a mediation but its sealed agreement."""

    def __init__(
        self,
        transactions: Transactions,
        codes: Codes,
        policy: Policy,
        guesses: Guesses,
        blobs: BlobStore,
        opened: ev.Opened = SMALL,
    ) -> None:
        """`opened` says how large rooms are."""
        super().__init__(transactions, codes, policy)
        self._guesses, self._blobs, self._opened = guesses, blobs, opened

    async def convene(self, staff_id: str, body: MediationCreate) -> MediationMade:
        """A new mediation of this mediator; its parties are invited afterwards."""

        async def work(ledger: Ledger) -> MediationMade:
            day = self._policy.day(ledger.now)
            running = await ledger.uow.mediations.next_number(day)
            event = ev.Convened(
                mediation_id=self._codes.consultation_id(),
                number=f"TJ-{day:%Y%m%d}-{running:04d}",
                mediator_id=staff_id,
                matter=body.matter,
                language=body.language,
                second_language=body.second_language,
                scheduled_at=body.scheduled_at or ledger.now,
            )
            made = await record(ledger, None, event, staff_actor(staff_id))
            name = (await ledger.uow.staff.get(staff_id)).name
            words = await ledger.uow.mediations.words(made.id)
            named = replace(words, title=body.title, names={made.seats[0].seat_id: name})
            await ledger.uow.mediations.keep_words(named)
            return MediationMade(mediation_id=made.id, number=made.number)

        return await self._transactions.run(work)

    async def act(self, staff_id: str, mediation_id: str, act: wire.StaffAct) -> None:
        """What a person of the center does in a mediation.

        Raises:
            NotFound: no such mediation or seat, also when the person has no seat in it.
            Forbidden: the act is the mediator's.
            Conflict: the person is in a talk, or somebody is invited twice.
            IllegalTransition, RoomFull, RoomLocked: see `center.domain.mediation_transitions`.
        """

        async def work(ledger: Ledger) -> None:
            mediation = await ledger.uow.mediations.get(mediation_id)
            seat = _seat_of_staff(mediation, staff_id)
            if isinstance(act, get_args(wire.OfSeat)):
                await act_of_seat(ledger, mediation, seat, act, staff_actor(staff_id))
            elif isinstance(act, wire.Arrive):
                await free(ledger, staff_id)
                arrived = ev.Arrived(seat.seat_id)
                await record(ledger, mediation, arrived, staff_actor(staff_id))
            elif seat.role is SeatRole.MEDIATOR:
                await self._lead(ledger, mediation, act)
            else:
                raise Forbidden(f"{act.do} is the mediator's")

        await self._transactions.run(work)

    async def join(self, kiosk_id: str, number: str, code: str) -> None:
        """Somebody at a kiosk comes to the seat of this code, and waits. Again is harmless.

        Raises:
            NotFound: number and code do not belong together, or the mediation is over.
            LockedOut: too many wrong codes for this number of late.
            Conflict: the kiosk has a consultation going on.
            RoomLocked: nobody new may come.
        """

        async def work(ledger: Ledger) -> None:
            self._guesses.refuse(number, ledger.now)
            mediation = await ledger.uow.mediations.by_number(number)
            seat = _seat_of_code(mediation, code)
            if mediation is None or seat is None:
                self._guesses.wrong(number, ledger.now)
                raise NotFound("no such number and code")
            if await ledger.uow.consultations.open_for_kiosk(kiosk_id):
                raise Conflict(f"{kiosk_id} has a consultation")
            mediation = await make_way(ledger, kiosk_id, mediation, seat)
            arrived = ev.Arrived(seat.seat_id, kiosk_id)
            await record(ledger, mediation, arrived, kiosk_actor(kiosk_id))

        await self._transactions.run(work)

    async def act_at_kiosk(self, kiosk_id: str, mediation_id: str, act: wire.SeatAct) -> None:
        """What whoever is at a kiosk does.

        Raises:
            NotFound: nobody there has a seat in it.
            BlobMissing, NotAnImage, ImageTooLarge: of a photograph.
            IllegalTransition, Conflict: see `center.domain.mediation_transitions`.
        """
        if isinstance(act, wire.Photograph):
            require_photo(await self._blobs.get(act.sha256))

        async def work(ledger: Ledger) -> None:
            mediation = await ledger.uow.mediations.get(mediation_id)
            here = [s for s in mediation.seats if s.kiosk_id == kiosk_id and s.state in PRESENT]
            if not here:
                raise NotFound(f"nobody at {kiosk_id} is in {mediation_id}")
            await act_of_seat(ledger, mediation, here[0], act, kiosk_actor(kiosk_id))

        await self._transactions.run(work)

    async def end_for_revoked(self, kiosk_id: str) -> None:
        """Whoever was at a kiosk that was cut off is gone."""

        async def work(ledger: Ledger) -> None:
            mediation = await mediation_at(ledger.uow, kiosk_peer(kiosk_id))
            for seat in mediation.seats if mediation else ():
                if mediation and seat.kiosk_id == kiosk_id and seat.state in PRESENT:
                    await record(ledger, mediation, ev.Parted(seat.seat_id), CENTER)

        await self._transactions.run(work)

    async def carried(self, mediation_id: str, server: str | None) -> None:
        """A media server carries the room from now on; None: the one that did is lost.

        Raises:
            NotFound: no such mediation.
            IllegalTransition: it is over, or small enough for a mesh.
        """

        async def work(ledger: Ledger) -> None:
            mediation = await ledger.uow.mediations.get(mediation_id)
            event = ev.CarrierLost() if server is None else ev.Carried(server)
            await record(ledger, mediation, event, CENTER)

        await self._transactions.run(work)

    async def _lead(self, ledger: Ledger, mediation: Mediation, act: wire.StaffAct) -> None:
        actor = staff_actor(mediation.mediator_id)
        match act:
            case wire.Invite():
                await self._invite(ledger, mediation, act)
            case wire.SaveDraft(clauses=clauses):
                words = await ledger.uow.mediations.words(mediation.id)
                await ledger.uow.mediations.keep_words(replace(words, draft=plain(clauses)))
            case wire.Propose(clauses=clauses):
                await propose(ledger, mediation, plain(clauses))
            case wire.Open():
                await free(ledger, mediation.mediator_id)
                await record(ledger, mediation, self._opened, actor)
            case wire.AskRecording():
                self._policy.require_records()
                asked = RecordingAsked(self._codes.consultation_id(), MEDIATOR_SEAT)
                await record(ledger, mediation, asked, actor)
            case wire.Admit(seat_id=seat_id):
                await admit(ledger, mediation, seat_id, actor)
            case _ if isinstance(act, get_args(meant.OfMediator)):
                await record(ledger, mediation, meant.of_mediator(act), actor)

    async def _invite(self, ledger: Ledger, mediation: Mediation, act: wire.Invite) -> None:
        if len(mediation.seats) >= wire.MAX_SEATS:
            raise Conflict(f"{wire.MAX_SEATS} seats are given out")
        if act.staff_id is not None and not (await ledger.uow.staff.get(act.staff_id)).answers:
            raise Forbidden(f"{act.staff_id} does not talk with residents")
        seat_id = f"s{self._codes.consultation_id()[:8]}"
        code = "" if act.staff_id else self._fresh_code(mediation)
        invited = ev.Invited(
            seat_id, act.role, act.language, act.staff_id, code, protection=act.protection
        )
        await record(ledger, mediation, invited, staff_actor(mediation.mediator_id))
        words = await ledger.uow.mediations.words(mediation.id)
        named = replace(words, names={**words.names, seat_id: act.name})
        await ledger.uow.mediations.keep_words(named)

    def _fresh_code(self, mediation: Mediation) -> str:
        taken = {seat.code for seat in mediation.seats}
        while (code := self._codes.slip_code()) in taken:
            pass
        return code


def _seat_of_staff(mediation: Mediation, staff_id: str) -> Seat:
    for seat in mediation.seats:
        if seat.staff_id == staff_id:
            return seat
    raise NotFound(f"{staff_id} has no seat in {mediation.id}")


def _seat_of_code(mediation: Mediation | None, code: str) -> Seat | None:
    """Every code is compared, so that the time tells nothing. An ended mediation has no seats."""
    seats = mediation.seats if mediation and mediation.ended_at is None else ()
    found = [seat for seat in seats if compare_digest(seat.code, code)]
    return found[0] if found else None


def require_photo(data: bytes) -> None:
    """Raises NotAnImage when it is no JPEG, ImageTooLarge above PHOTO_LIMIT."""
    if not data.startswith(JPEG):
        raise NotAnImage("a signer's picture is a JPEG")
    if len(data) > wire.PHOTO_LIMIT:
        raise ImageTooLarge(f"a signer's picture of {len(data)} bytes")


def taking_part(mediation: Mediation, staff_id: str) -> bool:
    """Whether this person is in the room."""
    return any(
        seat.staff_id == staff_id and seat.state is SeatState.ADMITTED for seat in mediation.seats
    )
