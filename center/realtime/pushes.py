"""From changes to pushes: whole views for those concerned, each at most once a flush.

A change only marks what is dirty; one task reads the views and sends them, so that a burst of
changes costs one reading and no view overtakes a newer one. A flush first asks for the log's newest
number and then reads, so a view is at least as new as the `seq` it is sent with. What everybody is
shown (the hall, the queue, places in it, the fleet) goes out `CALM_S` later, with all that has come
by then: those in a call are told first, and with a hundred calls the others are not told all the
time.
"""

import asyncio
import logging
from collections.abc import AsyncIterator

from center.domain.errors import DomainError
from center.protocol.kiosk_wire import Revoked
from center.realtime.connection import CLOSE_FAILED, CLOSE_REVOKED
from center.realtime.dirty import Dirty, Fresh
from center.realtime.finish import to_the_end
from center.realtime.flush import Flush, Glance, House
from center.realtime.ice import seconds_to_renewal
from center.realtime.registry import Link
from center.services.ports import Change

log = logging.getLogger(__name__)

CALM_S = 0.5
"""How late what everybody is shown is, so that it costs little however much happens."""

KIOSK_REVOKED = "kiosk_revoked"


class Pushes:
    """Sends views to the links of this process."""

    def __init__(self, house: House) -> None:
        self._house, self._registry = house, house.registry
        self._dirty = Dirty()
        self._wake = asyncio.Event()
        self._showing: asyncio.TimerHandle | None = None
        self._due = False

    async def welcome(self, link: Link, last_seq: int) -> None:
        """Enter the link and send its welcome, then everything it has missed."""
        welcomed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._dirty.fresh.append(Fresh(link, last_seq, welcomed))
        self._wake.set()
        await welcomed

    def room_changed(self, room_id: str) -> None:
        """Somebody came to a room or left it."""
        self._dirty.presence.add(room_id)
        self._wake.set()

    def fleet_changed(self, kiosk_id: str) -> None:
        """A kiosk went online or offline, or told its health."""
        self._dirty.fleet.add(kiosk_id)
        if self._registry.watchers():
            self._wake.set()

    async def listen(self, changes: AsyncIterator[Change]) -> None:
        """Mark what each change makes stale; runs as long as the center."""
        async for change in changes:
            if change.stream.startswith("kiosk:") and change.kind == KIOSK_REVOKED:
                self._cut(change.kiosk_id or "")
            self._dirty.mark(change)
            self._wake.set()

    def _cut(self, kiosk_id: str) -> None:
        if link := self._registry.kiosk(kiosk_id):
            link.connection.send(Revoked())
            link.connection.close(CLOSE_REVOKED, "revoked")

    async def renew(self) -> None:
        """Tell every room of newer relay credentials before the older ones end; runs as long as
        the center."""
        media, clock = self._house.media, self._house.clock
        while media.turn:
            await asyncio.sleep(seconds_to_renewal(media, clock.now()))
            for link in self._registry.every():
                self._dirty.rooms |= link.room_ids
            self._wake.set()

    async def run(self) -> None:
        """Flush whenever something is dirty; runs as long as the center."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            dirty = self._take()
            try:
                await to_the_end(self._flush(dirty))
            except Exception:
                log.exception("pushing views failed; clients are to reconnect and read again")
                self._give_up(dirty)

    def _take(self) -> Dirty:
        """What is to be read now; what everybody is shown only when it is due."""
        dirty, self._dirty = self._dirty, Dirty()
        if not self._registry.watchers():
            dirty.fleet.clear()
        if self._due:
            self._showing, self._due = None, False
        elif dirty.hall or dirty.fleet:
            self._dirty = dirty.postponed()
            self._showing = self._showing or asyncio.get_running_loop().call_later(
                CALM_S, self._fall_due
            )
        return dirty

    def _fall_due(self) -> None:
        self._due = True
        self._wake.set()

    def _give_up(self, dirty: Dirty) -> None:
        for link in self._registry.every():
            link.connection.close(CLOSE_FAILED, "failed")
        for fresh in dirty.fresh:
            if not fresh.welcomed.done():
                fresh.welcomed.set_exception(DomainError("the views could not be read"))

    async def _flush(self, dirty: Dirty) -> None:
        seen = self._house.presence.seen()
        async with self._house.services.screens.look() as screens:
            glance = Glance(screens, await screens.views.head_seq(), seen)
            await Flush(self._house, glance, dirty).run()
