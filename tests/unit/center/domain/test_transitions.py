"""The whole table: every state against every event, and what each legal step means."""

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from center.domain import duty
from center.domain import events as ev
from center.domain.consultation import BOTH, Consultation, OnDuty
from center.domain.errors import IllegalTransition
from center.domain.transitions import TRANSITIONS, advance, expiry
from center.protocol.words import ConsultationState as State
from center.protocol.words import EndCause, Matter, MediaState, Outcome, PageStage, PeerRole
from tests.unit.center.domain.samples import (
    EVERY_EVENT,
    KIOSK_LOST,
    KIOSK_UP,
    PROMISED,
    RULES,
    STAFF_UP,
    START,
    WAY,
    after,
    requested,
)

NOW = START + timedelta(minutes=1)
LEGAL = {(state, event) for state, event, _ in TRANSITIONS}
PAIRS = [(state, event) for state in State for event in EVERY_EVENT]


def step(consultation: Consultation | None, event: ev.Event) -> Consultation:
    return advance(consultation, event, NOW, RULES).consultation


def test_every_kind_of_event_is_tried() -> None:
    assert {type(event) for event in EVERY_EVENT} == set(get_args(ev.Event))


@pytest.mark.parametrize("state", State)
def test_the_samples_are_in_the_state_they_name(state: State) -> None:
    assert after(*WAY[state]).state is state


@pytest.mark.parametrize(("state", "event"), PAIRS, ids=repr)
def test_every_pair_is_in_the_table_or_refused(state: State, event: ev.Event) -> None:
    before = after(*WAY[state])
    untouched = deepcopy(before)
    if (state, type(event)) in LEGAL:
        result = step(before, event)
        assert (state, type(event), result.state) in TRANSITIONS
        assert result is before or result.version == before.version + 1
    else:
        with pytest.raises(IllegalTransition):
            step(before, event)
    assert before == untouched


@pytest.mark.parametrize("event", EVERY_EVENT[1:], ids=repr)
def test_nothing_happens_to_what_was_never_requested(event: ev.Event) -> None:
    with pytest.raises(IllegalTransition):
        step(None, event)


def test_every_row_of_the_table_can_happen() -> None:
    one_up = after(requested(), ev.Taken("jin"), KIOSK_UP)
    starts = [*(after(*way) for way in WAY.values()), one_up]
    starts.append(replace(after(*WAY[State.INTERRUPTED]), media_up=frozenset({PeerRole.STAFF})))
    seen: set[tuple[State | None, type[ev.Event], State]] = {
        (None, ev.Requested, step(None, requested()).state)
    }
    for before in starts:
        for event in EVERY_EVENT:
            if (before.state, type(event)) in LEGAL:
                seen.add((before.state, type(event), step(before, event).state))
    assert seen == set(TRANSITIONS)


@pytest.mark.parametrize("state", State)
def test_a_deadline_always_has_its_event(state: State) -> None:
    consultation = after(*WAY[state])
    event = expiry(consultation, RULES)
    assert (consultation.deadline is None) == (event is None)
    if event is not None:
        assert (state, type(event)) in LEGAL


def test_a_request_waits_for_the_language_and_then_for_the_supervisor() -> None:
    waiting = after(requested())
    assert waiting.deadline == START + RULES.language_relax
    assert expiry(waiting, RULES) == ev.Relaxed()
    relaxed = step(waiting, ev.Relaxed())
    assert relaxed.relaxed
    assert relaxed.deadline == START + RULES.escalate
    alarmed = step(relaxed, ev.Escalated())
    assert alarmed.escalated_at == NOW
    assert alarmed.deadline == NOW + RULES.escalate


def test_the_supervisor_is_alarmed_first_when_the_rules_say_so() -> None:
    rules = replace(RULES, escalate=timedelta(seconds=30))
    waiting = advance(None, requested(), START, rules).consultation
    assert waiting.deadline == START + timedelta(seconds=30)
    assert expiry(waiting, rules) == ev.Escalated()


def test_an_offer_rings_one_lawyer_for_a_while() -> None:
    result = advance(after(requested()), ev.Offered("jin"), NOW, RULES)
    assert result.effects == (OnDuty("jin", duty.Rung("c1")),)
    offered = result.consultation
    assert (offered.staff_id, offered.offers) == ("jin", 1)
    assert offered.deadline == NOW + RULES.offer


@pytest.mark.parametrize(
    ("event", "told"), [(ev.Declined(), duty.Released()), (ev.OfferExpired(), duty.Missed())]
)
def test_a_refused_ring_keeps_the_place(event: ev.Event, told: duty.DutyEvent) -> None:
    result = advance(after(*WAY[State.OFFERED]), event, NOW, RULES)
    waiting = result.consultation
    assert waiting.queued_at == START
    assert waiting.staff_id is None
    assert waiting.declined_by == {"jin"}
    assert result.effects == (OnDuty("jin", told),)


