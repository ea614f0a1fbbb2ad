"""Which page of which peer is present in which room.

Only presence is kept here, and only in memory: who *belongs* to a room is the domain's decision,
and after a restart of the center the pages join again.
"""

from dataclasses import dataclass, replace

from center.realtime.registry import Link


@dataclass(frozen=True)
class Present:
    """A page in a room; `link` is None while its socket is cut."""

    page_session: str
    link: Link | None


class Presence:
    """Rooms by id, pages by peer id."""

    def __init__(self) -> None:
        self._rooms: dict[str, dict[str, Present]] = {}

    def of(self, room_id: str) -> dict[str, Present]:
        """A copy of who is present, by peer id."""
        return dict(self._rooms.get(room_id, {}))

    def link(self, room_id: str, peer_id: str) -> Link | None:
        """The socket through which a peer of the room is reached."""
        present = self._rooms.get(room_id, {}).get(peer_id)
        return present.link if present else None

    def join(self, room_id: str, link: Link, page_session: str) -> None:
        """The peer's page is here; an older page of the same peer is forgotten."""
        self._rooms.setdefault(room_id, {})[link.peer_id] = Present(page_session, link)

    def leave(self, room_id: str, peer_id: str) -> None:
        """The peer's page went away."""
        self._rooms.get(room_id, {}).pop(peer_id, None)

    def drop(self, link: Link) -> tuple[str, ...]:
        """A socket is gone. Its pages may live on and their media too, so they stay, offline."""
        affected = [room for room, peers in self._rooms.items() if _at(peers, link)]
        for room in affected:
            peers = self._rooms[room]
            peers[link.peer_id] = replace(peers[link.peer_id], link=None)
        return tuple(affected)

    def close(self, room_id: str) -> None:
        """The room is gone."""
        self._rooms.pop(room_id, None)

    def rooms(self) -> tuple[str, ...]:
        """Ids of rooms in which somebody is or was present."""
        return tuple(self._rooms)


def _at(peers: dict[str, Present], link: Link) -> bool:
    present = peers.get(link.peer_id)
    return present is not None and present.link is link
