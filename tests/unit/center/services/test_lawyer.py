"""What a lawyer may do with consultations."""

from collections.abc import Awaitable, Callable

import pytest

from center.domain.errors import (
    Conflict,
    Forbidden,
    IllegalTransition,
    NobodyWaiting,
    NotFound,
    OfferGone,
)
from center.protocol.words import ConsultationState as State
from center.protocol.words import DutyState, EndCause, Matter, MediaState, Outcome, PeerRole
from center.services.lawyer import NEXT, To
from center.services.rooms import Rooms
from tests.fakes.city import KO, FakeCity


async def test_the_whole_way_of_a_call(city: FakeCity) -> None:
    made = await city.talk()
    await city.calls.hang_up_staff("jin", made)
    await city.calls.file("jin", made, "记录", "建议", Outcome.LEGAL_AID)
    await city.calls.rate("K01", made, 5)
    assert city.types(made) == [
        "requested",
        "offered",
        "accepted",
        "media_reported",
        "media_reported",
        "hung_up",
        "filed",
        "rated",
    ]
    closed = city.consultation(made)
    assert (closed.state, closed.cause) == (State.CLOSED, EndCause.STAFF_HUNG_UP)
    assert (closed.outcome, closed.rating) == (Outcome.LEGAL_AID, 5)
    assert (city.said(made).notes, city.said(made).advice) == ("记录", "建议")
    assert city.duty("jin").state is DutyState.AVAILABLE


async def test_accepting_twice_is_harmless(city: FakeCity) -> None:
    await city.on_duty("jin")
    made = await city.request()
    await city.calls.accept("jin", made)
    await city.calls.accept("jin", made)
    assert city.types(made).count("accepted") == 1


async def test_only_who_is_rung_may_answer_the_ring(city: FakeCity) -> None:
    await city.on_duty("jin")
    made = await city.request()
    for answer in (city.calls.accept, city.calls.decline):
        with pytest.raises(OfferGone):
            await answer("li", made)
    with pytest.raises(NotFound):
        await city.calls.accept("jin", "nowhere")


async def test_a_declined_ring_goes_to_the_next_and_keeps_its_place(city: FakeCity) -> None:
    await city.on_duty("jin")
    first = await city.request("K01")
    second = await city.request("K02")
    await city.calls.decline("jin", first)
    assert city.consultation(second).staff_id == "jin"
    assert city.consultation(first).state is State.WAITING
    await city.on_duty("li")
    assert city.consultation(first).staff_id == "li"
    with pytest.raises(OfferGone):
        await city.calls.decline("jin", first)


async def test_taking_without_a_ring(city: FakeCity) -> None:
    korean = await city.request("K01", language=KO)
    await city.on_duty("li")
    assert city.consultation(korean).state is State.WAITING
    assert await city.calls.take("li") == korean
    assert city.consultation(korean).staff_id == "li"
    assert city.duty("li").state is DutyState.BUSY


async def test_taking_prefers_whom_one_suits(city: FakeCity) -> None:
    await city.request("K01", language=KO)
    await city.on_duty("li")
    declined = await city.request("K02")
    await city.calls.decline("li", declined)
    assert await city.calls.take("li") == declined


async def test_taking_what_rings_is_accepting(city: FakeCity) -> None:
    await city.on_duty("jin")
    made = await city.request()
    other = await city.request("K02")
    with pytest.raises(IllegalTransition):
        await city.calls.take("jin", other)
    assert await city.calls.take("jin") == made
    assert city.types(made)[-1] == "accepted"


async def test_taking_is_refused_with_a_reason(city: FakeCity) -> None:
    await city.on_duty("jin", "li")
    with pytest.raises(NobodyWaiting):
        await city.calls.take("jin")
    with pytest.raises(Forbidden):
        await city.calls.take("zhao")
    made = await city.request()
    other = {"jin": "li", "li": "jin"}[city.consultation(made).staff_id or ""]
    with pytest.raises(OfferGone):
        await city.calls.take(other, made)
    korean = await city.request("K03", language=KO, client_ref="ko")
    await city.desk.set("wang", DutyState.OFF)
    with pytest.raises((IllegalTransition, OfferGone)):
        await city.calls.take("wang", korean)


