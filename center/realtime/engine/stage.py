"""One room of the center on one server: who sends into it, and who receives what.

Each present page may send; a page receives from those whom the room's rule connects it to, and of
them what the rule allows. The rule is followed here before anybody is told of a change, so what is
private is private on the server before it is called so on a screen.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Self

from center.domain.rooms import ALL_TRACKS, Room, engine_peer
from center.protocol.words import PeerRole
from center.realtime.engine.janus import Janus, JanusDownError, JanusRefusedError
from center.realtime.engine.reports import of_person, of_room
from center.realtime.engine.talks import PEOPLE, ReceivingTalk, SendingTalk, Share
from center.realtime.engine.videoroom import VideoRoom
from center.realtime.talk import Ends
from config.settings import JanusServer

log = logging.getLogger(__name__)

LARGE_PICTURES = 6
"""People up to whom everybody is shown large; with more, faces on a screen are small anyway."""

Say = Callable[[str, str, str], object]
"""Brings to a page (the first) a payload (the last) in the name of another peer."""


class Lost:
    """In the place of a stage whose server is gone: until there is another, nobody has anybody."""

    records_into = None

    def feeds(self) -> Mapping[str, str]:
        """See `Carrier`."""
        return {}

    def take(self, sender: str, to: str, payload: str) -> None:
        """What was said to the server before is heard by nobody any more."""

    async def follow(self, room: Room, present: Collection[str]) -> None:
        """Nothing is forwarded."""

    async def record(self, takes: Mapping[str, str]) -> None:
        """Nothing is recorded."""


class Stage:
    """Make it with `open`; over for good when `lost`."""

    def __init__(
        self, room_id: str, videoroom: VideoRoom, say: Say, changed: Callable[[], None]
    ) -> None:
        self.lost = videoroom.janus.lost
        self._engine = engine_peer(room_id)
        # Closed to everybody until it is told who belongs to it.
        self._room = Room(room_id, (), open=False)
        self._videoroom = videoroom
        self._say, self._changed = say, changed
        self._session = token_hex(8)
        self._sending: dict[str, SendingTalk] = {}
        self._receiving: dict[tuple[str, str], ReceivingTalk] = {}
        self._takes: Mapping[str, str] = {}

    @classmethod
    async def open(
        cls, room_id: str, server: JanusServer, people: int, say: Say, changed: Callable[[], None]
    ) -> Self:
        """The room on this server, still empty. Raises JanusDownError, JanusRefusedError."""
        janus = await Janus.connect(server)
        try:
            return cls(room_id, await VideoRoom.create(janus, room_id, people), say, changed)
        except BaseException:
            await janus.close()
            raise

    async def close(self) -> None:
        """Everybody is out."""
        await self._hush()
        with suppress(JanusDownError, JanusRefusedError):
            await self._videoroom.destroy()
        await self._videoroom.janus.close()

    async def let_go(self) -> None:
        """Nobody decides here any more; what flows goes on until another stage takes its place."""
        await self._hush()
        await self._videoroom.janus.let_go()

    async def _hush(self) -> None:
        for talk in (*self._sending.values(), *self._receiving.values()):
            await talk.close()

    def feeds(self) -> Mapping[str, str]:
        """The page session by which each peer is to be linked to, as far as there is something."""
        people = {
            peer: talk.feed.name for peer, talk in self._sending.items() if talk.feed is not None
        }
        return {self._engine: self._session, **people}

    def take(self, sender: str, to: str, payload: str) -> None:
        """Signalling of a page to the engine, or to a peer in whose place the engine answers; it
        is known to be allowed."""
        if to == self._engine:
            self._sender(sender).take(payload)
        elif receiving := self._receiver(sender, to):
            receiving.take(payload)

    @property
    def records_into(self) -> Path | None:
        """See `Carrier`."""
        return self._videoroom.janus.server.recordings

    async def record(self, takes: Mapping[str, str]) -> None:
        """See `Carrier`."""
        self._takes = takes
        with suppress(JanusDownError):
            await self._keep()

    async def follow(self, room: Room, present: Collection[str]) -> None:
        """Forward what the room's rule allows those who are present, and nothing else."""
        self._room = room
        try:
            for peer in set(self._sending) - set(present):
                await self._cut(self._sending.pop(peer))
            await self._keep()
            await asyncio.gather(
                *(self._limit(to, source, present) for to, source in tuple(self._receiving))
            )
        except JanusDownError as error:
            log.warning("%s: %s", room.room_id, error)

    async def _keep(self) -> None:
        """Record those who are to be recorded."""
        takes = self._taken()
        for peer, talk in tuple(self._sending.items()):
            self._want(peer)
            try:
                await talk.record(takes.get(peer))
            except JanusRefusedError as error:
                log.error("the recording of %s: %s", peer, error)  # noqa: TRY400
                if talk.keeps:
                    await self._silence(talk)

    def _taken(self) -> Mapping[str, str]:
        """Nobody while the recorder is not in the room."""
        here = any(member.role is PeerRole.RECORDER for member in self._room.members)
        return self._takes if here else {}

    def _want(self, source: str) -> None:
        """Papers are sent while somebody looks at them, or they are recorded."""
        if sending := self._sending.get(source):
            gets = (talk.gets for (_, of), talk in self._receiving.items() if of == source)
            sending.want(PEOPLE.union(*gets, ALL_TRACKS if source in self._taken() else ()))

    async def _limit(self, to: str, source: str, present: Collection[str]) -> None:
        talk, sending = self._receiving[to, source], self._sending.get(source)
        connected = to in present and self._room.may_signal(source, to)
        if not connected or sending is None or sending.feed is not talk.feed:
            del self._receiving[to, source]
            await self._cut(talk)
            return
        try:
            await talk.allow(self._share(to, source, sending))
            self._tell(to, source)
        except JanusRefusedError as error:
            log.warning("%s gets nothing of %s: %s", to, source, error)
            await self._silence(talk)

    async def _silence(self, talk: SendingTalk | ReceivingTalk) -> None:
        """What the server does not stop as it is told ends with the connection."""
        talk.begin_anew()
        with suppress(JanusRefusedError):
            await talk.hang_up()

    async def _cut(self, talk: SendingTalk | ReceivingTalk) -> None:
        await talk.close()
        # What the server does not know (any more) forwards nothing.
        with suppress(JanusRefusedError):
            await talk.hang_up()

    def _sender(self, peer: str) -> SendingTalk:
        if peer not in self._sending:
            ends = self._ends(peer, self._engine, self._session)
            said = partial(self._said, peer)
            self._sending[peer] = SendingTalk(peer, ends, said, self._videoroom, self._changed)
        return self._sending[peer]

    def _receiver(self, peer: str, source: str) -> ReceivingTalk | None:
        known, sending = self._receiving.get((peer, source)), self._sending.get(source)
        if known is not None or sending is None or sending.feed is None:
            return known
        ends = self._ends(peer, source, sending.feed.name)
        share = self._share(peer, source, sending)
        received = partial(self._received, peer, source)
        talk = ReceivingTalk(peer, ends, received, self._videoroom, sending.feed, share)
        self._receiving[peer, source] = talk
        return talk

    def _said(self, peer: str) -> None:
        """Of oneself: whoever receives that one is told."""
        for to, source in self._receiving:
            if source == peer:
                self._tell(to, source)

    def _received(self, peer: str, source: str) -> None:
        """How `peer` receives `source`: told to that one, of `peer` and of all."""
        self._tell(peer, source)
        self._tell(source, peer)
        if sending := self._sending.get(source):
            talks = (talk for (_, of), talk in self._receiving.items() if of == source)
            sending.tell(of_room([talk.report for talk in talks if talk.report]))
        self._want(source)

    def _tell(self, to: str, source: str) -> None:
        talk, sending = self._receiving.get((to, source)), self._sending.get(source)
        if talk and talk.report and sending and sending.report:
            back = self._receiving.get((source, to))
            receives = back.report if back else None
            talk.tell(of_person(sending.report, talk.share.tracks, receives))

    def _share(self, to: str, source: str, sending: SendingTalk) -> Share:
        crowded = len(self._sending) > LARGE_PICTURES
        return Share(self._room.tracks(source, to), sending.sends, small=crowded)

    def _ends(self, peer: str, as_peer: str, session: str) -> Ends:
        return Ends(self._room.room_id, session, partial(self._say, peer, as_peer))
