"""A mediation is recorded while everybody in the room agrees, and never what is private."""

from dataclasses import replace

import pytest

from center.domain import mediation_events as ev
from center.domain.errors import IllegalTransition
from center.domain.mediation import Mediation
from center.domain.mediation_room import room_of_mediation
from center.domain.recording import (
    RecorderReported,
    RecordingAnswered,
    RecordingAsked,
    RecordingStopped,
)
from center.protocol.words import PeerRole, Protection, RecorderFault, StopCause, Track
from center.protocol.words import RecordingState as State
from tests.unit.center.domain.mediations import FOUR, after, come, invited

RECORDER = "recorder:r1"
ASKED = after(RecordingAsked("r1", "mediator"), start=FOUR)
RUNNING = after(*(RecordingAnswered("r1", seat, True) for seat in "abi"), start=ASKED)
NEW = (invited("c"), *come("c", "K03"))


def recorders(mediation: Mediation) -> list[str]:
    room = room_of_mediation(mediation)
    members = room.members if room else ()
    return [member.peer_id for member in members if member.role is PeerRole.RECORDER]


def recorded(mediation: Mediation, peer: str) -> frozenset[Track]:
    room = room_of_mediation(mediation)
    assert room is not None
    return room.tracks(peer, RECORDER)


def test_it_runs_with_the_yes_of_the_last_of_four() -> None:
    nearly = after(*(RecordingAnswered("r1", seat, True) for seat in "ab"), start=ASKED)
    assert (nearly.recording.state, recorders(nearly)) == (State.ASKED, [])
    assert (RUNNING.recording.state, recorders(RUNNING)) == (State.RUNNING, [RECORDER])


ENDS: list[tuple[str, tuple[ev.Event, ...], StopCause]] = [
    ("a party says no", (RecordingAnswered("r1", "b", False),), StopCause.REFUSED),
    ("the interpreter stops it", (RecordingStopped("r1", "i"),), StopCause.STOPPED),
    ("the mediator stops it", (RecordingStopped("r1", "mediator"),), StopCause.STOPPED),
    ("it is over", (ev.Ended(),), StopCause.TALK_OVER),
]


@pytest.mark.parametrize(("events", "cause"), [e[1:] for e in ENDS], ids=[e[0] for e in ENDS])
def test_anybody_ends_it(events: tuple[ev.Event, ...], cause: StopCause) -> None:
    ended = after(*events, start=RUNNING)
    assert (ended.recording.state, ended.recording.cause) == (State.STOPPED, cause)
    assert recorders(ended) == []


def test_whoever_comes_without_having_agreed_ends_it() -> None:
    smaller = after(ev.Parted("i"), start=RUNNING)
    waiting = after(*NEW[:2], start=smaller)
    assert waiting.recording.state is State.RUNNING
    inside = after(NEW[2], start=waiting)
    assert (inside.recording.state, inside.recording.cause) == (State.STOPPED, StopCause.NEWCOMER)


def test_another_person_at_the_same_kiosk_has_not_agreed() -> None:
    gone = after(ev.Parted("a"), start=RUNNING)
    assert gone.recording.state is State.RUNNING
    assert after(*come("a", "K05"), start=gone).recording.state is State.RUNNING
    another = after(invited("c"), *come("c", "K01"), start=gone)
    assert another.recording.cause is StopCause.NEWCOMER


def test_who_went_away_unasked_is_not_waited_for() -> None:
    left = after(*(RecordingAnswered("r1", seat, True) for seat in "ab"), start=ASKED)
    assert after(ev.Parted("i"), start=left).recording.state is State.RUNNING


@pytest.mark.parametrize("event", [RecordingAnswered("r1", "b", True), RecordingStopped("r1", "b")])
def test_who_is_not_in_the_room_has_no_say(event: ev.Event) -> None:
    outside = after(ev.Dismissed("b"), start=RUNNING)
    with pytest.raises(IllegalTransition):
        after(event, start=outside)


APART: list[tuple[str, tuple[ev.Event, ...]]] = [
    ("they come back", (ev.SideClosed(),)),
    ("who was apart leaves", (ev.Parted("a"),)),
    ("who was apart is sent out", (ev.Dismissed("a"),)),
]


@pytest.mark.parametrize("back", [a[1] for a in APART], ids=[a[0] for a in APART])
def test_nothing_is_recorded_while_somebody_is_apart(back: tuple[ev.Event, ...]) -> None:
    private = after(ev.SideOpened("a"), start=RUNNING)
    assert private.recording == RUNNING.recording
    assert (private.recorded, recorders(private)) == (False, [])
    assert recorders(after(*back, start=private)) == [RECORDER]


def test_what_is_agreed_to_while_somebody_is_apart_begins_afterwards() -> None:
    nearly = after(*(RecordingAnswered("r1", seat, True) for seat in "ai"), start=ASKED)
    private = after(ev.SideOpened("a"), RecordingAnswered("r1", "b", True), start=nearly)
    assert (private.recording.state, recorders(private)) == (State.RUNNING, [])
    assert recorders(after(ev.SideClosed(), start=private)) == [RECORDER]


SOUND, FACE = frozenset({Track.FACE_AUDIO}), frozenset({Track.FACE_VIDEO})
KEPT: list[tuple[str, tuple[ev.Event, ...], str, frozenset[Track]]] = [
    ("all of a party", (), "kiosk:K01", frozenset(Track)),
    ("all of the mediator", (), "staff:piao", frozenset(Track)),
    ("what the mediator sees", (ev.ProtectionSet("a", Protection.SEEN_BY_MEDIATOR),),
     "kiosk:K01", frozenset(Track)),
    ("no face that nobody sees", (ev.ProtectionSet("a", Protection.HEARD_ONLY),),
     "kiosk:K01", SOUND),
    ("nothing of one who is muted", (ev.Muted("a"),), "kiosk:K01", frozenset(Track) - SOUND),
    ("who has not the floor", (ev.FloorGiven("b"),), "kiosk:K01", frozenset(Track) - SOUND),
    ("nobody hears of it", (ev.ProtectionSet("a", Protection.HEARD_ONLY), ev.Muted("a")),
     "kiosk:K01", frozenset()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("events", "peer", "kept"), [k[1:] for k in KEPT], ids=[k[0] for k in KEPT]
)
def test_the_recorder_gets_what_the_mediator_gets(
    events: tuple[ev.Event, ...], peer: str, kept: frozenset[Track]
) -> None:
    assert recorded(after(*events, start=RUNNING), peer) == kept


def test_everybody_sees_the_recorder_and_it_sends_nothing() -> None:
    room = room_of_mediation(RUNNING)
    assert room is not None
    for peer in ("staff:piao", "kiosk:K01", "kiosk:K02", "staff:jin"):
        assert RECORDER in {member.peer_id for member in room.others(peer)}
        assert room.tracks(RECORDER, peer) == frozenset()


def test_through_an_engine_it_is_seen_too_and_is_not_the_engine_s_peer() -> None:
    carried = replace(RUNNING, engine=True, carrier="one")
    room = room_of_mediation(carried)
    assert room is not None
    assert not room.may_signal("engine:m1", RECORDER)
    assert RECORDER in {member.peer_id for member in room.others("kiosk:K01")}


def test_a_fault_is_noted_and_passes() -> None:
    full = after(RecorderReported("r1", RecorderFault.DISK_FULL), start=RUNNING)
    assert full.recording.fault is RecorderFault.DISK_FULL
    assert after(RecorderReported("r1", None), start=full).recording == RUNNING.recording