@pytest.mark.parametrize("who", ["li", "zhao"])
async def test_a_consultation_is_in_one_persons_hands(city: FakeCity, who: str) -> None:
    made = await city.talk()
    calls = city.calls
    attempts: list[Callable[[], Awaitable[None]]] = [
        lambda: calls.hang_up_staff(who, made),
        lambda: calls.save_notes(who, made, "n", "a"),
        lambda: calls.file(who, made, "n", "a", Outcome.ADVICE),
        lambda: calls.transfer(who, made, NEXT, "why"),
        lambda: calls.ask_capture(who, made),
        lambda: calls.media(PeerRole.STAFF, who, made, MediaState.LOST),
    ]
    before = city.types(made)
    for attempt in attempts:
        with pytest.raises(Forbidden):
            await attempt()
    assert city.types(made) == before
    assert city.said(made).notes == ""


async def test_notes_are_kept_as_a_draft_and_the_lawyer_hears_of_it(city: FakeCity) -> None:
    made = await city.talk()
    log = len(city.store.tables.log)
    await city.calls.save_notes("jin", made, "一", "二")
    assert (city.said(made).notes, city.said(made).advice) == ("一", "二")
    assert city.said(made).notes_saved_at == city.clock.now()
    assert len(city.store.tables.log) == log
    heard = city.bus.changes[-1]
    assert (heard.kind, heard.seq, heard.kiosk_id) == ("notes_saved", log, None)
    assert heard.staff_ids == {"jin"}


async def test_notes_survive_the_end_of_wrap_up(city: FakeCity) -> None:
    made = await city.talk()
    await city.calls.save_notes("jin", made, "草稿", "")
    await city.calls.hang_up_staff("jin", made)
    await city.pass_time(600)
    assert city.consultation(made).outcome is Outcome.FOLLOW_UP
    assert city.said(made).notes == "草稿"
    await city.calls.save_notes("jin", made, "草稿二", "建议")
    await city.calls.file("jin", made, "定稿", "建议", Outcome.COURT)
    assert city.said(made).notes == "定稿"
    assert city.consultation(made).outcome is Outcome.COURT


async def test_filing_waits_for_the_end_of_the_talk(city: FakeCity) -> None:
    made = await city.talk()
    with pytest.raises(IllegalTransition):
        await city.calls.file("jin", made, "n", "a", Outcome.ADVICE)
    assert city.said(made).notes == ""


async def test_a_transfer_goes_to_the_head_with_its_notes(city: FakeCity) -> None:
    made = await city.talk("K01", "jin")
    earlier = await city.request("K02")
    await city.calls.save_notes("jin", made, "已谈", "建议")
    await city.calls.transfer("jin", made, NEXT, "劳动争议")
    rows, _ = await city.views.queue()
    assert [row.consultation_id for row in rows] == [made, earlier]
    # The one who handed on is rung for the next resident, not for the same one again.
    assert city.consultation(earlier).staff_id == "jin"
    assert city.consultation(made).state is State.WAITING
    assert city.said(made).notes == "⇄ 金明淑: 劳动争议\n已谈"
    await city.on_duty("li")
    assert city.consultation(made).staff_id == "li"


async def test_a_transfer_waits_for_the_person_and_then_for_anybody(city: FakeCity) -> None:
    made = await city.talk("K01", "jin")
    await city.talk("K02", "li")
    await city.on_duty("wang")
    await city.calls.transfer("jin", made, To("li"), "劳动争议")
    assert city.consultation(made).state is State.WAITING
    rows, _ = await city.views.queue()
    assert (rows[0].handed_on, rows[0].wanted_staff_id, rows[0].wanted_skill) == (True, "li", None)
    await city.pass_time(60)
    assert city.consultation(made).state is State.OFFERED


