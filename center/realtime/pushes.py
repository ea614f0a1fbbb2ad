"""From changes to pushes: whole views for those concerned, each at most once a flush.

A change only marks what is dirty; one task reads the views and sends them, so that a burst of
changes costs one reading and no view overtakes a newer one. A flush first asks for the log's newest
number and then reads, so a view is at least as new as the `seq` it is sent with. What everybody is
shown (the hall, the queue, places in it, the fleet) goes out at once too, but not twice within
`CALM_S`: with a hundred calls it would otherwise be read and sent all the time.

A client counts the `seq` of pushes. A kiosk's consultation therefore goes out before its room and
the hall: when the line breaks in between, the latter are sent again on resume anyway.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Mapping

from center.domain.consultation import TALKING
from center.domain.errors import DomainError
from center.domain.rooms import Room
from center.protocol.frames import HallPush, RoomClosed, RoomPush, Welcome
from center.protocol.kiosk_wire import ConsultationPush, DeskCaptureAsked, Revoked
from center.protocol.staff_wire import (
    DutyPush,
    FleetPush,
    OfferPush,
    QueuePush,
    StaffConsultationPush,
)
from center.protocol.views import ConsultationView, RoomView
from center.protocol.words import IceTransportPolicy, Role
from center.realtime.connection import CLOSE_FAILED, CLOSE_REVOKED
from center.realtime.dirty import Dirty, Fresh
from center.realtime.finish import to_the_end
from center.realtime.ice import ice_servers, seconds_to_renewal
from center.realtime.mediations import push_to_kiosks, push_to_staff
from center.realtime.paper_views import send_papers
from center.realtime.registry import KioskLink, Link, Registry, StaffLink
from center.realtime.rooms import Presence, room_view, through_engine
from center.realtime.services import Services
from center.services.directory import Entry
from center.services.ports import Change, Clock
from config.settings import MediaSettings

log = logging.getLogger(__name__)

WATCHING = frozenset({Role.SUPERVISOR, Role.ADMIN})
"""Who sees the fleet."""

CALM_S = 0.5
"""How late what everybody is shown may be, so that it costs little however much happens."""

KIOSK_REVOKED = "kiosk_revoked"


class Pushes:
    """Sends views to the links of this process."""

    def __init__(
        self,
        services: Services,
        registry: Registry,
        presence: Presence,
        media: MediaSettings,
        clock: Clock,
    ) -> None:
        self._services, self._views = services, services.views
        self._registry, self._presence = registry, presence
        self._media, self._clock = media, clock
        self._dirty = Dirty()
        self._wake = asyncio.Event()
        self._calm_until = 0.0

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
        if self._watchers():
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
        while self._media.turn:
            await asyncio.sleep(seconds_to_renewal(self._media, self._clock.now()))
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
        """What is to be read now; what everybody is shown only when the last time was a while
        ago."""
        dirty, self._dirty = self._dirty, Dirty()
        loop = asyncio.get_running_loop()
        if not self._watchers():
            dirty.fleet.clear()
        if not dirty.hall and not dirty.fleet:
            return dirty
        if loop.time() < self._calm_until:
            self._dirty = dirty.postponed()
            loop.call_at(self._calm_until, self._wake.set)
        else:
            self._calm_until = loop.time() + CALM_S
        return dirty

    def _give_up(self, dirty: Dirty) -> None:
        for link in self._registry.every():
            link.connection.close(CLOSE_FAILED, "failed")
        for fresh in dirty.fresh:
            if not fresh.welcomed.done():
                fresh.welcomed.set_exception(DomainError("the views could not be read"))

    async def _flush(self, dirty: Dirty) -> None:
        seq = await self._views.head_seq()
        for fresh in dirty.fresh:
            await self._welcome(fresh, seq, dirty)
        await self._kiosks(dirty, seq)
        # An open room lets sound and picture flow: the sooner it is known the better.
        for room_id in dirty.rooms | dirty.presence:
            await self._room(room_id, seq, always=room_id in dirty.presence)
        # Who is told that a talk is private now has been cut off from the others before.
        if dirty.mediations or any(isinstance(f.link, KioskLink) for f in dirty.fresh):
            await push_to_kiosks(self._services.mediation_views, self._registry.kiosks(), seq)
        await self._staff(dirty, seq)
        await self._hall(dirty, seq)
        await self._fleet(dirty, seq)
        for change in dirty.captures:
            self._capture(change)

    async def _welcome(self, fresh: Fresh, seq: int, dirty: Dirty) -> None:
        link = fresh.link
        resumed = 0 < fresh.last_seq <= seq
        token = None
        if isinstance(link, KioskLink):
            token = await self._services.identity.upload_token(link.kiosk_id)
        now = self._clock.now()
        link.connection.send(Welcome(seq=seq, resumed=resumed, center_time=now, upload_token=token))
        self._registry.add(link)
        match link:
            case KioskLink():
                await self._catch_up(link, fresh.last_seq if resumed else 0, seq)
            case StaffLink():
                dirty.staff.add(link.staff_id)
        dirty.rooms |= set(await self._services.rooms.rooms_of(link.peer_id))
        if not fresh.welcomed.done():
            fresh.welcomed.set_result(None)

    async def _catch_up(self, link: KioskLink, last_seq: int, seq: int) -> None:
        view = await self._views.of_kiosk(link.kiosk_id)
        if view is None:
            return
        changed = await self._views.kiosk_changed_since(link.kiosk_id, last_seq)
        # A place in the queue moves by what happens to others.
        if last_seq == 0 or changed or view.place is not None:
            _send_consultation(link, view, seq)
        if view.state in TALKING:
            await self._papers((link,), view.consultation_id, seq)
        if changed and not await self._services.rooms.rooms_of(link.peer_id):
            link.connection.send(RoomClosed(seq=seq, room_id=view.consultation_id))

    async def _kiosks(self, dirty: Dirty, seq: int) -> None:
        # What happens to others moves places in the queue, and nothing else of a consultation.
        waiting = await self._views.waiting_kiosks() if dirty.hall else frozenset()
        for link in self._registry.kiosks():
            if link.kiosk_id in dirty.kiosks | waiting:
                view = await self._views.of_kiosk(link.kiosk_id)
                if view is not None:
                    _send_consultation(link, view, seq)
                if view is not None and view.state in TALKING and link.kiosk_id in dirty.kiosks:
                    await self._papers((link,), view.consultation_id, seq)

    async def _staff(self, dirty: Dirty, seq: int) -> None:
        fresh = {f.link.staff_id for f in dirty.fresh if isinstance(f.link, StaffLink)}
        for staff_id in dirty.staff:
            if links := self._registry.staff(staff_id):
                duty = await self._views.duty(staff_id)
                offer = await self._views.offer(staff_id)
                mine = await self._views.of_staff(staff_id)
                for link in links:
                    send = link.connection.send_view
                    send("duty", DutyPush(seq=seq, duty=duty), duty)
                    # What rang and was accepted is never without a consultation for a moment.
                    send("consultation", StaffConsultationPush(seq=seq, consultation=mine), mine)
                    send("offer", OfferPush(seq=seq, offer=offer), offer)
                if mine is not None:
                    await self._papers(links, mine.consultation_id, seq)
                if dirty.mediations or staff_id in fresh:
                    await push_to_staff(self._services.mediation_views, staff_id, links, seq)

    async def _papers(self, links: Iterable[Link], consultation_id: str, seq: int) -> None:
        papers = await self._services.papers.of(consultation_id)
        for link in links:
            send_papers(link, consultation_id, papers, seq)

    async def _hall(self, dirty: Dirty, seq: int) -> None:
        if not (dirty.hall or dirty.fresh):
            return
        links = self._registry.every() if dirty.hall else tuple(f.link for f in dirty.fresh)
        hall = await self._views.hall()
        for link in links:
            link.connection.send_view("hall", HallPush(seq=seq, hall=hall), hall)
        rows, messages = await self._views.queue()
        queue = QueuePush(seq=seq, rows=rows, messages=messages)
        content = queue.model_copy(update={"seq": 0})
        for link in links:
            if isinstance(link, StaffLink):
                link.connection.send_view("queue", queue, content)

    async def _fleet(self, dirty: Dirty, seq: int) -> None:
        watchers = self._watchers()
        fresh = any(f.link in watchers for f in dirty.fresh)
        if not watchers or not (dirty.fleet or fresh):
            return
        for kiosk in await self._services.fleet.views():
            if fresh or kiosk.kiosk_id in dirty.fleet:
                frame = FleetPush(seq=seq, kiosk=kiosk)
                for link in watchers:
                    link.connection.send_view(f"fleet {kiosk.kiosk_id}", frame, kiosk)

    def _watchers(self) -> list[StaffLink]:
        return [link for link in self._registry.staff() if link.role in WATCHING]

    async def _room(self, room_id: str, seq: int, *, always: bool) -> None:
        seen = dict(self._presence.of(room_id))
        room = await self._services.rooms.room(room_id)
        self._presence.keep(room_id, room, seen)
        carrier = self._presence.carrier(room_id)
        if room is not None and carrier is not None:
            await carrier.follow(room, self._presence.of(room_id).keys())
        members = room.members if room else ()
        entries = await self._services.directory.entries(members)
        for link in self._registry.every():
            if room is not None and link.peer_id in entries:
                view = self._room_view(room, link.peer_id, entries)
                news = None if always else view
                link.connection.send_view(f"room {room_id}", RoomPush(seq=seq, room=view), news)
                link.room_ids.add(room_id)
            elif room_id in link.room_ids:
                link.room_ids.discard(room_id)
                link.connection.send(RoomClosed(seq=seq, room_id=room_id))

    def _room_view(self, room: Room, you: str, entries: Mapping[str, Entry]) -> RoomView:
        now = self._clock.now()
        ice = ice_servers(self._media, room.room_id, you, entries[you].place, now)
        policy = IceTransportPolicy.RELAY if self._media.relay_only else IceTransportPolicy.ALL
        view = room_view(room, you, self._presence.of(room.room_id), entries, ice, policy)
        if room.engine is None:
            return view
        carrier = self._presence.carrier(room.room_id)
        return through_engine(view, carrier.feeds() if carrier else {})

    def _capture(self, change: Change) -> None:
        link = self._registry.kiosk(change.kiosk_id or "")
        if link is not None:
            consultation_id = change.stream.partition(":")[2]
            link.connection.send(DeskCaptureAsked(seq=change.seq, consultation_id=consultation_id))


def _send_consultation(link: KioskLink, view: ConsultationView, seq: int) -> None:
    frame = ConsultationPush(seq=seq, consultation=view)
    link.connection.send_view("consultation", frame, view)
