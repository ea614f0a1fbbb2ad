"""What became of a matter, for whoever holds its slip."""

import hmac

from center.domain.consultation import Consultation
from center.domain.errors import NotFound
from center.protocol.rest import Lookup, LookupAsk
from center.services.guesses import Guesses
from center.services.ports import Clock, UnitOfWorkFactory


class Lookups:
    """Opens a matter by its public number and slip code."""

    def __init__(self, uow: UnitOfWorkFactory, clock: Clock) -> None:
        self._uow, self._clock = uow, clock
        self._guesses = Guesses()

    async def lookup(self, ask: LookupAsk) -> Lookup:
        """The state of the matter, and the answer when there is one.

        Raises:
            NotFound: number and code do not belong together; which of them is wrong is not told.
            LockedOut: too many wrong codes for this number of late.
        """
        self._guesses.refuse(ask.number, self._clock.now())
        async with self._uow() as uow:
            consultation = await uow.consultations.by_number(ask.number)
            if consultation is None or not _opens(consultation, ask.slip_code):
                self._guesses.wrong(ask.number, self._clock.now())
                raise NotFound("no such number and code")
            said = await uow.confidences.get(consultation.id)
        return Lookup(
            number=consultation.number,
            state=consultation.state,
            requested_at=consultation.requested_at,
            answer_promised_at=consultation.answer_promised_at,
            answer=said.answer,
        )


def _opens(consultation: Consultation, slip_code: str) -> bool:
    return hmac.compare_digest(consultation.slip_code, slip_code)
