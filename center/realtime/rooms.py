"""Which page of which peer is present in which room, and what each peer sees of it.

Only presence is kept here, and only in memory: who *belongs* to a room is the domain's decision,
and after a restart of the center the pages join again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from center.domain.rooms import Member, Room, polite
from center.protocol.views import IceServer, PeerView, RoomView
from center.protocol.words import IceTransportPolicy, PeerRole
from center.realtime.registry import Link
from center.services.directory import Entry


@dataclass(frozen=True)
class Present:
    """A page in a room; `link` is None while its socket is cut."""

    page_session: str
    link: Link | None


class Carrier(Protocol):
    """What stands in a room for an engine, and in the place of each of its people."""

    def feeds(self) -> Mapping[str, str]:
        """The page session by which each peer is to be linked to, as far as there is something;
        none at all, not even of the engine, when all that there was is lost."""

    def take(self, sender: str, to: str, payload: str) -> None:
        """Signalling of a page that the room allows."""

    async def follow(self, room: Room, present: Collection[str]) -> None:
        """Done when nobody gets more of anybody than the room allows now, and nothing is recorded
        unless the recorder belongs to the room."""

    async def record(self, takes: Mapping[str, str]) -> None:
        """Record these peers from now on and nobody else, in files that begin with these names."""

    @property
    def records_into(self) -> Path | None:
        """The folder of those files, if there is one."""


class Presence:
    """Rooms by id, pages by peer id, and what carries the larger rooms."""

    def __init__(self) -> None:
        self._rooms: dict[str, dict[str, Present]] = {}
        self._known: dict[str, Room] = {}
        self._carriers: dict[str, Carrier] = {}

    def of(self, room_id: str) -> Mapping[str, Present]:
        """Who is present, by peer id."""
        return self._rooms.get(room_id, {})

    def seen(self) -> dict[str, dict[str, Present]]:
        """Who is present in every room by now."""
        return {room_id: dict(present) for room_id, present in self._rooms.items()}

    def link(self, room_id: str, peer_id: str) -> Link | None:
        """The socket through which a peer of the room is reached."""
        present = self.of(room_id).get(peer_id)
        return present.link if present else None

    def known(self, room_id: str) -> Room | None:
        """The room as its peers were last told; saves reading it for each signal."""
        return self._known.get(room_id)

    def carrier(self, room_id: str) -> Carrier | None:
        """What carries the room now."""
        return self._carriers.get(room_id)

    def carry(self, room_id: str, carrier: Carrier | None) -> None:
        """From now on this carries the room; None: nothing does."""
        if carrier is not None:
            self._carriers[room_id] = carrier
        else:
            self._carriers.pop(room_id, None)

    def join(self, room_id: str, link: Link, page_session: str) -> None:
        """The peer's page is here; an older page of the same peer is forgotten."""
        self._rooms.setdefault(room_id, {})[link.peer_id] = Present(page_session, link)

    def leave(self, room_id: str, link: Link) -> None:
        """The page behind this socket went away; another page of the same peer stays."""
        if self.link(room_id, link.peer_id) is link:
            del self._rooms[room_id][link.peer_id]

    def drop(self, link: Link) -> tuple[str, ...]:
        """A socket is gone. Its pages may live on and their media too, so they stay, offline."""
        affected = tuple(room for room in self._rooms if self.link(room, link.peer_id) is link)
        for room_id in affected:
            peers = self._rooms[room_id]
            peers[link.peer_id] = replace(peers[link.peer_id], link=None)
        return affected

    def keep(self, room_id: str, room: Room | None, seen: Mapping[str, Present]) -> None:
        """Note the room as it is, and forget whoever of `seen` does not belong to it (any more).

        `seen` is who was present before `room` was read: a page that joined meanwhile was let in by
        a newer reading, and stays.
        """
        if room is not None:
            self._known[room_id] = room
        else:
            self._known.pop(room_id, None)
        members = {member.peer_id for member in room.members} if room else set()
        here = self._rooms.get(room_id, {})
        for peer_id, present in seen.items():
            if peer_id not in members and here.get(peer_id) is present:
                del here[peer_id]
        if not here:
            self._rooms.pop(room_id, None)


def room_view(
    room: Room,
    you: str,
    present: Mapping[str, Present],
    entries: Mapping[str, Entry],
    ice: tuple[IceServer, ...],
    policy: IceTransportPolicy,
) -> RoomView:
    """The room as the peer `you` sees it."""
    me = room.member(you)
    peers = tuple(
        _peer(room, me, other, present.get(other.peer_id), entries[other.peer_id].name)
        for other in room.others(you)
    )
    mine = present.get(you)
    return RoomView(
        room_id=room.room_id,
        open=room.open,
        you=you,
        your_session=mine.page_session if mine else None,
        peers=peers,
        ice_servers=ice,
        ice_transport_policy=policy,
    )


def through_engine(view: RoomView, feeds: Mapping[str, str] | None) -> RoomView:
    """The same room where everybody is linked to by the `Carrier.feeds`.

    Without a carrier (the center was started anew) links go on as they are; when all is lost they
    end: nothing would come of looking for a server that is not there.
    """
    if feeds is not None and not feeds:
        return view.model_copy(update={"peers": ()})
    known = feeds or {}
    peers = tuple(_forwarded(peer, known.get(peer.peer_id)) for peer in view.peers)
    return view.model_copy(update={"peers": peers})


def _forwarded(peer: PeerView, feed: str | None) -> PeerView:
    """Until there is something of somebody, an older link to their page goes on by the rule."""
    to_engine = peer.role is PeerRole.ENGINE
    link = {"page_session": feed, "online": feed is not None, "polite": not to_engine}
    send = peer.send if to_engine or feed is None else ()
    return peer.model_copy(update={**link, "send": send})


def _peer(room: Room, me: Member, other: Member, present: Present | None, name: str) -> PeerView:
    return PeerView(
        peer_id=other.peer_id,
        role=other.role,
        name=name if room.named or other.role is PeerRole.RECORDER else "",
        page_session=present.page_session if present else None,
        online=present is not None and present.link is not None,
        polite=polite(me, other),
        send=tuple(sorted(room.tracks(me.peer_id, other.peer_id))),
    )
