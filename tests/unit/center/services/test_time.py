"""What time brings: every deadline comes back as an event, also after a restart."""

from datetime import timedelta

import pytest

from center.protocol.words import ConsultationState as State
from center.protocol.words import DutyState, EndCause, MediaState, Outcome
from config.settings import CenterSettings, QueueSettings
from tests.fakes.city import KO, FakeCity


async def test_an_unanswered_ring_goes_to_the_next(city: FakeCity) -> None:
    await city.on_duty("jin", "li")
    made = await city.request()
    first = city.consultation(made).staff_id or ""
    await city.pass_time(19)
    assert city.consultation(made).staff_id == first
    await city.pass_time(1)
    second = city.consultation(made).staff_id
    assert {first, second} == {"jin", "li"}
    assert city.duty(first).missed == 1
    assert city.consultation(made).offers == 2


async def test_two_missed_offers_set_the_lawyer_to_away(city: FakeCity) -> None:
    await city.on_duty("jin")
    await city.request("K01")
    await city.request("K02")
    await city.pass_time(40)
    assert (city.duty("jin").state, city.duty("jin").missed) == (DutyState.AWAY, 2)
    assert (await city.views.hall()).lawyers_on_duty == 0


async def test_a_lone_lawyer_is_rung_again_when_the_wait_gets_longer(city: FakeCity) -> None:
    await city.on_duty("jin")
    made = await city.request()
    await city.calls.decline("jin", made)
    assert city.consultation(made).state is State.WAITING
    await city.pass_time(60)
    assert city.consultation(made).staff_id == "jin"
    assert city.types(made)[-2:] == ["relaxed", "offered"]


async def test_the_language_relaxes_and_somebody_is_rung(city: FakeCity) -> None:
    await city.on_duty("li")
    made = await city.request(language=KO)
    await city.pass_time(59)
    assert city.consultation(made).state is State.WAITING
    await city.pass_time(1)
    assert city.consultation(made).staff_id == "li"


async def test_a_long_wait_alarms_again_and_again(city: FakeCity) -> None:
    made = await city.request()
    await city.pass_time(900)
    assert city.types(made) == ["requested", "relaxed", "escalated", "escalated", "escalated"]
    assert city.consultation(made).state is State.WAITING


async def test_media_that_never_comes_up_ends_as_lost(city: FakeCity) -> None:
    await city.on_duty("jin")
    made = await city.request()
    await city.calls.accept("jin", made)
    await city.pass_time(30)
    assert city.consultation(made).state is State.INTERRUPTED
    await city.pass_time(420)
    lost = city.consultation(made)
    assert (lost.state, lost.cause) == (State.WRAP_UP, EndCause.LOST)
    assert city.duty("jin").state is DutyState.WRAP_UP


async def test_a_cut_line_that_comes_back_is_the_same_talk(city: FakeCity) -> None:
    made = await city.talk()
    started = city.consultation(made).talk_started_at
    await city.pass_time(60)
    await city.media(made, MediaState.LOST)
    assert city.consultation(made).state is State.INTERRUPTED
    await city.pass_time(119)
    await city.media(made, MediaState.UP)
    assert city.consultation(made).state is State.ACTIVE
    await city.pass_time(3600)
    talking = city.consultation(made)
    assert (talking.state, talking.talk_started_at) == (State.ACTIVE, started)


async def test_wrap_up_ends_by_itself_and_the_next_resident_is_rung_for(city: FakeCity) -> None:
    made = await city.talk("K01", "jin")
    await city.calls.hang_up_kiosk("K01", made)
    following = await city.request("K02")
    await city.pass_time(600)
    assert city.consultation(made).outcome is Outcome.FOLLOW_UP
    assert city.types(following)[-1] == "offered"


async def test_a_timer_of_the_past_is_nothing(city: FakeCity) -> None:
    await city.on_duty("jin")
    made = await city.request()
    deadline = city.consultation(made).deadline
    assert deadline is not None
    await city.calls.accept("jin", made)
    before = city.types(made)
    await city.calls.timer_fired(made, deadline)
    assert city.types(made) == before


async def test_firing_twice_is_firing_once(city: FakeCity) -> None:
    made = await city.request()
    deadline = city.consultation(made).deadline
    assert deadline is not None
    city.clock.move_to(deadline)
    await city.calls.timer_fired(made, deadline)
    await city.calls.timer_fired(made, deadline)
    assert city.types(made) == ["requested", "relaxed"]


async def test_a_restart_sets_every_timer_again(city: FakeCity) -> None:
    waiting = await city.request("K01", language=KO)
    talking = await city.talk("K02", "li")
    city.start()
    assert city.timers.armed == {}
    await city.calls.rearm()
    assert city.timers.armed == {waiting: city.consultation(waiting).deadline}
    assert city.consultation(talking).state is State.ACTIVE


async def test_deadlines_that_passed_while_the_center_was_down_come_at_once(
    city: FakeCity,
) -> None:
    await city.on_duty("jin")
    made = await city.request()
    await city.calls.accept("jin", made)
    city.clock.move_to(city.clock.now() + timedelta(hours=1))
    city.start()
    await city.calls.rearm()
    await city.pass_time(0)
    assert city.consultation(made).state is State.INTERRUPTED


async def test_the_city_decides_the_times() -> None:
    queue = QueueSettings(offer_s=5, missed_to_away=1, language_relax_s=0)
    city = FakeCity(CenterSettings(queue=queue))
    await city.on_duty("li")
    made = await city.request(language=KO)
    await city.pass_time(0)
    assert city.consultation(made).staff_id == "li"
    await city.pass_time(5)
    assert city.duty("li").state is DutyState.AWAY


@pytest.mark.parametrize("way", ["left", "message", "closed"])
async def test_what_is_over_has_no_timer(city: FakeCity, way: str) -> None:
    made = await city.talk() if way == "closed" else await city.request()
    if way == "left":
        await city.calls.leave("K01", made)
    elif way == "message":
        await city.calls.leave_message("K01", made, "?", None)
    else:
        await city.calls.hang_up_staff("jin", made)
        await city.calls.file("jin", made, "", "", Outcome.ADVICE)
    assert city.timers.armed == {}