async def test_a_transfer_to_a_skill_rings_who_has_it(city: FakeCity) -> None:
    made = await city.talk("K01", "jin")
    await city.talk("K02", "li")  # knows labour, and talks
    await city.on_duty("wang")
    await city.calls.transfer("jin", made, To(skill=Matter.LABOUR), "劳动争议")
    assert city.consultation(made).state is State.WAITING
    rows, _ = await city.views.queue()
    assert (rows[0].wanted_staff_id, rows[0].wanted_skill) == (None, Matter.LABOUR)
    await city.pass_time(60)
    assert city.consultation(made).state is State.OFFERED  # a resident does not wait for ever


@pytest.mark.parametrize("to", [To("li"), To(skill=Matter.LABOUR), To(skill=Matter.FAMILY)])
async def test_nobody_is_handed_to_whom_nobody_on_duty_answers(city: FakeCity, to: To) -> None:
    made = await city.talk("K01", "jin")  # who alone knows families
    await city.on_duty("wang")
    with pytest.raises(Conflict):
        await city.calls.transfer("jin", made, to, "why")
    assert city.consultation(made).state is State.ACTIVE
    assert city.said(made).notes == ""


async def test_colleagues_are_those_on_duty_the_free_first(city: FakeCity) -> None:
    await city.talk("K01", "jin")
    for staff_id in ("wang", "li", "piao"):
        await city.on_duty(staff_id)
    await city.desk.set("piao", DutyState.AWAY)
    asked_by_wang = await city.views.colleagues("wang")
    assert [(c.staff_id, c.state) for c in asked_by_wang.colleagues] == [
        ("li", DutyState.AVAILABLE),
        ("jin", DutyState.BUSY),
    ]
    assert asked_by_wang.colleagues[0].skills == (Matter.LABOUR,)


@pytest.mark.parametrize(("to", "error"), [("zhao", Forbidden), ("nobody", NotFound)])
async def test_a_transfer_needs_somebody_who_talks(
    city: FakeCity, to: str, error: type[Exception]
) -> None:
    made = await city.talk()
    with pytest.raises(error):
        await city.calls.transfer("jin", made, To(to), "why")
    assert city.consultation(made).state is State.ACTIVE


async def test_asking_for_a_picture_is_heard_and_changes_nothing(city: FakeCity) -> None:
    made = await city.talk()
    before, log = city.consultation(made), len(city.store.tables.log)
    await city.calls.ask_capture("jin", made)
    asked = city.bus.changes[-1]
    assert (asked.kind, asked.kiosk_id, asked.seq) == ("capture_asked", "K01", log)
    assert asked.stream == f"consultation:{made}"
    assert (city.consultation(made), len(city.store.tables.log)) == (before, log)
    await city.calls.hang_up_staff("jin", made)
    with pytest.raises(IllegalTransition):
        await city.calls.ask_capture("jin", made)


async def test_messages_are_answered_by_those_who_talk_with_residents(city: FakeCity) -> None:
    made = await city.request()
    await city.calls.leave_message("K01", made, "?", None)
    with pytest.raises(Forbidden):
        await city.calls.answer("admin", made, "!")
    await city.calls.answer("piao", made, "答")
    with pytest.raises(IllegalTransition):
        await city.calls.answer("li", made, "另答")
    assert city.said(made).answer == "答"


async def test_rooms_follow_the_talk(city: FakeCity) -> None:
    made = await city.talk()
    rooms = Rooms(city.store.unit)
    room = await rooms.room(made)
    assert room is not None
    assert {m.peer_id for m in room.members} == {"kiosk:K01", "staff:jin"}
    assert await rooms.rooms_of("staff:jin") == (made,)
    assert await rooms.rooms_of("staff:li") == ()
    await city.calls.hang_up_staff("jin", made)
    assert await rooms.room(made) is None
    assert await rooms.rooms_of("kiosk:K01") == ()
    assert await rooms.room("nowhere") is None
