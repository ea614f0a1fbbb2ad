"""Papers while talking, on the sockets: what both sides ask, and the pointer."""

from typing import assert_never

from center.domain.errors import NotInRoom
from center.protocol.papers import (
    MarkPut,
    MarkTakeBack,
    PointerMove,
    PointerMoved,
    SheetClose,
)
from center.protocol.words import PeerRole
from center.realtime.hub import Hub
from center.realtime.registry import KioskLink, Link, PageLink

PapersRequest = SheetClose | MarkPut | MarkTakeBack | PointerMove
"""What both sides may ask."""


async def handle_papers(hub: Hub, link: PageLink, frame: PapersRequest) -> None:
    """One request, one service call; one arm a frame."""
    papers = hub.services.papers
    if isinstance(link, KioskLink):
        side, who = PeerRole.KIOSK, link.kiosk_id
    else:
        side, who = PeerRole.STAFF, link.staff_id
    match frame:
        case SheetClose(consultation_id=consultation, sheet_id=sheet):
            await papers.close(side, who, consultation, sheet)
        case MarkPut(consultation_id=consultation, mark=drawing):
            await papers.draw(side, who, consultation, drawing)
        case MarkTakeBack(consultation_id=consultation, mark_id=mark):
            await papers.take_back(side, who, consultation, mark)
        case PointerMove():
            await _point(hub, link, frame)
        case _:
            assert_never(frame)


async def _point(hub: Hub, link: Link, frame: PointerMove) -> None:
    """Show the others where this side points, if they are there; nothing of it is kept.

    Raises:
        NotInRoom: the sender does not belong to the room, or nobody accepted yet.
    """
    room = hub.presence.known(frame.room_id) or await hub.services.rooms.room(frame.room_id)
    if room is None or not room.open:
        raise NotInRoom(frame.room_id)
    moved = PointerMoved(
        room_id=frame.room_id, sender=link.peer_id, sha256=frame.sha256, at=frame.at
    )
    for other in room.others(link.peer_id):
        if target := hub.presence.link(frame.room_id, other.peer_id):
            target.connection.send_newest(f"pointer {link.peer_id}", moved)