@pytest.mark.parametrize("event", [ev.Relaxed(), ev.Escalated(), ev.Reconsidered("jin")])
def test_a_refusal_is_forgotten_in_time(event: ev.Event) -> None:
    declined = after(*WAY[State.OFFERED], ev.Declined())
    assert step(declined, event).declined_by == frozenset()


def test_reconsidering_forgives_one_lawyer_only() -> None:
    both = after(requested(), ev.Offered("jin"), ev.Declined(), ev.Offered("li"), ev.Declined())
    assert both.declined_by == {"jin", "li"}
    assert step(both, ev.Reconsidered("li")).declined_by == {"jin"}


@pytest.mark.parametrize("way", [(ev.Offered("jin"), ev.Accepted()), (ev.Taken("jin"),)])
def test_the_lawyer_connects(way: tuple[ev.Event, ...]) -> None:
    before = after(requested(), *way[:-1])
    result = advance(before, way[-1], NOW, RULES)
    assert result.effects == (OnDuty("jin", duty.Engaged("c1")),)
    assert result.consultation.accepted_at == NOW
    assert result.consultation.deadline == NOW + RULES.connect


def test_the_talk_begins_when_both_sides_are_up() -> None:
    connecting = after(*WAY[State.CONNECTING])
    one = step(connecting, STAFF_UP)
    assert (one.state, one.deadline) == (State.CONNECTING, connecting.deadline)
    both = step(one, KIOSK_UP)
    assert (both.state, both.deadline, both.talk_started_at) == (State.ACTIVE, None, NOW)


def test_a_side_that_was_lost_while_connecting_must_come_up_again() -> None:
    result = after(requested(), ev.Taken("jin"), KIOSK_UP, KIOSK_LOST, STAFF_UP)
    assert result.state is State.CONNECTING


@pytest.mark.parametrize("side", sorted(BOTH))
@pytest.mark.parametrize("state", [MediaState.LOST, MediaState.FAILED])
def test_either_side_interrupts_and_both_resume(side: PeerRole, state: MediaState) -> None:
    active = after(*WAY[State.ACTIVE])
    cut = step(active, ev.MediaReported(side, state))
    assert (cut.state, cut.deadline) == (State.INTERRUPTED, NOW + RULES.grace)
    resumed = step(cut, ev.MediaReported(side, MediaState.UP))
    assert (resumed.state, resumed.deadline) == (State.ACTIVE, None)
    assert resumed.talk_started_at == active.talk_started_at


def test_a_talk_that_both_lost_needs_both_back() -> None:
    cut = after(*WAY[State.INTERRUPTED], ev.MediaReported(PeerRole.STAFF, MediaState.LOST))
    half = step(cut, KIOSK_UP)
    assert (half.state, half.deadline) == (State.INTERRUPTED, cut.deadline)
    assert step(half, STAFF_UP).state is State.ACTIVE


@pytest.mark.parametrize(
    "event", [ev.ConnectExpired(), ev.MediaReported(PeerRole.STAFF, MediaState.FAILED)]
)
def test_a_connection_that_does_not_come_up_is_interrupted(event: ev.Event) -> None:
    cut = step(after(*WAY[State.CONNECTING]), event)
    assert (cut.state, cut.deadline) == (State.INTERRUPTED, NOW + RULES.grace)


def test_a_report_without_news_is_no_step() -> None:
    active = after(*WAY[State.ACTIVE])
    assert step(active, KIOSK_UP) is active
    cut = after(*WAY[State.INTERRUPTED])
    assert step(cut, KIOSK_LOST) is cut


@pytest.mark.parametrize(
    ("event", "cause"),
    [
        (ev.HungUp(PeerRole.KIOSK), EndCause.RESIDENT_HUNG_UP),
        (ev.HungUp(PeerRole.STAFF), EndCause.STAFF_HUNG_UP),
        (ev.GraceExpired(), EndCause.LOST),
        (ev.KioskRevoked(), EndCause.KIOSK_REVOKED),
    ],
)
def test_the_end_of_a_talk_names_its_cause(event: ev.Event, cause: EndCause) -> None:
    result = advance(after(*WAY[State.INTERRUPTED]), event, NOW, RULES)
    ended = result.consultation
    assert (ended.state, ended.cause, ended.talk_ended_at) == (State.WRAP_UP, cause, NOW)
    assert ended.deadline == NOW + RULES.wrap_up
    assert ended.media_up == frozenset()
    assert result.effects == (OnDuty("jin", duty.TalkEnded()),)


