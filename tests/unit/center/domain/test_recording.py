"""Nobody is recorded who has not agreed, whatever happens in whatever order."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.domain import events as ev
from center.domain.consultation import TALKING
from center.domain.recording import (
    LIVE,
    NEVER,
    RecorderReported,
    Recording,
    RecordingAnswered,
    RecordingAsked,
    RecordingEvent,
    RecordingRetried,
    RecordingStopped,
    advance,
    followed,
)
from center.domain.rooms import room_of
from center.domain.transitions import advance as talk_on
from center.protocol.words import ConsultationState, PeerRole, RecorderFault, StopCause
from center.protocol.words import RecordingState as State
from tests.unit.center.domain.samples import RULES, START, WAY, after

JIN, KIOSK, LI = "staff:jin", "kiosk:K01", "staff:li"
BOTH = frozenset({JIN, KIOSK})
ASKED = advance(NEVER, RecordingAsked("r1", JIN), BOTH, START)
YES, NO = RecordingAnswered("r1", KIOSK, True), RecordingAnswered("r1", KIOSK, False)
STOP = RecordingStopped("r1", KIOSK)
FULL = RecorderReported("r1", RecorderFault.DISK_FULL)
RUNNING = advance(ASKED, YES, BOTH, START)
FAULTY = advance(RUNNING, FULL, BOTH, START)
AGAIN = RecordingRetried("r1", JIN)


def test_asking_agrees_for_the_asker_only() -> None:
    assert (ASKED.state, ASKED.agreed, ASKED.since) == (State.ASKED, frozenset({JIN}), None)


def test_it_runs_with_the_last_yes() -> None:
    assert (RUNNING.state, RUNNING.agreed, RUNNING.since) == (State.RUNNING, BOTH, START)


def test_what_fails_is_tried_again_and_stays_an_alarm_until_it_is_recorded() -> None:
    trying = advance(FAULTY, AGAIN, BOTH, START)
    assert trying == replace(RUNNING, fault=RecorderFault.RETRYING)
    assert advance(trying, FULL, BOTH, START) == FAULTY
    assert advance(trying, RecorderReported("r1", None), BOTH, START) == RUNNING


@pytest.mark.parametrize("before", [ASKED, RUNNING, advance(RUNNING, STOP, BOTH, START)])
def test_nothing_is_tried_again_that_does_not_fail(before: Recording) -> None:
    assert advance(before, AGAIN, BOTH, START) is before


@pytest.mark.parametrize(
    ("before", "event", "cause"),
    [
        (ASKED, NO, StopCause.REFUSED),
        (ASKED, STOP, StopCause.STOPPED),
        (RUNNING, NO, StopCause.REFUSED),
        (RUNNING, STOP, StopCause.STOPPED),
        (RUNNING, RecordingStopped("r1", JIN), StopCause.STOPPED),
    ],
)
def test_anybody_ends_it_at_any_time(
    before: Recording, event: RecordingEvent, cause: StopCause
) -> None:
    ended = advance(before, event, BOTH, START)
    assert (ended.state, ended.cause, ended.agreed) == (State.STOPPED, cause, frozenset())


@pytest.mark.parametrize(
    ("before", "event"),
    [
        (NEVER, YES),
        (NEVER, STOP),
        (ASKED, replace(YES, recording_id="r0")),
        (ASKED, RecordingAsked("r2", JIN)),
        (ASKED, FULL),
        (RUNNING, YES),
        (RUNNING, RecorderReported("r1", None)),
        (advance(RUNNING, STOP, BOTH, START), YES),
    ],
)
def test_what_changes_nothing_returns_the_same(before: Recording, event: RecordingEvent) -> None:
    assert advance(before, event, BOTH, START) is before


def test_a_yes_of_somebody_else_is_nobody_s() -> None:
    assert advance(ASKED, RecordingAnswered("r1", LI, True), BOTH, START) is ASKED


def test_somebody_new_stops_it_at_once() -> None:
    stopped = followed(RUNNING, BOTH | {LI}, START)
    assert (stopped.state, stopped.cause) == (State.STOPPED, StopCause.NEWCOMER)
    assert followed(RUNNING, frozenset({JIN}), START) is RUNNING


def test_a_question_waits_for_who_came_meanwhile() -> None:
    everybody = BOTH | {LI}
    asked = advance(followed(ASKED, everybody, START), YES, everybody, START)
    assert asked.state is State.ASKED
    assert (
        advance(asked, RecordingAnswered("r1", LI, True), everybody, START).state is State.RUNNING
    )


def test_a_question_is_not_kept_open_for_who_went_away() -> None:
    everybody = BOTH | {LI}
    asked = advance(followed(ASKED, everybody, START), YES, everybody, START)
    gone = followed(asked, BOTH, START + timedelta(seconds=1))
    assert (gone.state, gone.since) == (State.RUNNING, START + timedelta(seconds=1))


def test_a_fault_is_noted_and_passes() -> None:
    faulty = advance(RUNNING, FULL, BOTH, START)
    assert (faulty.state, faulty.fault) == (State.RUNNING, RecorderFault.DISK_FULL)
    assert advance(faulty, RecorderReported("r1", None), BOTH, START) == RUNNING


PEERS = (JIN, KIOSK, LI)
EVENTS = st.one_of(
    st.builds(RecordingAsked, st.sampled_from(["r1", "r2"]), st.sampled_from(PEERS)),
    st.builds(
        RecordingAnswered, st.sampled_from(["r1", "r2"]), st.sampled_from(PEERS), st.booleans()
    ),
    st.builds(RecordingStopped, st.sampled_from(["r1", "r2"]), st.sampled_from(PEERS)),
    st.builds(
        RecorderReported, st.sampled_from(["r1", "r2"]), st.sampled_from([None, *RecorderFault])
    ),
)
MOVES = st.lists(st.one_of(EVENTS, st.frozensets(st.sampled_from(PEERS))), max_size=30)


@given(MOVES)
def test_whatever_happens_it_runs_only_with_everybody_s_yes_to_this_very_question(
    moves: list[RecordingEvent | frozenset[str]],
) -> None:
    present, now = BOTH, NEVER
    said: dict[tuple[str, str], bool] = {}
    for move in moves:
        if isinstance(move, frozenset):
            present, now = move, followed(now, move, START)
        else:
            now = advance(now, move, present, START)
            if isinstance(move, RecordingAsked | RecordingAnswered):
                agreed = isinstance(move, RecordingAsked) or move.agreed
                said[move.recording_id, move.peer] = agreed
        if now.state is State.RUNNING:
            assert all(said.get((now.recording_id or "", peer)) for peer in present)
        if now.state not in LIVE:
            assert now.agreed == frozenset()
            assert now.fault is None


@pytest.mark.parametrize("state", sorted(TALKING))
def test_in_a_talk_the_recorder_is_seen_in_the_room_while_it_runs(
    state: ConsultationState,
) -> None:
    running = after(*WAY[state], RecordingAsked("r1", JIN), YES)
    room = room_of(running)
    assert room is not None
    assert [m.peer_id for m in room.members if m.role is PeerRole.RECORDER] == ["recorder:r1"]
    stopped = room_of(talk_on(running, STOP, START, RULES).consultation)
    assert stopped is not None
    assert len(stopped.members) == 2


@pytest.mark.parametrize(
    "event", [ev.HungUp(PeerRole.KIOSK), ev.Transferred(None), ev.KioskRevoked()]
)
def test_the_end_of_the_talk_is_the_end_of_its_recording(event: ev.Event) -> None:
    running = after(*WAY[ConsultationState.ACTIVE], RecordingAsked("r1", JIN), YES)
    over = talk_on(running, event, START + timedelta(minutes=1), RULES).consultation.recording
    assert (over.state, over.cause) == (State.STOPPED, StopCause.TALK_OVER)
    assert over.since == running.recording.since
