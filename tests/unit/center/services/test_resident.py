"""What a resident's kiosk may ask for, once and again."""

from datetime import UTC, datetime

import pytest

from center.domain.errors import IllegalTransition, KioskIsRevoked, NotFound
from center.protocol.words import ConsultationState as State
from center.protocol.words import DutyState, EndCause, Matter, MediaState
from center.services.lawyer import NEXT
from tests.fakes.city import KO, FakeCity


async def test_a_request_is_queued_with_number_and_slip_code(city: FakeCity) -> None:
    made = await city.request("K02", language=KO, matter=Matter.LABOUR, called_as="阿里郎")
    waiting = city.consultation(made)
    assert (waiting.state, waiting.township, waiting.language) == (State.WAITING, "朝阳川镇", KO)
    assert (waiting.number, waiting.slip_code) == ("YJ-20261120-0001", "000001")
    assert city.said(made).called_as == "阿里郎"


async def test_numbers_run_through_the_city_day(city: FakeCity) -> None:
    first = await city.request("K01")
    second = await city.request("K02")
    city.clock.move_to(datetime(2026, 11, 20, 16, 0, tzinfo=UTC))
    third = await city.request("K03")
    numbers = [city.consultation(c).number for c in (first, second, third)]
    assert numbers == ["YJ-20261120-0001", "YJ-20261120-0002", "YJ-20261121-0001"]


async def test_asking_again_is_the_same_consultation(city: FakeCity) -> None:
    made = await city.request()
    before = len(city.store.tables.log)
    assert await city.request() == made
    assert len(city.store.tables.log) == before


async def test_the_next_resident_ends_what_the_kiosk_had_open(city: FakeCity) -> None:
    waiting = await city.request(client_ref="a")
    talking = await city.talk("K01", "jin")
    assert city.consultation(talking).id == waiting or city.types(waiting)[-1] == "left"
    await city.request(client_ref="b")
    assert city.consultation(talking).state is State.WRAP_UP
    assert city.consultation(talking).cause is EndCause.RESIDENT_HUNG_UP


@pytest.mark.parametrize("kiosk_id", ["K99"])
async def test_an_unknown_kiosk_asks_in_vain(city: FakeCity, kiosk_id: str) -> None:
    with pytest.raises(NotFound):
        await city.request(kiosk_id)


async def test_a_revoked_kiosk_asks_in_vain(city: FakeCity) -> None:
    city.revoke("K01")
    with pytest.raises(KioskIsRevoked):
        await city.request()
    assert city.store.tables.consultations == {}


async def test_leaving_frees_the_lawyer_that_rings(city: FakeCity) -> None:
    await city.on_duty("jin")
    made = await city.request()
    assert city.duty("jin").state is DutyState.OFFERED
    await city.calls.leave("K01", made)
    assert city.consultation(made).state is State.LEFT
    assert (city.duty("jin").state, city.duty("jin").missed) == (DutyState.AVAILABLE, 0)


async def test_leaving_when_the_lawyer_was_faster_ends_the_talk(city: FakeCity) -> None:
    await city.on_duty("jin")
    made = await city.request()
    await city.calls.accept("jin", made)
    await city.calls.leave("K01", made)
    assert city.consultation(made).state is State.WRAP_UP


async def test_going_twice_changes_nothing(city: FakeCity) -> None:
    made = await city.talk()
    await city.calls.hang_up_kiosk("K01", made)
    await city.calls.hang_up_kiosk("K01", made)
    await city.calls.leave("K01", made)
    assert city.types(made).count("hung_up") == 1
    assert city.consultation(made).cause is EndCause.RESIDENT_HUNG_UP


async def test_a_kiosk_touches_only_its_own(city: FakeCity) -> None:
    made = await city.request("K01")
    for refused in (
        city.calls.leave("K02", made),
        city.calls.hang_up_kiosk("K02", made),
        city.calls.rate("K02", made, 5),
        city.calls.leave_message("K02", made, "?", None),
    ):
        with pytest.raises(NotFound):
            await refused
    assert city.types(made) == ["requested"]


async def test_a_rating_counts_once(city: FakeCity) -> None:
    made = await city.talk()
    with pytest.raises(IllegalTransition):
        await city.calls.rate("K01", made, 5)
    await city.calls.hang_up_kiosk("K01", made)
    await city.calls.rate("K01", made, 4)
    await city.calls.rate("K01", made, 4)
    with pytest.raises(IllegalTransition):
        await city.calls.rate("K01", made, 1)
    assert city.consultation(made).rating == 4
    assert city.types(made).count("rated") == 1


async def test_a_message_is_promised_an_answer_by_the_next_working_day(city: FakeCity) -> None:
    made = await city.request()
    await city.calls.leave_message("K01", made, "房东不退押金", "0433-7654321")
    left = city.consultation(made)
    assert left.state is State.MESSAGE
    monday_ten_there = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert left.answer_promised_at == monday_ten_there
    assert city.said(made).message == "房东不退押金"
    await city.calls.answer("li", made, "可以向法院起诉")
    answered = city.consultation(made)
    assert (answered.state, answered.staff_id) == (State.CLOSED, "li")
    assert city.said(made).answer == "可以向法院起诉"


async def test_leaving_a_message_twice_keeps_the_first(city: FakeCity) -> None:
    made = await city.request()
    await city.calls.leave_message("K01", made, "一", "111111")
    await city.calls.leave_message("K01", made, "二", None)
    assert (city.said(made).message, city.said(made).phone) == ("一", "111111")


async def test_no_message_is_left_in_the_middle_of_a_talk(city: FakeCity) -> None:
    made = await city.talk()
    with pytest.raises(IllegalTransition):
        await city.calls.leave_message("K01", made, "?", None)
    assert city.said(made).message == ""


async def test_no_personal_word_enters_the_log(city: FakeCity) -> None:
    await city.on_duty("jin")
    talked = await city.request("K01", called_as="SECRET-name")
    await city.calls.accept("jin", talked)
    await city.calls.save_notes("jin", talked, "SECRET-notes", "SECRET-advice")
    await city.calls.transfer("jin", talked, NEXT, "SECRET-reason")
    asked = await city.request("K02")
    await city.calls.leave_message("K02", asked, "SECRET-text", "SECRET-phone")
    await city.calls.answer("li", asked, "SECRET-answer")
    assert "SECRET" not in repr(city.store.tables.log)
    assert "SECRET" not in repr(city.bus.changes)
    assert city.consultation(talked).slip_code not in repr(city.store.tables.log)


@pytest.mark.parametrize("talking", [True, False])
async def test_a_revoked_kiosk_ends_its_consultation(city: FakeCity, *, talking: bool) -> None:
    made = await (city.talk() if talking else city.request())
    await city.calls.end_for_revoked("K01")
    ended = city.consultation(made)
    assert ended.state is (State.WRAP_UP if talking else State.LEFT)
    assert ended.cause is EndCause.KIOSK_REVOKED
    await city.calls.end_for_revoked("K01")
    assert city.types(made).count("kiosk_revoked") == 1


async def test_late_reports_of_media_are_nothing(city: FakeCity) -> None:
    made = await city.talk()
    await city.calls.hang_up_kiosk("K01", made)
    before = city.types(made)
    await city.media(made, MediaState.LOST)
    assert city.types(made) == before
