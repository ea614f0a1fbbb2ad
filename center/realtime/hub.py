"""What the sockets of one process share, and how a socket lives from hello to goodbye."""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from typing import Any

from center.domain.errors import NotInRoom, PeerAbsent
from center.protocol.frames import RoomAbsent, RoomJoin, RoomSignal, RoomSignalled
from center.protocol.kiosk_wire import Revoked
from center.realtime.connection import CLOSE_HELLO, CLOSE_REVOKED, CLOSE_SHUTDOWN, Connection
from center.realtime.pushes import Pushes
from center.realtime.registry import Link, Registry
from center.realtime.rooms import Presence
from center.realtime.services import Services
from center.services.ports import Clock
from config.settings import Settings

log = logging.getLogger(__name__)


class Hub:
    """Registry, presence and pushes around one set of services."""

    def __init__(
        self,
        settings: Settings,
        services: Services,
        clock: Clock,
        registry: Registry,
        presence: Presence,
        pushes: Pushes,
    ) -> None:
        self.settings, self.services, self.clock = settings, services, clock
        self.registry, self.presence, self.pushes = registry, presence, pushes

    async def enter(self, link: Link, last_seq: int) -> None:
        """Welcome the link; from now on it gets pushes."""
        await self.pushes.welcome(link, last_seq)
        log.info("%s online", link.peer_id)

    def leave(self, link: Link) -> None:
        """The link's socket is gone; pages it stood for are shown as offline."""
        self.registry.remove(link)
        for room_id in self.presence.drop(link):
            self.pushes.room_changed(room_id)
        log.info("%s offline", link.peer_id)

    def revoke(self, kiosk_id: str) -> None:
        """Cut a kiosk's socket at once."""
        if link := self.registry.kiosk(kiosk_id):
            link.connection.send(Revoked())
            link.connection.close(CLOSE_REVOKED, "revoked")

    def sign_out(self, staff_id: str) -> None:
        """Close the sockets of a person whose sessions ended; a page still signed in reconnects."""
        for link in self.registry.staff(staff_id):
            link.connection.close(CLOSE_HELLO, "unauthenticated")

    def close(self) -> None:
        """Ask every client to come back later: the process is going down."""
        for link in self.registry.every():
            link.connection.close(CLOSE_SHUTDOWN, "restart")

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

    async def relay(self, link: Link, frame: RoomSignal) -> None:
        """Pass a payload on, unread.

        Raises:
            NotInRoom: sender or addressee do not belong to the room, or are not to connect.
            PeerAbsent: the addressee's page is not here now.
        """
        room = await self.services.calls.room(frame.room_id)
        if room is None or not room.may_signal(link.peer_id, frame.to):
            raise NotInRoom(f"{link.peer_id} to {frame.to}")
        target = self.presence.link(frame.room_id, frame.to)
        if target is None:
            raise PeerAbsent(frame.to)
        target.connection.send(
            RoomSignalled(room_id=frame.room_id, sender=link.peer_id, payload=frame.payload)
        )

    async def _member(self, link: Link, room_id: str) -> None:
        room = await self.services.calls.room(room_id)
        if room is None:
            raise NotInRoom(room_id)
        room.member(link.peer_id)


async def converse(connection: Connection, conversation: Coroutine[Any, Any, None]) -> None:
    """Run a conversation beside its writer until either ends, then say goodbye."""
    reader = asyncio.create_task(conversation)
    writer = asyncio.create_task(connection.write())
    try:
        await asyncio.wait({reader, writer}, return_when=asyncio.FIRST_COMPLETED)
        if connection.closing and not writer.done():
            await asyncio.wait({writer}, timeout=1.0)
    finally:
        for task in (reader, writer):
            task.cancel()
        results = await asyncio.gather(reader, writer, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, ConnectionError):
            log.error("socket %s failed", connection.name, exc_info=result)
    with contextlib.suppress(ConnectionError):
        await connection.abandon()
