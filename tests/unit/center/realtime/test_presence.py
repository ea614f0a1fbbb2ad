"""Who is present in a room, when readings of the room come late."""

from types import SimpleNamespace
from typing import cast

from center.domain.rooms import Member, Room
from center.protocol.views import PeerView, RoomView
from center.protocol.words import PeerRole, Track
from center.realtime.registry import Link
from center.realtime.rooms import Presence, through_engine

MEMBERS = (Member("kiosk:K01", PeerRole.KIOSK), Member("staff:jin", PeerRole.STAFF))
ROOM = Room("c1", MEMBERS, open=True)


def link(peer_id: str) -> Link:
    return cast("Link", SimpleNamespace(peer_id=peer_id))


def test_a_page_that_joined_after_the_reading_began_stays() -> None:
    presence = Presence()
    seen = dict(presence.of("c1"))
    presence.join("c1", link("kiosk:K01"), "page-1")
    presence.keep("c1", None, seen)
    assert presence.of("c1")["kiosk:K01"].page_session == "page-1"


def test_a_page_that_joined_anew_during_the_reading_stays() -> None:
    presence = Presence()
    presence.join("c1", link("kiosk:K01"), "page-1")
    seen = dict(presence.of("c1"))
    presence.join("c1", link("kiosk:K01"), "page-2")
    presence.keep("c1", None, seen)
    assert presence.of("c1")["kiosk:K01"].page_session == "page-2"


def test_whoever_belongs_no_more_is_forgotten() -> None:
    presence = Presence()
    presence.join("c1", link("kiosk:K01"), "page-1")
    presence.join("c1", link("staff:li"), "page-2")
    presence.keep("c1", ROOM, dict(presence.of("c1")))
    assert set(presence.of("c1")) == {"kiosk:K01"}
    presence.keep("c1", None, dict(presence.of("c1")))
    assert dict(presence.of("c1")) == {}


def test_through_an_engine_everybody_has_a_page_session_of_its_carrier() -> None:
    def peer(peer_id: str, role: PeerRole) -> PeerView:
        return PeerView(
            peer_id=peer_id, role=role, name="", page_session="own", online=True, polite=True
        )

    peers = (
        peer("engine:m1", PeerRole.ENGINE),
        peer("kiosk:K01", PeerRole.KIOSK),
        peer("kiosk:K02", PeerRole.KIOSK),
    )
    view = RoomView(room_id="m1", open=True, you="staff:jin", peers=peers, ice_servers=())
    engine, fed, silent = through_engine(view, {"engine:m1": "e", "kiosk:K01": "f"}).peers
    assert (engine.page_session, engine.polite, engine.send) == ("e", False, tuple(Track))
    assert (fed.page_session, fed.polite, fed.send) == ("f", True, ())
    assert (silent.page_session, silent.online, silent.send) == (None, False, tuple(Track))
    waiting = through_engine(view, None).peers
    assert [peer.page_session for peer in waiting] == [None, None, None]
    assert through_engine(view, {}).peers == (), "all is lost"
