"""Order, places and promises of the queue."""

from dataclasses import replace
from datetime import timedelta

import pytest

from center.domain import events as ev
from center.domain.consultation import Consultation
from center.domain.queue import ENOUGH, Place, Wait, estimate, in_order, place_of, waiting
from center.protocol.words import ConsultationState as State
from center.protocol.words import Urgency
from tests.unit.center.domain.samples import START, WAY, after, requested


def arrived(name: str, minute: int, urgency: Urgency = Urgency.NORMAL) -> Consultation:
    return after(requested(name, urgency=urgency), start=START + timedelta(minutes=minute))


def handed_on(name: str, minute: int) -> Consultation:
    events = (requested(name), ev.Taken("jin"), ev.Transferred(None))
    return after(*events, start=START + timedelta(minutes=minute))


def names(queue: tuple[Consultation, ...]) -> list[str]:
    return [consultation.id for consultation in queue]


def test_order_is_handed_on_then_urgent_then_arrival() -> None:
    mixed = [
        arrived("late", 3),
        arrived("urgent", 4, Urgency.URGENT),
        arrived("early", 1),
        handed_on("handed", 5),
    ]
    assert names(in_order(mixed)) == ["handed", "urgent", "early", "late"]


def test_only_waiting_and_ringing_have_a_place() -> None:
    everybody = [replace(after(*way), id=state) for state, way in WAY.items()]
    assert set(names(in_order(everybody))) == {State.WAITING, State.OFFERED}
    assert names(waiting(in_order(everybody))) == [State.WAITING]


def test_a_ring_and_its_refusal_move_nobody() -> None:
    first = after(requested("first"), ev.Offered("jin"))
    second = arrived("second", 1)
    declined = after(requested("first"), ev.Offered("jin"), ev.Declined())
    for head in (first, declined):
        queue = in_order([second, head])
        assert place_of(head, queue) == Place(1, None)
        assert place_of(second, queue) == Place(2, None)


def test_who_is_overtaken_is_told_why() -> None:
    mine = arrived("mine", 1)
    assert place_of(mine, in_order([mine, arrived("before", 0)])) == Place(2, None)
    urgent = arrived("urgent", 2, Urgency.URGENT)
    assert place_of(mine, in_order([mine, urgent])) == Place(2, "urgent")
    transfer = handed_on("handed", 2)
    assert place_of(mine, in_order([mine, urgent, transfer])) == Place(3, "transfer")


def test_who_is_not_in_the_queue_has_no_place() -> None:
    assert place_of(after(*WAY[State.ACTIVE]), ()) is None


def waits(*seconds: float, place: int = 1) -> list[Wait]:
    return [Wait(timedelta(seconds=s), place) for s in seconds]


@pytest.mark.parametrize("known", range(ENOUGH))
def test_too_few_waits_are_unknown(known: int) -> None:
    assert estimate(waits(*[30.0] * known), 1) is None


def test_equal_waits_are_their_own_estimate() -> None:
    assert estimate(waits(30, 30, 30), 1) == timedelta(seconds=30)
    assert estimate(waits(30, 30, 30), 4) == timedelta(seconds=120)


def test_a_wait_that_began_far_back_says_less_of_the_first_place() -> None:
    assert estimate(waits(100, 100, 100, place=5), 1) == timedelta(seconds=20)


def test_newer_waits_weigh_more() -> None:
    rising = estimate(waits(90, 60, 30), 1)
    falling = estimate(waits(30, 60, 90), 1)
    assert rising is not None
    assert falling is not None
    assert falling < timedelta(seconds=60) < rising
