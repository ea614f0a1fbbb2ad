"""What the sockets of one process share, and how a socket lives from hello to goodbye."""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine, Iterable
from typing import Any

from center.domain.errors import NotInRoom, PeerAbsent
from center.protocol.frames import RoomAbsent, RoomJoin, RoomSignal, RoomSignalled
from center.realtime.connection import CLOSE_HELLO, CLOSE_SHUTDOWN, Connection
from center.realtime.finish import to_the_end
from center.realtime.flush import House
from center.realtime.pushes import Pushes
from center.realtime.registry import Link, Registry
from center.realtime.rooms import Presence
from center.realtime.services import Services
from center.services.ports import Bus, Change, Clock
from config.settings import Settings

log = logging.getLogger(__name__)

GOODBYE_SECONDS = 1.0
"""How long a client may take to answer our close frame."""


class Hub:
    """Registry, presence and pushes around one set of services."""

    def __init__(
        self,
        settings: Settings,
        services: Services,
        clock: Clock,
        bus: Bus,
        *,
        hello_seconds: float,
    ) -> None:
        self.settings, self.services, self.clock = settings, services, clock
        self.hello_seconds = hello_seconds
        self.registry, self.presence = Registry(), Presence()
        house = House(services, self.registry, self.presence, settings.media, clock)
        self.pushes = Pushes(house)
        self._bus = bus

    async def run(self) -> None:
        """Turn changes into pushes; runs as long as the center."""
        changes = self._bus.subscribe()
        await asyncio.gather(self.pushes.listen(changes), self.pushes.run(), self.pushes.renew())

    async def enter(self, link: Link, last_seq: int) -> None:
        """Welcome the link; from now on it gets pushes."""
        await self.pushes.welcome(link, last_seq)
        log.info("%s online", link.peer_id)

    def leave(self, link: Link) -> bool:
        """The link's socket is gone; pages it stood for are shown as offline.

        True when it was the present one, false when a newer socket had replaced it.
        """
        for room_id in self.presence.drop(link):
            self.pushes.room_changed(room_id)
        log.info("%s offline", link.peer_id)
        return self.registry.remove(link)

    async def publish(self, changes: Iterable[Change]) -> None:
        """Hand on what a service of the office has committed."""
        for change in changes:
            await self._bus.publish(change)

    def sign_out(self, staff_id: str) -> None:
        """Close the sockets of a person whose sessions ended; a page still signed in reconnects."""
        for link in self.registry.staff(staff_id):
            link.connection.close(CLOSE_HELLO, "unauthenticated")

    async def close(self) -> None:
        """Ask every client to come back, and wait until each was told: the process goes down."""
        links = self.registry.every()
        for link in links:
            link.connection.close(CLOSE_SHUTDOWN, "restart")
        if links:
            ends = [asyncio.create_task(link.connection.ended.wait()) for link in links]
            await asyncio.wait(ends, timeout=self.settings.center.shutdown_s)
            for end in ends:
                end.cancel()

    async def join(self, link: Link, frame: RoomJoin) -> None:
        """A page is present in its room."""
        await self._member(link, frame.room_id)
        self.presence.join(frame.room_id, link, frame.page_session)
        self.pushes.room_changed(frame.room_id)

    async def absent(self, link: Link, frame: RoomAbsent) -> None:
        """A page went away though its peer still belongs to the room."""
        await self._member(link, frame.room_id)
        self.presence.leave(frame.room_id, link)
        self.pushes.room_changed(frame.room_id)

    def refuse_replaced(self, link: Link, room_id: str) -> None:
        """What a page sees of a talk counts only while no other page of its peer has taken over.

        Raises:
            NotInRoom: another one has.
        """
        present = self.presence.link(room_id, link.peer_id)
        if present is not None and present is not link:
            raise NotInRoom(f"another page of {link.peer_id} is in {room_id}")

    async def relay(self, link: Link, frame: RoomSignal) -> None:
        """Pass a payload on, unread; in a room with an engine, to what carries it.

        Raises:
            NotInRoom: sender or addressee do not belong to the room.
            PeerAbsent: the addressee's page is not here now.
        """
        room = self.presence.known(frame.room_id)
        if room is None:
            # Nobody was told yet: the center was started anew, or the page has only just come.
            room = await self.services.rooms.room(frame.room_id)
        if room is None or not room.may_signal(link.peer_id, frame.to):
            raise NotInRoom(f"{link.peer_id} to {frame.to}")
        carrier = self.presence.carrier(frame.room_id)
        if room.engine is not None and carrier is not None:
            carrier.take(link.peer_id, frame.to, frame.payload)
        elif room.engine is not None or not self.say(
            frame.room_id, frame.to, link.peer_id, frame.payload
        ):
            raise PeerAbsent(frame.to)

    def say(self, room_id: str, to: str, sender: str, payload: str) -> bool:
        """Signalling for the page of `to`; false when it is not here now."""
        target = self.presence.link(room_id, to)
        if target is not None:
            signal = RoomSignalled(room_id=room_id, sender=sender, payload=payload)
            target.connection.send(signal)
        return target is not None

    async def _member(self, link: Link, room_id: str) -> None:
        room = await self.services.rooms.room(room_id)
        if room is None:
            raise NotInRoom(room_id)
        room.member(link.peer_id)


async def converse(connection: Connection, conversation: Coroutine[Any, Any, None]) -> None:
    """Run a conversation beside its writer until either ends, then say goodbye.

    The conversation is not cancelled: its socket is closed under it, and a request that is being
    carried out is carried out.
    """
    reader = asyncio.create_task(conversation)
    writer = asyncio.create_task(connection.write())
    try:
        await asyncio.wait({reader, writer}, return_when=asyncio.FIRST_COMPLETED)
        if connection.closing:
            await asyncio.wait({writer}, timeout=GOODBYE_SECONDS)
    finally:
        writer.cancel()
        await to_the_end(_goodbye(connection, reader, writer))


async def _goodbye(connection: Connection, *tasks: asyncio.Task[None]) -> None:
    with contextlib.suppress(ConnectionError):
        await connection.abandon()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, Exception) and not isinstance(result, ConnectionError):
            log.error("socket %s failed", connection.name, exc_info=result)
    connection.ended.set()
