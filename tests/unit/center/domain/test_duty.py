"""The duty table: every state against every event."""

from datetime import timedelta
from typing import get_args

import pytest

from center.domain import duty
from center.domain.duty import TRANSITIONS, Duty, DutyEvent, advance
from center.domain.errors import IllegalTransition
from center.protocol.words import DutyState
from tests.unit.center.domain.samples import (
    DUTY_WAY,
    EVERY_DUTY_EVENT,
    RULES,
    START,
    duty_after,
)

NOW = START + timedelta(minutes=1)
LEGAL = {(state, event) for state, event, _ in TRANSITIONS}


def step(before: Duty, event: DutyEvent) -> Duty:
    return advance(before, event, NOW, RULES)


def test_every_kind_of_event_is_tried() -> None:
    assert {type(event) for event in EVERY_DUTY_EVENT} == set(get_args(DutyEvent))


@pytest.mark.parametrize("state", DutyState)
@pytest.mark.parametrize("event", EVERY_DUTY_EVENT, ids=repr)
def test_every_pair_is_in_the_table_or_refused(state: DutyState, event: DutyEvent) -> None:
    before = duty_after(*DUTY_WAY[state])
    assert before.state is state
    if (state, type(event)) in LEGAL:
        result = step(before, event)
        assert (state, type(event), result.state) in TRANSITIONS
        assert result.version == before.version + 1
    else:
        with pytest.raises(IllegalTransition):
            step(before, event)
    assert before == duty_after(*DUTY_WAY[state])


def test_every_row_of_the_table_can_happen() -> None:
    starts = [duty_after(*way) for way in DUTY_WAY.values()]
    for state in (DutyState.BUSY, DutyState.WRAP_UP):
        starts += [duty_after(*DUTY_WAY[state], duty.Went(to)) for to in duty.CHOICES]
    starts.append(duty_after(*DUTY_WAY[DutyState.OFFERED], duty.Missed(), duty.Rung("c2")))
    seen = {
        (before.state, type(event), step(before, event).state)
        for before in starts
        for event in EVERY_DUTY_EVENT
        if (before.state, type(event)) in LEGAL
        and (before.consultation_id != "c2" or not isinstance(event, duty.Engaged))
    }
    assert seen == set(TRANSITIONS)


@pytest.mark.parametrize("to", [DutyState.BUSY, DutyState.OFFERED, DutyState.WRAP_UP])
def test_nobody_chooses_to_be_busy(to: DutyState) -> None:
    with pytest.raises(IllegalTransition):
        step(duty_after(), duty.Went(to))


def test_two_missed_offers_in_a_row_set_to_away() -> None:
    once = duty_after(*DUTY_WAY[DutyState.OFFERED], duty.Missed())
    assert (once.state, once.missed, once.consultation_id) == (DutyState.AVAILABLE, 1, None)
    twice = step(step(once, duty.Rung("c2")), duty.Missed())
    assert (twice.state, twice.missed) == (DutyState.AWAY, 2)
    assert step(twice, duty.Went(DutyState.AVAILABLE)).missed == 0


def test_accepting_forgets_what_was_missed() -> None:
    once = duty_after(*DUTY_WAY[DutyState.OFFERED], duty.Missed(), duty.Rung("c2"))
    assert step(once, duty.Engaged("c2")).missed == 0


def test_only_what_rings_can_be_accepted() -> None:
    with pytest.raises(IllegalTransition):
        step(duty_after(*DUTY_WAY[DutyState.OFFERED]), duty.Engaged("c2"))


@pytest.mark.parametrize("to", sorted(duty.CHOICES))
def test_a_choice_in_the_talk_is_kept_for_afterwards(to: DutyState) -> None:
    busy = duty_after(*DUTY_WAY[DutyState.BUSY], duty.Went(to))
    assert (busy.state, busy.afterwards) == (DutyState.BUSY, to)
    free = step(step(busy, duty.TalkEnded()), duty.Released())
    assert (free.state, free.afterwards) == (to, DutyState.AVAILABLE)
    assert free.consultation_id is None


def test_a_state_lasts_since_it_began() -> None:
    available = duty_after(duty.Went(DutyState.AVAILABLE))
    assert step(available, duty.Went(DutyState.AVAILABLE)).since == available.since
    assert step(available, duty.Rung("c1")).since == NOW
