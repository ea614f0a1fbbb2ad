"""Events survive the log, secrets do not enter it, and replay makes the same consultation."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from center.domain import events as ev
from center.domain.duty import DutyEvent
from center.domain.log import decode, decode_duty, encode, replay, replay_duty
from center.protocol.words import ConsultationState as State
from center.protocol.words import DutyState, Matter
from tests.unit.center.domain.samples import (
    DUTY_WAY,
    EVERY_DUTY_EVENT,
    EVERY_EVENT,
    RULES,
    START,
    WAY,
    after,
    duty_after,
    requested,
)


def stored(events: tuple[ev.Event, ...]) -> list[tuple[str, dict[str, object], datetime]]:
    moments = (START + timedelta(seconds=second) for second in range(len(events)))
    return [(*encode(event), at) for event, at in zip(events, moments, strict=True)]


@pytest.mark.parametrize("event", EVERY_EVENT[1:], ids=repr)
def test_events_survive_json(event: ev.Event) -> None:
    name, data = encode(event)
    assert decode(name, json.loads(json.dumps(data))) == event


@pytest.mark.parametrize("event", EVERY_DUTY_EVENT, ids=repr)
def test_duty_events_survive_json(event: DutyEvent) -> None:
    name, data = encode(event)
    assert decode_duty(name, json.loads(json.dumps(data))) == event


def test_the_slip_code_stays_out_of_the_log() -> None:
    name, data = encode(requested())
    assert name == "requested"
    assert "123456" not in json.dumps(data)
    assert decode(name, data) == replace(requested(), slip_code="")


@pytest.mark.parametrize("state", State)
def test_replay_makes_the_same_consultation(state: State) -> None:
    assert replay(stored(WAY[state]), RULES) == replace(after(*WAY[state]), slip_code="")


def test_replay_of_nothing_is_nothing() -> None:
    assert replay([], RULES) is None
    assert replay_duty("jin", [], RULES) is None


@pytest.mark.parametrize("state", [s for s in DutyState if s is not DutyState.OFF])
def test_replay_makes_the_same_duty(state: DutyState) -> None:
    way = DUTY_WAY[state]
    entries = [(*encode(event), START + timedelta(seconds=s)) for s, event in enumerate(way)]
    assert replay_duty("jin", entries, RULES) == duty_after(*way)


def test_entries_older_than_a_field_are_read_with_its_default() -> None:
    assert decode("transferred", {"to": "li"}) == ev.Transferred("li")
    skilled = decode("transferred", {"to": None, "skill": "debt"})
    assert isinstance(skilled, ev.Transferred)
    assert skilled.skill is Matter.DEBT
    with pytest.raises(KeyError):
        decode("transferred", {"skill": None})


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(KeyError):
        decode("danced", {})
