"""Going on duty, off duty and away."""

import pytest

from center.domain.errors import Forbidden, IllegalTransition, NotFound
from center.protocol.words import ConsultationState as State
from center.protocol.words import DutyState, Outcome
from tests.fakes.city import FakeCity


async def test_nobody_is_on_duty_unasked(city: FakeCity) -> None:
    assert (await city.desk.get("jin")).state is DutyState.OFF


async def test_coming_on_duty_rings_for_who_waits(city: FakeCity) -> None:
    made = await city.request()
    await city.on_duty("jin")
    assert (await city.desk.get("jin")).state is DutyState.OFFERED
    assert city.consultation(made).staff_id == "jin"


@pytest.mark.parametrize("staff_id", ["zhao", "admin"])
async def test_only_those_who_talk_with_residents_go_on_duty(city: FakeCity, staff_id: str) -> None:
    with pytest.raises(Forbidden):
        await city.on_duty(staff_id)


async def test_an_unknown_person_is_not_found(city: FakeCity) -> None:
    with pytest.raises(NotFound):
        await city.on_duty("nobody")


async def test_busy_is_nothing_one_chooses(city: FakeCity) -> None:
    with pytest.raises(IllegalTransition):
        await city.desk.set("jin", DutyState.BUSY)


@pytest.mark.parametrize("to", [DutyState.AWAY, DutyState.OFF])
async def test_going_while_it_rings_declines(city: FakeCity, to: DutyState) -> None:
    await city.on_duty("jin")
    made = await city.request()
    await city.on_duty("li")
    await city.desk.set("jin", to)
    assert city.duty("jin").state is to
    assert city.consultation(made).staff_id == "li"


async def test_coming_back_rings_again_for_whom_one_missed(city: FakeCity) -> None:
    await city.on_duty("jin")
    made = await city.request()
    await city.desk.set("jin", DutyState.AWAY)
    assert city.consultation(made).state is State.WAITING
    await city.on_duty("jin")
    assert city.consultation(made).staff_id == "jin"


async def test_going_in_the_middle_of_a_talk_is_kept_for_afterwards(city: FakeCity) -> None:
    made = await city.talk("K01", "jin")
    await city.desk.set("jin", DutyState.OFF)
    assert city.duty("jin").state is DutyState.BUSY
    following = await city.request("K02")
    await city.calls.hang_up_staff("jin", made)
    await city.calls.file("jin", made, "", "", Outcome.ADVICE)
    assert city.duty("jin").state is DutyState.OFF
    assert city.consultation(following).state is State.WAITING


async def test_saying_the_same_again_is_no_event(city: FakeCity) -> None:
    await city.on_duty("jin", "jin")
    assert city.duty("jin").version == 1
    await city.request()
    await city.on_duty("jin")
    assert city.duty("jin").state is DutyState.OFFERED
