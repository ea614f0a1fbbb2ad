"""The one owner of the journey: an event in, decide, save, carry out, show.

Everybody else only puts events into its queue. The journey is saved before any effect of it is
visible, so an agent that is killed comes back in the same visit and does again what it may not
have done.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from kiosk.clock import KioskClock
from kiosk.errands import Errands
from kiosk.journey import Journey, NotNowError, Rules, Visit, advance, at_home, due, events
from kiosk.spool import DiskFullError, Spool
from kiosk.words import NoticeCode

log = logging.getLogger(__name__)

_journal: TypeAdapter[Journey] = TypeAdapter(Journey)
NOTICES = 5


def _nothing(*_: object) -> None:
    return None


@dataclass(slots=True)
class OwnerListeners:
    """`moved` gets the journey before and after; `refused` a touch that was out of place."""

    moved: Callable[[Journey, Journey], None] = _nothing
    refused: Callable[[NotNowError], None] = _nothing


class Owner:
    """`run()` lives as long as the agent."""

    def __init__(self, spool: Spool, clock: KioskClock, rules: Rules) -> None:
        self._spool, self._clock, self.rules = spool, clock, rules
        self._events: asyncio.Queue[events.Event] = asyncio.Queue()
        self.notices: tuple[tuple[NoticeCode, datetime], ...] = ()
        self.listeners = OwnerListeners()
        self.journey = self._load()

    def happen(self, event: events.Event) -> None:
        """Queue an event; on the event loop."""
        self._events.put_nowait(event)

    def tell(self, code: NoticeCode) -> None:
        """Show a notice until the next touch or screen."""
        others = tuple(notice for notice in self.notices if notice[0] is not code)
        self.notices = (*others, (code, self._clock.now()))[-NOTICES:]
        self.listeners.moved(self.journey, self.journey)

    async def run(self, errands: Errands) -> None:
        """Take events, one at a time, until cancelled."""
        await self._take(events.Restored(), errands)
        while True:
            await self._take(await self._next(), errands)

    async def _next(self) -> events.Event:
        moment = due(self.journey, self.rules)
        patience = None
        if moment is not None:
            patience = max(0.0, (moment - self._clock.now()).total_seconds())
        try:
            async with asyncio.timeout(patience):
                return await self._events.get()
        except TimeoutError:
            return events.Tick()

    async def _take(self, event: events.Event, errands: Errands) -> None:
        before = self.journey
        try:
            step = advance(before, event, self._clock.now(), self.rules)
        except NotNowError as refusal:
            self.listeners.refused(refusal)
            return
        self.journey = step.journey
        if isinstance(event, events.Touched) or before.screen is not step.journey.screen:
            self.notices = ()
        await self._save(before)
        await self._promise(before)
        for effect in step.effects:
            await errands.run(effect)
        self.listeners.moved(before, self.journey)

    async def _save(self, before: Journey) -> None:
        if replace(before, touched_at=self.journey.touched_at) == self.journey:
            return
        try:
            if self.journey.visit is None:
                await asyncio.to_thread(self._spool.forget_journey)
            else:
                await asyncio.to_thread(self._spool.save_journey, _journal.dump_json(self.journey))
        except (DiskFullError, OSError) as error:
            log.warning("the visit goes on without its journal: %s", error)
            self.tell(NoticeCode.DISK_FULL)

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

    def _load(self) -> Journey:
        data = self._spool.load_journey()
        home = at_home(self._clock.now(), self.rules)
        if data is None:
            return home
        try:
            return _journal.validate_json(data)
        except ValidationError as error:
            log.warning("the journal is not readable any more: %s", error)
            return home


def _promised(before: Visit | None, visit: Visit) -> bool:
    """Whether nothing is new: same consultation, same pages."""
    return (
        before is not None
        and before.consultation is not None
        and visit.consultation is not None
        and before.consultation.consultation_id == visit.consultation.consultation_id
        and before.pages == visit.pages
    )
