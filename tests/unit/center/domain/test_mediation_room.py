"""Nothing of a side room reaches the others; a protected person's picture only the mediator."""

import contextlib
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.domain import mediation_events as ev
from center.domain.errors import DomainError, NotInRoom
from center.domain.mediation import Mediation, Seat
from center.domain.mediation_room import apart, flow, peer_of, room_of_mediation
from center.domain.mediation_transitions import advance
from center.domain.rooms import ALL_TRACKS, Room
from center.protocol.words import Protection, SeatRole, Track
from tests.unit.center.domain.mediations import CONVENED, FOUR, NOW, after, come, invited
from tests.unit.center.domain.test_mediation import EVENTS

PEERS = {"mediator": "staff:piao", "a": "kiosk:K01", "b": "kiosk:K02", "i": "staff:jin"}
PICTURE = frozenset({Track.FACE_VIDEO, Track.DESK_VIDEO})
FACE = frozenset({Track.FACE_VIDEO})
SOUND = frozenset({Track.FACE_AUDIO})
TALK = SOUND | FACE
SEEN = ev.ProtectionSet("a", Protection.SEEN_BY_MEDIATOR)
HEARD = ev.ProtectionSet("a", Protection.HEARD_ONLY)
NOTHING: frozenset[Track] = frozenset()


def room(mediation: Mediation) -> Room:
    found = room_of_mediation(mediation)
    assert found is not None
    return found


def sent(mediation: Mediation, sender: str, to: str) -> frozenset[Track] | None:
    return flow(mediation, mediation.seat(sender), mediation.seat(to))


def test_there_is_no_room_before_it_opens_and_after_it_ends() -> None:
    assert room_of_mediation(after(CONVENED, invited("a"))) is None
    assert room_of_mediation(after(ev.Ended(), start=FOUR)) is None


def test_who_waits_is_in_no_room() -> None:
    waiting = after(ev.Dismissed("a"), start=FOUR)
    with pytest.raises(NotInRoom):
        room(waiting).member("kiosk:K01")
    assert not room(waiting).may_signal("staff:piao", "kiosk:K01")


def test_everybody_in_the_room_connects_to_everybody_else() -> None:
    for peer in PEERS.values():
        others = {member.peer_id for member in room(FOUR).others(peer)}
        assert others == set(PEERS.values()) - {peer}


TABLE: list[tuple[str, tuple[ev.Event, ...], str, str, frozenset[Track] | None]] = [
    ("all", (), "a", "b", TALK),
    ("the interpreter to a listener", (), "i", "b", TALK),
    ("the interpreter to who does not listen", (), "i", "a", FACE),
    ("the interpreter to the mediator", (), "i", "mediator", ALL_TRACKS),
    ("muted", (ev.Muted("a"),), "a", "b", FACE),
    ("muted mediator", (ev.Muted("mediator"),), "mediator", "b", FACE),
    ("another has the floor", (ev.FloorGiven("b"),), "a", "mediator", PICTURE),
    ("with the floor", (ev.FloorGiven("b"),), "b", "a", TALK),
    ("the mediator beside the floor", (ev.FloorGiven("b"),), "mediator", "a", TALK),
    ("the interpreter beside the floor", (ev.FloorGiven("a"),), "i", "b", TALK),
    ("seen by the mediator: others", (SEEN,), "a", "b", SOUND),
    ("seen by the mediator: mediator", (SEEN,), "a", "mediator", ALL_TRACKS),
    ("heard only: mediator", (HEARD,), "a", "mediator", SOUND),
    ("protected people see", (HEARD,), "b", "a", TALK),
    ("side room within", (ev.SideOpened("a"),), "a", "mediator", ALL_TRACKS),
    ("side room, any floor", (ev.FloorGiven("b"), ev.SideOpened("a")), "a", "mediator", ALL_TRACKS),
    ("side room to outside", (ev.SideOpened("a"),), "mediator", "b", None),
    ("side room from outside", (ev.SideOpened("a"),), "b", "a", None),
    ("side room and interpreter", (ev.SideOpened("b"),), "i", "b", None),
    ("interpreted side room", (ev.SideOpened("b", interpreted=True),), "i", "b", TALK),
    ("those outside stay together", (ev.SideOpened("a"),), "b", "i", TALK),
    ("after the side room", (ev.SideOpened("a"), ev.SideClosed()), "mediator", "b", TALK),
]  # fmt: skip


@pytest.mark.parametrize(
    ("events", "sender", "to", "tracks"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_what_goes_to_whom(
    events: tuple[ev.Event, ...], sender: str, to: str, tracks: frozenset[Track] | None
) -> None:
    mediation = after(*events, start=FOUR)
    assert sent(mediation, sender, to) == tracks
    assert room(mediation).tracks(PEERS[sender], PEERS[to]) == (tracks or NOTHING)
    assert room(mediation).may_signal(PEERS[sender], PEERS[to]) is (tracks is not None)


CARRIED = after(
    CONVENED,
    invited("a"),
    invited("b"),
    ev.Opened(mesh=2, places=3),
    *come("a", "K01"),
    *come("b", "K02"),
    ev.Carried("one"),
)
ENGINE = "engine:m1"


def test_an_engine_is_a_member_like_others() -> None:
    assert room(CARRIED).engine == ENGINE
    others = {member.peer_id for member in room(CARRIED).others("kiosk:K01")}
    assert others == {"staff:piao", "kiosk:K02", ENGINE}
    assert room(FOUR).engine is None


def test_an_engine_gets_what_somebody_may_have() -> None:
    """Papers go to the mediator alone, who sends their own nowhere."""
    assert room(CARRIED).tracks("kiosk:K01", ENGINE) == ALL_TRACKS
    assert room(CARRIED).tracks("staff:piao", ENGINE) == TALK
    assert room(CARRIED).tracks(ENGINE, "kiosk:K01") == NOTHING
    hidden = room(after(ev.ProtectionSet("a", Protection.HEARD_ONLY), start=CARRIED))
    assert hidden.tracks("kiosk:K01", ENGINE) == SOUND
    silent = room(after(ev.Muted("a"), start=CARRIED))
    assert silent.tracks("kiosk:K01", ENGINE) == PICTURE
    alone = room(after(ev.SideOpened("a"), start=CARRIED))
    assert alone.tracks("kiosk:K02", ENGINE) == NOTHING


@given(st.lists(EVENTS, max_size=25))
def test_nothing_of_a_side_room_gets_out_and_no_protected_picture(story: list[ev.Event]) -> None:
    mediation = FOUR
    for event in story:
        with contextlib.suppress(DomainError):
            mediation = advance(mediation, event, NOW)
        if room_of_mediation(mediation) is not None:
            for sender, to in permutations(mediation.admitted, 2):
                no_secret_goes(mediation, sender, to)


def no_secret_goes(mediation: Mediation, sender: Seat, to: Seat) -> None:
    here, there = peer_of(sender) or "", peer_of(to) or ""
    tracks = room(mediation).tracks(here, there)
    if apart(mediation, sender) is not apart(mediation, to):
        assert not tracks
        assert not room(mediation).may_signal(here, there)
        assert there not in {member.peer_id for member in room(mediation).others(here)}
    if sender.protection is not Protection.NONE and to.role is not SeatRole.MEDIATOR:
        assert not tracks & PICTURE
    if sender.protection is Protection.HEARD_ONLY:
        assert not tracks & PICTURE
    if sender.muted:
        assert Track.FACE_AUDIO not in tracks
