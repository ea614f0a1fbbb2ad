"""One round of pushes: what is stale is read once and sent to those concerned.

A client counts the `seq` of pushes. A kiosk's consultation therefore goes out before its room and
the hall: when the line breaks in between, the latter are sent again on resume anyway.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from center.domain.consultation import TALKING
from center.domain.rooms import Room
from center.protocol.frames import HallPush, RoomClosed, RoomPush, Welcome
from center.protocol.kiosk_wire import ConsultationPush, DeskCaptureAsked
from center.protocol.staff_wire import (
    DutyPush,
    FleetPush,
    OfferPush,
    QueuePush,
    StaffConsultationPush,
)
from center.protocol.views import ConsultationView, RoomView
from center.protocol.words import IceTransportPolicy
from center.realtime.connection import Bulletin
from center.realtime.dirty import Dirty, Fresh
from center.realtime.ice import ice_servers
from center.realtime.mediations import push_to_kiosks, push_to_staff
from center.realtime.paper_views import send_papers
from center.realtime.registry import KioskLink, Link, PageLink, Registry, StaffLink
from center.realtime.rooms import Presence, Present, room_view, through_engine
from center.realtime.services import Services
from center.services.directory import Entry
from center.services.ports import Change, Clock
from center.services.screens import Screens
from config.settings import MediaSettings

A_FEW = 20
"""Screens that are told in one go, which takes about a millisecond."""


@dataclass(frozen=True)
class House:
    """The process whose links are pushed to."""

    services: Services
    registry: Registry
    presence: Presence
    media: MediaSettings
    clock: Clock


@dataclass(frozen=True)
class Glance:
    """What a round is made of: `screens` of one look at the database, whose log had reached `seq`
    before it, and who was `seen` in which room before that."""

    screens: Screens
    seq: int
    seen: Mapping[str, Mapping[str, Present]]


class Flush:
    """A round; made for one set of stale things, and run once."""

    def __init__(self, house: House, glance: Glance, dirty: Dirty) -> None:
        self._services, self._registry = house.services, house.registry
        self._presence, self._media, self._clock = house.presence, house.media, house.clock
        self._screens, self._views = glance.screens, glance.screens.views
        self._seq, self._seen, self._dirty = glance.seq, glance.seen, dirty

    async def run(self) -> None:
        """Send everything."""
        dirty = self._dirty
        for fresh in dirty.fresh:
            await self._welcome(fresh)
        talking = await self._kiosks(dirty.kiosks)
        # An open room lets sound and picture flow: the sooner it is known the better.
        for room_id in dirty.rooms | dirty.presence:
            await self._room(room_id, always=room_id in dirty.presence)
        await asyncio.sleep(0)  # and is written before the rest is read: reading does not wait
        for link, consultation_id in talking.items():
            await self._papers((link,), consultation_id)
        # Who is told that a talk is private now has been cut off from the others before.
        if dirty.mediations or any(isinstance(f.link, KioskLink) for f in dirty.fresh):
            await push_to_kiosks(self._screens.mediations, self._registry.kiosks(), self._seq)
        await self._staff()
        await self._places()
        await self._hall()
        await self._fleet()
        for change in dirty.captures:
            self._capture(change)

    async def _welcome(self, fresh: Fresh) -> None:
        link, seq = fresh.link, self._seq
        resumed = 0 < fresh.last_seq <= seq
        token = None
        if isinstance(link, KioskLink):
            token = await self._services.identity.upload_token(link.kiosk_id)
        now = self._clock.now()
        link.connection.send(Welcome(seq=seq, resumed=resumed, center_time=now, upload_token=token))
        self._registry.add(link)
        match link:
            case KioskLink():
                await self._catch_up(link, fresh.last_seq if resumed else 0)
            case StaffLink():
                self._dirty.staff.add(link.staff_id)
        self._dirty.rooms |= set(await self._screens.rooms.rooms_of(link.peer_id))
        if not fresh.welcomed.done():
            fresh.welcomed.set_result(None)

    async def _catch_up(self, link: KioskLink, last_seq: int) -> None:
        view = await self._views.of_kiosk(link.kiosk_id)
        if view is None:
            return
        changed = await self._views.kiosk_changed_since(link.kiosk_id, last_seq)
        # A place in the queue moves by what happens to others.
        if last_seq == 0 or changed or view.place is not None:
            self._send_consultation(link, view)
        if view.state in TALKING:
            await self._papers((link,), view.consultation_id)
        if changed and not await self._screens.rooms.rooms_of(link.peer_id):
            link.connection.send(RoomClosed(seq=self._seq, room_id=view.consultation_id))

    async def _kiosks(self, kiosks: Iterable[str]) -> dict[KioskLink, str]:
        """Those in a talk, and in which."""
        talking = {}
        for kiosk_id in kiosks:
            link = self._registry.kiosk(kiosk_id)
            view = await self._views.of_kiosk(kiosk_id) if link is not None else None
            if link is None or view is None:
                continue
            self._send_consultation(link, view)
            if view.state in TALKING:
                talking[link] = view.consultation_id
        return talking

    async def _places(self) -> None:
        """What happens to others moves places in the queue, and nothing else of a consultation."""
        if self._dirty.hall:
            await self._kiosks(await self._views.waiting_kiosks() - self._dirty.kiosks)

    def _send_consultation(self, link: KioskLink, view: ConsultationView) -> None:
        frame = ConsultationPush(seq=self._seq, consultation=view)
        link.connection.send_view("consultation", frame, view)

    async def _staff(self) -> None:
        fresh = {f.link.staff_id for f in self._dirty.fresh if isinstance(f.link, StaffLink)}
        for staff_id in self._dirty.staff:
            if links := self._registry.staff(staff_id):
                await self._desk(staff_id, links)
                if self._dirty.mediations or staff_id in fresh:
                    await push_to_staff(self._screens.mediations, staff_id, links, self._seq)

    async def _desk(self, staff_id: str, links: Iterable[StaffLink]) -> None:
        duty = await self._views.duty(staff_id)
        offer = await self._views.offer(staff_id)
        mine = await self._views.of_staff(staff_id)
        seq = self._seq
        for link in links:
            send = link.connection.send_view
            send("duty", DutyPush(seq=seq, duty=duty), duty)
            # What rang and was accepted is never without a consultation for a moment.
            send("consultation", StaffConsultationPush(seq=seq, consultation=mine), mine)
            send("offer", OfferPush(seq=seq, offer=offer), offer)
        if mine is not None:
            await self._papers(links, mine.consultation_id)

    async def _papers(self, links: Iterable[Link], consultation_id: str) -> None:
        papers = await self._views.papers(consultation_id)
        for link in links:
            send_papers(link, consultation_id, papers, self._seq)

    async def _hall(self) -> None:
        fresh = tuple(f.link for f in self._dirty.fresh if isinstance(f.link, PageLink))
        links = self._registry.pages() if self._dirty.hall else fresh
        if not links:
            return
        view = await self._views.hall()
        hall = Bulletin(HallPush(seq=self._seq, hall=view), view)
        rows, messages = await self._views.queue()
        push = QueuePush(seq=self._seq, rows=rows, messages=messages)
        await _tell(links, hall, Bulletin(push, push.model_copy(update={"seq": 0})))

    async def _fleet(self) -> None:
        watchers = self._registry.watchers()
        fresh = any(f.link in watchers for f in self._dirty.fresh)
        if not watchers or not (self._dirty.fleet or fresh):
            return
        for kiosk in await self._services.fleet.views():
            if fresh or kiosk.kiosk_id in self._dirty.fleet:
                frame = FleetPush(seq=self._seq, kiosk=kiosk)
                for link in watchers:
                    link.connection.send_view(f"fleet {kiosk.kiosk_id}", frame, kiosk)

    async def _room(self, room_id: str, *, always: bool) -> None:
        room = await self._screens.rooms.room(room_id)
        self._presence.keep(room_id, room, self._seen.get(room_id, {}))
        carrier = self._presence.carrier(room_id)
        if room is not None and carrier is not None:
            await carrier.follow(room, self._presence.of(room_id).keys())
        members = room.members if room else ()
        entries = await self._screens.directory.entries(members)
        for link in self._registry.every():
            if room is not None and link.peer_id in entries:
                view = self._room_view(room, link.peer_id, entries)
                news, frame = None if always else view, RoomPush(seq=self._seq, room=view)
                link.connection.send_view(f"room {room_id}", frame, news)
                link.room_ids.add(room_id)
            elif room_id in link.room_ids:
                link.room_ids.discard(room_id)
                link.connection.send(RoomClosed(seq=self._seq, room_id=room_id))

    def _room_view(self, room: Room, you: str, entries: Mapping[str, Entry]) -> RoomView:
        now = self._clock.now()
        ice = ice_servers(self._media, room.room_id, you, entries[you].place, now)
        policy = IceTransportPolicy.RELAY if self._media.relay_only else IceTransportPolicy.ALL
        view = room_view(room, you, self._presence.of(room.room_id), entries, ice, policy)
        if room.engine is None:
            return view
        carrier = self._presence.carrier(room.room_id)
        return through_engine(view, carrier.feeds() if carrier else None)

    def _capture(self, change: Change) -> None:
        link = self._registry.kiosk(change.kiosk_id or "")
        if link is not None:
            consultation_id = change.stream.partition(":")[2]
            link.connection.send(DeskCaptureAsked(seq=change.seq, consultation_id=consultation_id))


async def _tell(links: Iterable[PageLink], hall: Bulletin, queue: Bulletin) -> None:
    """What is said in a call meanwhile does not wait until all are told."""
    for number, link in enumerate(links, start=1):
        link.connection.post("hall", hall)
        if isinstance(link, StaffLink):
            link.connection.post("queue", queue)
        if number % A_FEW == 0:
            await asyncio.sleep(0)
