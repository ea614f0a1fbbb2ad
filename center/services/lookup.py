"""What became of a matter, for whoever holds its slip."""

import hmac
from collections import deque
from datetime import datetime, timedelta

from center.domain.consultation import Consultation
from center.domain.errors import LockedOut, NotFound
from center.protocol.rest import Lookup, LookupAsk
from center.services.ports import Clock, UnitOfWorkFactory

TRIES = 5
"""Wrong slip codes for one number until it rests: six digits must not be guessed."""

REST = timedelta(minutes=10)


class Lookups:
    """Opens a matter by its public number and slip code."""

    def __init__(self, uow: UnitOfWorkFactory, clock: Clock) -> None:
        self._uow, self._clock = uow, clock
        self._wrong: dict[str, deque[datetime]] = {}

    async def lookup(self, ask: LookupAsk) -> Lookup:
        """The state of the matter, and the answer when there is one.

        Raises:
            NotFound: number and code do not belong together; which of them is wrong is not told.
            LockedOut: too many wrong codes for this number of late.
        """
        self._refuse_guessing(ask.number)
        async with self._uow() as uow:
            consultation = await uow.consultations.by_number(ask.number)
            if consultation is None or not _opens(consultation, ask.slip_code):
                self._wrong.setdefault(ask.number, deque()).append(self._clock.now())
                raise NotFound("no such number and code")
            said = await uow.confidences.get(consultation.id)
        return Lookup(
            number=consultation.number,
            state=consultation.state,
            requested_at=consultation.requested_at,
            answer_promised_at=consultation.answer_promised_at,
            answer=said.answer,
        )

    def _refuse_guessing(self, number: str) -> None:
        since = self._clock.now() - REST
        for tried, moments in list(self._wrong.items()):
            while moments and moments[0] <= since:
                moments.popleft()
            if not moments:
                del self._wrong[tried]
        if len(self._wrong.get(number, ())) >= TRIES:
            raise LockedOut(f"{number}: too many wrong codes")


def _opens(consultation: Consultation, slip_code: str) -> bool:
    return hmac.compare_digest(consultation.slip_code, slip_code)
