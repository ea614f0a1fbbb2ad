"""The one owner of the journey: an event in, decide, save, carry out, show.

Everybody else only puts events into its queue. The journey is saved before any effect of it is
visible, together with what it owes the center, so an agent that is killed comes back in the same
visit and does again what it may not have done.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from center.protocol.frames import Request
from kiosk import journal
from kiosk.clock import KioskClock
from kiosk.errands import Errands
from kiosk.journal import Journal
from kiosk.journey import Journey, NotNowError, Rules, Visit, advance, due, events
from kiosk.outbox import Outbox
from kiosk.spool import DiskFullError, Spool
from kiosk.words import NoticeCode, Screen

log = logging.getLogger(__name__)

NOTICES = 5


def _nothing(*_: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class _Answered:
    request: Request


@dataclass(slots=True)
class OwnerListeners:
    """`moved` gets the journey before and after; `refused` a touch that was out of place."""

    moved: Callable[[Journey, Journey], None] = _nothing
    refused: Callable[[NotNowError], None] = _nothing


class Owner:
    """`run()` lives as long as the agent."""

    def __init__(self, spool: Spool, clock: KioskClock, rules: Rules) -> None:
        self._spool, self._clock, self.rules = spool, clock, rules
        self._events: asyncio.Queue[events.Event | _Answered] = asyncio.Queue()
        self.notices: tuple[tuple[NoticeCode, datetime], ...] = ()
        self.listeners = OwnerListeners()
        self._journal = journal.load(spool, clock.now(), rules)

    @property
    def journey(self) -> Journey:
        """The journey as it is now."""
        return self._journal.journey

    def happen(self, event: events.Event) -> None:
        """Queue an event; on the event loop."""
        self._events.put_nowait(event)

    def answered(self, request: Request) -> None:
        """The center has done this, or never will; on the event loop."""
        self._events.put_nowait(_Answered(request))

    def tell(self, code: NoticeCode) -> None:
        """Show a notice until the next touch or screen."""
        others = tuple(notice for notice in self.notices if notice[0] is not code)
        self.notices = (*others, (code, self._clock.now()))[-NOTICES:]
        self.listeners.moved(self.journey, self.journey)

    async def run(self, errands: Errands) -> None:
        """Take events, one at a time, until cancelled."""
        for owed in self._journal.outbox.owed:
            errands.ask(owed.request)
        await self._take(events.Restored(), errands)
        while True:
            await self._give_up_old(errands)
            match await self._next():
                case _Answered(request):
                    await self._keep(replace(self._journal, outbox=self._outbox.without(request)))
                case event:
                    await self._take(event, errands)

    @property
    def _outbox(self) -> Outbox:
        return self._journal.outbox

    async def _next(self) -> events.Event | _Answered:
        moments = (due(self.journey, self.rules), self._outbox.ends)
        patience = min(
            (max(0.0, (m - self._clock.now()).total_seconds()) for m in moments if m), default=None
        )
        try:
            async with asyncio.timeout(patience):
                return await self._events.get()
        except TimeoutError:
            return events.Tick()

    async def _take(self, event: events.Event, errands: Errands) -> None:
        before, now = self.journey, self._clock.now()
        try:
            step = advance(before, event, now, self.rules)
        except NotNowError as refusal:
            self.listeners.refused(refusal)
            return
        if isinstance(event, events.Touched) or before.screen is not step.journey.screen:
            self.notices = ()
        # A kiosk that is cut off owes nobody anything.
        cut_off = step.journey.screen is Screen.OUT_OF_SERVICE
        outbox = Outbox() if cut_off else self._outbox.owing(step.effects, now)
        await self._keep(Journal(step.journey, outbox))
        await self._promise(before)
        for effect in step.effects:
            await errands.run(effect)
        self.listeners.moved(before, self.journey)

    async def _keep(self, fresh: Journal) -> None:
        """Saved first: whoever looks meanwhile sees only what would survive a kill."""
        try:
            if not fresh.is_kept_by(self._journal):
                await asyncio.to_thread(journal.save, self._spool, fresh)
        except (DiskFullError, OSError) as error:
            log.warning("the visit goes on without its journal: %s", error)
            self.tell(NoticeCode.DISK_FULL)
        self._journal = fresh

    async def _give_up_old(self, errands: Errands) -> None:
        for request in self._outbox.too_old(self._clock.now()):
            await self._keep(replace(self._journal, outbox=self._outbox.without(request)))
            await errands.give_up(request)

    async def _promise(self, before: Journey) -> None:
        """Pages go to the visit's consultation from the moment it is known."""
        visit = self.journey.visit
        if visit is None or visit.consultation is None or _promised(before.visit, visit):
            return
        ref = visit.consultation.consultation_id
        try:
            await asyncio.to_thread(self._spool.promise, visit.visit_id, ref)
        except (DiskFullError, OSError) as error:
            log.warning("pages wait for room on the disk: %s", error)
            self.tell(NoticeCode.DISK_FULL)


def _promised(before: Visit | None, visit: Visit) -> bool:
    """Whether nothing is new: same consultation, same pages."""
    return (
        before is not None
        and before.consultation is not None
        and visit.consultation is not None
        and before.consultation.consultation_id == visit.consultation.consultation_id
        and before.pages == visit.pages
    )
