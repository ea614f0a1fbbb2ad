"""Coming, waiting apart, being admitted, going; and that what is refused changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.domain import mediation_events as ev
from center.domain.errors import Conflict, DomainError, IllegalTransition, RoomFull, RoomLocked
from center.domain.log import encode, replay_mediation
from center.domain.mediation import MESH_LIMIT, Mediation
from center.domain.mediation_transitions import advance
from center.domain.recording import (
    RecorderReported,
    RecordingAnswered,
    RecordingAsked,
    RecordingStopped,
)
from center.protocol.words import (
    Language,
    MediationState,
    Protection,
    RecorderFault,
    SeatRole,
    SeatState,
)
from tests.unit.center.domain.mediations import CONVENED, FOUR, NOW, after, come, invited

OPEN = after(CONVENED, invited("a"), ev.Opened())
WAITING = after(ev.Arrived("a", "K01"), start=OPEN)


def test_the_mediator_is_in_the_room_when_it_opens_and_alone() -> None:
    assert [seat.seat_id for seat in OPEN.admitted] == ["mediator"]
    assert OPEN.opened_at is not None


def test_everybody_waits_apart_until_admitted() -> None:
    assert WAITING.seat("a").state is SeatState.WAITING
    assert "a" not in {seat.seat_id for seat in WAITING.admitted}
    inside = after(ev.Admitted("a"), start=WAITING)
    assert inside.seat("a").state is SeatState.ADMITTED


def test_who_arrives_again_at_the_same_kiosk_tells_nothing_new() -> None:
    assert after(ev.Arrived("a", "K01"), start=WAITING) is WAITING


def test_who_comes_back_waits_again_at_the_new_kiosk() -> None:
    gone = after(ev.Admitted("a"), ev.Parted("a"), start=WAITING)
    back = after(ev.Arrived("a", "K03"), start=gone)
    assert (back.seat("a").state, back.seat("a").kiosk_id) == (SeatState.WAITING, "K03")


def test_a_locked_room_takes_nobody_new_but_whoever_was_in() -> None:
    locked = after(invited("b"), ev.Locked(on=True), start=WAITING)
    with pytest.raises(RoomLocked):
        after(ev.Arrived("b", "K02"), start=locked)
    cut = after(ev.Admitted("a"), ev.Parted("a"), ev.Arrived("a", "K01"), start=locked)
    assert cut.seat("a").state is SeatState.WAITING
    unlocked = after(ev.Locked(on=False), ev.Arrived("b", "K02"), start=locked)
    assert unlocked.seat("b").state is SeatState.WAITING


def test_who_was_sent_out_does_not_pass_a_locked_door() -> None:
    out = after(
        ev.Admitted("a"), ev.Dismissed("a"), ev.Parted("a"), ev.Locked(on=True), start=WAITING
    )
    with pytest.raises(RoomLocked):
        after(ev.Arrived("a", "K01"), start=out)


def test_a_mesh_holds_four() -> None:
    assert len(FOUR.admitted) == MESH_LIMIT
    fifth = after(invited("w", SeatRole.WITNESS), ev.Arrived("w", "K03"), start=FOUR)
    with pytest.raises(RoomFull):
        after(ev.Admitted("w"), start=fifth)
    assert (
        after(ev.Parted("a"), ev.Admitted("w"), start=fifth).seat("w").state is SeatState.ADMITTED
    )


def test_a_larger_room_is_carried_and_moves_but_has_an_end_too() -> None:
    opened = after(CONVENED, invited("a"), invited("b"), invited("c"), ev.Opened(mesh=2, places=3))
    two = after(*come("a", "K01"), start=opened)
    assert not two.outgrown
    with pytest.raises(IllegalTransition):
        after(ev.Carried("one"), start=two)
    three = after(*come("b", "K02"), start=two)
    assert (three.outgrown, three.engine, three.moving) == (True, False, False)
    with pytest.raises(RoomFull):
        after(*come("c", "K03"), start=three)
    carried = after(ev.Carried("one"), start=three)
    assert (carried.engine, carried.carrier, carried.moving) == (True, "one", False)
    assert after(ev.Carried("one"), start=carried) is carried
    lost = after(ev.CarrierLost(), start=carried)
    assert (lost.engine, lost.carrier, lost.moving) == (True, None, True)
    smaller = after(ev.Carried("two"), ev.Parted("a"), ev.Parted("b"), start=lost)
    assert smaller.outgrown, "a room does not go back and forth"
    assert after(ev.Ended(), start=smaller).carrier is None


def test_one_kiosk_holds_one_person_and_one_person_one_seat() -> None:
    two = after(invited("b"), start=WAITING)
    with pytest.raises(Conflict):
        after(ev.Arrived("b", "K01"), start=two)
    with pytest.raises(Conflict):
        after(invited("x", SeatRole.LAWYER, staff_id="piao"), start=two)


@pytest.mark.parametrize(
    "event",
    [
        ev.Opened(),
        ev.Admitted("a"),
        ev.Arrived("i", "K03"),
        ev.Arrived("a", None),
        ev.Arrived("mediator", None),
        ev.Dismissed("mediator"),
        ev.Parted("mediator"),
        ev.Uninvited("a"),
        ev.Uninvited("mediator"),
        ev.SideOpened("mediator"),
        ev.ProtectionSet("mediator", Protection.HEARD_ONLY),
        invited("a"),
        invited("m2", SeatRole.MEDIATOR),
        CONVENED,
    ],
    ids=repr,
)
def test_what_does_not_belong_is_refused(event: ev.Event) -> None:
    with pytest.raises(IllegalTransition):
        advance(FOUR, event, NOW)


def test_nothing_happens_to_a_mediation_that_is_over() -> None:
    over = after(ev.Ended(), start=FOUR)
    assert over.state is MediationState.ENDED
    assert {seat.state for seat in over.seats} == {SeatState.LEFT}
    for event in (ev.Locked(on=True), ev.Arrived("a", "K01"), ev.SideOpened("a"), ev.Ended()):
        with pytest.raises(IllegalTransition):
            advance(over, event, NOW)


def test_who_goes_holds_nothing_any_more() -> None:
    busy = after(
        ev.HandRaised("a"), ev.HandRaised("b"), ev.FloorGiven("a"), ev.HandRaised("a"),
        ev.SideOpened("a", interpreted=True), start=FOUR,
    )  # fmt: skip
    assert (busy.hands, busy.floor, busy.side) == (("b", "a"), "a", "a")
    gone = after(ev.Parted("a"), start=busy)
    assert (gone.hands, gone.floor, gone.side, gone.side_interpreted) == (("b",), None, None, False)


def test_a_microphone_is_only_ever_opened_by_its_owner() -> None:
    muted = after(ev.Muted("a"), start=FOUR)
    asked = after(ev.SpeechAsked("a"), start=muted)
    given = after(ev.FloorGiven("a"), start=muted)
    for mediation in (muted, asked, given):
        assert mediation.seat("a").muted
    assert asked.seat("a").speech_asked
    assert given.seat("a").speech_asked
    agreed = after(ev.Unmuted("a"), start=asked).seat("a")
    assert not agreed.muted
    assert not agreed.speech_asked


def test_who_speaks_another_language_listens_to_the_interpreter_from_the_start() -> None:
    assert FOUR.seat("b").listens
    assert not FOUR.seat("a").listens
    assert after(ev.Listened("a", on=True), start=FOUR).seat("a").listens


SEATS = st.sampled_from(["a", "b", "i", "w", "mediator"])
EVENTS = st.one_of(
    st.builds(ev.Invited, SEATS, st.sampled_from(SeatRole), st.just(Language.KO),
              st.sampled_from([None, "jin", "li"]), st.just("111111")),
    st.builds(ev.Arrived, SEATS, st.sampled_from([None, "K01", "K02", "K03"])),
    *(st.builds(kind, SEATS) for kind in (
        ev.Uninvited, ev.Admitted, ev.Dismissed, ev.Parted, ev.Muted, ev.SpeechAsked, ev.Unmuted,
        ev.HandRaised, ev.HandLowered)),
    st.builds(ev.SideOpened, SEATS, st.booleans()),
    st.builds(ev.ProtectionSet, SEATS, st.sampled_from(Protection)),
    st.builds(ev.FloorGiven, st.none() | SEATS),
    st.builds(ev.Listened, SEATS, st.booleans()),
    st.builds(ev.Proposed, st.integers(0, 3), st.integers(0, 2), st.just("d")),
    st.builds(ev.Confirmed, SEATS, st.integers(0, 2), st.integers(0, 3)),
    st.builds(ev.Signed, SEATS, st.integers(0, 2), st.sampled_from(["s1", "s2", "s3"])),
    st.sampled_from([ev.SideClosed(), ev.Opened(), ev.Opened(1, 5), ev.Locked(on=True),
                     ev.Locked(on=False), ev.Withdrawn(), ev.Ended(), ev.Sealed("0"),
                     ev.Carried("one"), ev.CarrierLost(), RecordingAsked("r1", "mediator"),
                     RecorderReported("r1", RecorderFault.DOWN)]),
    st.builds(RecordingAnswered, st.just("r1"), SEATS | st.just("mediator"), st.booleans()),
    st.builds(RecordingStopped, st.just("r1"), SEATS),
)  # fmt: skip


@given(st.lists(EVENTS, max_size=25))
def test_any_story_keeps_its_promises_and_its_log_tells_it_again(story: list[ev.Event]) -> None:
    mediation: Mediation = after(CONVENED)
    entries = [(*encode(CONVENED), NOW)]
    for event in story:
        try:
            then = advance(mediation, event, NOW)
        except DomainError:
            continue
        if then is mediation:
            continue
        assert then.version == mediation.version + 1
        mediation = then
        entries.append((*encode(event), NOW))
        inside = {seat.seat_id for seat in mediation.admitted}
        assert len(inside) <= mediation.places
        assert {mediation.floor, mediation.side, *mediation.hands} - {None} <= inside
        kiosks = [
            s.kiosk_id for s in mediation.seats if s.kiosk_id and s.state is not SeatState.LEFT
        ]
        assert len(kiosks) == len(set(kiosks))
        assert mediation.recorded <= (inside <= mediation.recording.agreed and not mediation.side)
    told = replay_mediation(entries)
    assert told is not None
    assert (told.version, told.recording) == (mediation.version, mediation.recording)
    assert [s.state for s in told.seats] == [s.state for s in mediation.seats]