@pytest.mark.parametrize(
    ("event", "outcome"),
    [(ev.Filed(Outcome.COURT), Outcome.COURT), (ev.WrapUpExpired(), Outcome.FOLLOW_UP)],
)
def test_filing_frees_the_lawyer(event: ev.Event, outcome: Outcome) -> None:
    result = advance(after(*WAY[State.WRAP_UP]), event, NOW, RULES)
    assert result.effects == (OnDuty("jin", duty.Released()),)
    assert (result.consultation.outcome, result.consultation.deadline) == (outcome, None)


def test_what_time_closed_may_still_be_filed() -> None:
    closed = after(*WAY[State.WRAP_UP], ev.WrapUpExpired())
    result = advance(closed, ev.Filed(Outcome.MEDIATION), NOW, RULES)
    assert (result.consultation.outcome, result.effects) == (Outcome.MEDIATION, ())
    answered = after(*WAY[State.MESSAGE], ev.Answered("li"))
    with pytest.raises(IllegalTransition):
        step(answered, ev.Filed(Outcome.MEDIATION))


def test_a_transfer_goes_to_the_head_and_to_somebody_else() -> None:
    result = advance(after(*WAY[State.ACTIVE]), ev.Transferred("li"), NOW, RULES)
    waiting = result.consultation
    assert (waiting.state, waiting.head, waiting.wanted_staff_id) == (State.WAITING, True, "li")
    assert waiting.declined_by == {"jin"}
    assert waiting.deadline == NOW + RULES.language_relax
    assert result.effects == (OnDuty("jin", duty.Released()),)
    with pytest.raises(IllegalTransition):
        step(after(*WAY[State.ACTIVE]), ev.Transferred("jin"))
    with pytest.raises(IllegalTransition):
        step(after(*WAY[State.ACTIVE]), ev.Transferred("li", Matter.DEBT))
    skilled = after(*WAY[State.ACTIVE], ev.Transferred(None, Matter.DEBT))
    assert (skilled.wanted_staff_id, skilled.wanted_skill) == (None, Matter.DEBT)
    assert advance(skilled, ev.Taken("li"), NOW, RULES).consultation.wanted_skill is None


def test_the_second_lawyer_does_not_shorten_the_wait_that_was_felt() -> None:
    first = after(*WAY[State.ACTIVE])
    again = after(*WAY[State.ACTIVE], ev.Transferred(None), ev.Taken("li"), KIOSK_UP, STAFF_UP)
    assert (again.staff_id, again.head) == ("li", False)
    assert again.accepted_at == first.accepted_at
    assert again.talk_started_at == first.talk_started_at


def test_a_person_asked_for_who_declines_is_asked_for_no_more() -> None:
    wanted = after(*WAY[State.ACTIVE], ev.Transferred("li"), ev.Offered("li"), ev.Declined())
    assert wanted.wanted_staff_id is None


@pytest.mark.parametrize(
    ("event", "state"),
    [
        (ev.Left(), State.LEFT),
        (ev.MessageLeft(PROMISED), State.MESSAGE),
        (ev.KioskRevoked(), State.LEFT),
    ],
)
def test_leaving_stops_the_ring(event: ev.Event, state: State) -> None:
    result = advance(after(*WAY[State.OFFERED]), event, NOW, RULES)
    assert (result.consultation.state, result.consultation.deadline) == (state, None)
    assert result.consultation.staff_id is None
    assert result.effects == (OnDuty("jin", duty.Released()),)
    assert advance(after(requested()), event, NOW, RULES).effects == ()


def test_a_message_is_answered_by_somebody() -> None:
    left = after(*WAY[State.MESSAGE])
    assert left.answer_promised_at == PROMISED
    answered = step(left, ev.Answered("li"))
    assert (answered.state, answered.staff_id) == (State.CLOSED, "li")


def test_a_talk_is_rated_once_and_a_message_never() -> None:
    rated = step(after(*WAY[State.WRAP_UP]), ev.Rated(5))
    assert rated.rating == 5
    with pytest.raises(IllegalTransition):
        step(rated, ev.Rated(1))
    with pytest.raises(IllegalTransition):
        step(after(*WAY[State.MESSAGE], ev.Answered("li")), ev.Rated(5))
    with pytest.raises(IllegalTransition):
        step(after(*WAY[State.CLOSED]), ev.Rated(6))


def test_a_page_that_comes_late_is_kept() -> None:
    assert step(after(*WAY[State.CLOSED]), ev.PageAdded(1, "0" * 64)).pages == 1


def test_more_of_a_page_is_a_step_of_its_own() -> None:
    added = step(after(*WAY[State.CLOSED]), ev.PageAdded(1, "0" * 64, PageStage.PREVIEW))
    grown = step(added, ev.PageGrew(1, PageStage.WHOLE))
    assert (grown.version, grown.pages) == (added.version + 1, 1)
