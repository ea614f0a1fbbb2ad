"""Who belongs to a room, who may signal, who is polite."""

from dataclasses import replace

import pytest

from center.domain.errors import NotInRoom
from center.domain.rooms import Member, Room, polite, room_of
from center.protocol.words import ConsultationState as State
from center.protocol.words import PeerRole
from tests.unit.center.domain.samples import WAY, after

KIOSK, STAFF = Member("kiosk:K01", PeerRole.KIOSK), Member("staff:jin", PeerRole.STAFF)
OTHER = Member("kiosk:K02", PeerRole.KIOSK)
RECORDER = Member("recorder:r1", PeerRole.RECORDER)
ROOM = Room("c1", (KIOSK, STAFF), open=True)


@pytest.mark.parametrize("state", State)
def test_a_room_is_there_from_the_request_on_and_open_while_they_talk(state: State) -> None:
    room = room_of(after(*WAY[state]))
    if state in (State.CONNECTING, State.ACTIVE, State.INTERRUPTED):
        assert room == ROOM
    elif state is State.OFFERED:
        assert room == replace(ROOM, open=False)
    else:
        assert room == (Room("c1", (KIOSK,), open=False) if state is State.WAITING else None)


@pytest.mark.parametrize(
    ("sender", "to", "may"),
    [
        ("kiosk:K01", "staff:jin", True),
        ("staff:jin", "kiosk:K01", True),
        ("staff:jin", "staff:jin", False),
        ("kiosk:K02", "staff:jin", False),
        ("staff:jin", "kiosk:K02", False),
    ],
)
def test_signalling_stays_in_the_room(sender: str, to: str, *, may: bool) -> None:
    assert ROOM.may_signal(sender, to) is may


def test_everybody_connects_to_everybody_else() -> None:
    three = Room("c1", (KIOSK, STAFF, OTHER), open=True)
    assert three.others("kiosk:K01") == (STAFF, OTHER)
    with pytest.raises(NotInRoom):
        ROOM.others("kiosk:K02")


@pytest.mark.parametrize(
    ("you", "other"),
    [(KIOSK, STAFF), (OTHER, STAFF), (OTHER, KIOSK), (RECORDER, KIOSK), (RECORDER, STAFF)],
)
def test_exactly_one_side_is_polite(you: Member, other: Member) -> None:
    assert polite(you, other)
    assert not polite(other, you)
