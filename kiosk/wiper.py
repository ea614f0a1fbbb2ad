"""Ends a visit everywhere and believes it only when every part has looked and found nothing."""

import asyncio
import logging
from collections.abc import Callable

from center.protocol.frames import Request
from center.protocol.kiosk_wire import ConsultationRequest, MessageLeave
from center.protocol.mediation import MediationJoin
from kiosk.link import Link
from kiosk.memory import give_back
from kiosk.messages import PageWiped, Wipe
from kiosk.page import PageDoor
from kiosk.spool import Spool

log = logging.getLogger(__name__)


class Wiper:
    """Three parts answer for each visit: the spool, the page, and the requests that wait."""

    def __init__(
        self, spool: Spool, door: PageDoor, link: Link, verified: Callable[[str], None]
    ) -> None:
        self._spool, self._door, self._link = spool, door, link
        self._verified = verified
        self._left: dict[str, set[str]] = {}

    async def begin(self, visit_id: str) -> None:
        """Forget this visit; asking again is fine."""
        self._left[visit_id] = {"spool", "page", "link"}
        self._door.send(Wipe())
        self._link.amend(_without_name)
        for request in self._link.waiting():
            if isinstance(request, MediationJoin):  # a seat that nobody waits for any more
                self._link.forget(request)
        await self.look(visit_id)

    async def look(self, visit_id: str) -> None:
        """Look at our own parts again, after something of the visit was delivered."""
        if visit_id not in self._left:
            return
        found = await asyncio.to_thread(self._spool.wipe, visit_id)
        if found:
            log.info("visit %s: %d files wait for the center", visit_id, len(found))
        else:
            self._clean(visit_id, "spool")
        if not any(_is_personal(request) for request in self._link.waiting()):
            self._clean(visit_id, "link")

    async def look_again(self) -> None:
        """Look at all visits whose wipe is not verified."""
        for visit_id in tuple(self._left):
            await self.look(visit_id)

    def page_arrived(self) -> None:
        """A page that was loaded anew may still hold what its storage held; once it has answered,
        it is left alone, since the next resident may be in a call by then."""
        if any("page" in parts for parts in self._left.values()):
            self._door.send(Wipe())

    def page_answered(self, answer: PageWiped) -> None:
        """The page looked at itself; while it finds something, it is asked again."""
        if answer.leftovers:
            log.error("the page still holds: %s", ", ".join(answer.leftovers))
            asyncio.get_running_loop().call_later(1.0, self.page_arrived)
            return
        for visit_id in tuple(self._left):
            self._clean(visit_id, "page")

    def _clean(self, visit_id: str, part: str) -> None:
        parts = self._left.get(visit_id)
        if parts is None:
            return
        parts.discard(part)
        if not parts:
            del self._left[visit_id]
            give_back()
            log.info("visit %s: wipe verified, nothing is left", visit_id)
            self._verified(visit_id)


def _without_name(request: Request) -> Request:
    """A request for a lawyer that nobody waits for any more; the center keeps the name it got."""
    if isinstance(request, ConsultationRequest):
        return request.model_copy(update={"called_as": None})
    return request


def _is_personal(request: Request) -> bool:
    """A message keeps its words: it was given to the center, which does not have it yet."""
    return isinstance(request, MessageLeave) or _without_name(request) != request
