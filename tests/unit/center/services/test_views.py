"""What each screen reads, and what it must not."""

from datetime import UTC, datetime

from center.domain.records import Page
from center.protocol.words import ConsultationState as State
from center.protocol.words import DutyState, Language, Outcome, Urgency
from center.services.doors import Doors
from center.services.lawyer import NEXT
from config.settings import CenterSettings
from tests.fakes.city import FakeCity


async def answered_waits(city: FakeCity, *seconds: float) -> None:
    """Residents who waited so long at the first place, one after the other."""
    for wait in seconds:
        ref = f"at-{city.clock.now().timestamp()}"
        made = await city.request("K03", client_ref=ref)
        await city.pass_time(wait)
        await city.on_duty("wang")
        await city.calls.accept("wang", made)
        await city.desk.set("wang", DutyState.OFF)
        await city.calls.hang_up_staff("wang", made)
        await city.calls.file("wang", made, "", "", Outcome.ADVICE)


def page(consultation_id: str, position: int) -> Page:
    return Page(
        consultation_id=consultation_id,
        position=position,
        sha256=f"{position:064x}",
        clean_sha256="f" * 64,
        captured_at=datetime(2026, 11, 20, 1, 0, tzinfo=UTC),
        received_at=datetime(2026, 11, 20, 1, 1, tzinfo=UTC),
        width=1654,
        height=2339,
        sharpness=0.8,
        verdict=("dark",),
        codes=("http://example.test",),
    )


async def test_the_hall_without_anybody_promises_an_answer_instead(city: FakeCity) -> None:
    hall = await city.views.hall()
    assert (hall.lawyers_on_duty, hall.lawyers_free, hall.waiting) == (0, 0, 0)
    assert hall.estimate_s is None
    assert hall.next_answer_at == datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


async def test_the_hall_counts_who_is_there(city: FakeCity) -> None:
    await city.talk("K01", "jin")
    await city.on_duty("li")
    await city.request("K02", language=Language.KO)
    await city.desk.set("wang", DutyState.AWAY)
    hall = await city.views.hall()
    assert (hall.lawyers_on_duty, hall.lawyers_free, hall.waiting) == (2, 1, 1)
    assert hall.next_answer_at is None


NINE_TO_FIVE = CenterSettings(hours="Mo-Fr 09:00-17:00")


async def test_the_hall_says_when_the_service_opens_and_closes() -> None:
    city = FakeCity(NINE_TO_FIVE)  # Friday, nine o'clock there
    hall = await city.views.hall()
    assert (hall.open, hall.opens_at) == (True, None)
    assert hall.closes_at == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    await city.pass_time(8 * 3600)
    hall = await city.views.hall()
    assert (hall.open, hall.closes_at) == (False, None)
    assert hall.opens_at == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    await city.on_duty("li")
    assert (await city.views.hall()).open  # who works on is there for residents


async def test_who_waits_after_hours_is_led_to_leave_a_message() -> None:
    city = FakeCity(NINE_TO_FIVE)
    made = await city.request()
    assert not await after_hours(city)
    await city.pass_time(8 * 3600)
    assert await after_hours(city)
    await city.on_duty("li")
    assert not await after_hours(city)
    await city.calls.accept("li", made)
    assert not await after_hours(city)


async def after_hours(city: FakeCity) -> bool:
    view = await city.views.of_kiosk("K01")
    assert view is not None
    return view.after_hours


async def test_the_doors_tell_each_opening_and_closing_once() -> None:
    city = FakeCity(NINE_TO_FIVE)
    doors = Doors(city.policy.hours, city.clock, city.views, city.bus)
    told = []
    for hours_later in (0, 7.9, 0.2, 1, 62.8, 0.2):
        await city.pass_time(hours_later * 3600)
        await doors.look()
        told.append([change.hall for change in city.bus.changes])
        city.bus.changes.clear()
    assert told == [[], [], [True], [], [], [True]]


async def test_the_hall_says_unknown_until_it_knows(city: FakeCity) -> None:
    await answered_waits(city, 30, 30)
    await city.on_duty("li")
    assert (await city.views.hall()).estimate_s is None
    await city.desk.set("li", DutyState.OFF)
    await answered_waits(city, 30)
    assert (await city.views.hall()).estimate_s is None  # nobody is there to keep a promise
    await city.on_duty("li")
    assert (await city.views.hall()).estimate_s == 30


async def test_the_kiosk_sees_its_place(city: FakeCity) -> None:
    await answered_waits(city, 40, 40, 40)
    await city.on_duty("li")  # who speaks no Korean
    await city.request("K02", language=Language.KO)
    await city.pass_time(1)
    await city.request("K01", language=Language.KO)
    view = await city.views.of_kiosk("K01")
    assert view is not None
    assert view.place is not None
    assert (view.place.position, view.place.estimate_s) == (2, 80)
    assert (view.slip_code, view.lawyer) == (
        city.consultation(view.consultation_id).slip_code,
        None,
    )


async def test_the_kiosk_learns_why_it_was_overtaken(city: FakeCity) -> None:
    talking = await city.talk("K03", "jin")
    await city.request("K01")
    await city.pass_time(1)
    await city.desk.set("jin", DutyState.OFF)
    await city.calls.transfer("jin", talking, NEXT, "why")
    view = await city.views.of_kiosk("K01")
    assert view is not None
    assert view.place is not None
    assert (view.place.position, view.place.moved_back) == (2, "transfer")


async def test_the_kiosk_sees_its_lawyer_and_its_pages(city: FakeCity) -> None:
    made = await city.talk()
    async with city.store.unit() as unit:
        await unit.pages.add(page(made, 2))
        await unit.pages.add(page(made, 1))
        assert not await unit.pages.add(page(made, 1))
        await unit.commit()
    view = await city.views.of_kiosk("K01")
    assert view is not None
    assert view.lawyer is not None
    assert (view.lawyer.name, view.place, view.state) == ("金明淑", None, State.ACTIVE)
    assert [p.position for p in view.pages] == [1, 2]
    assert (view.pages[0].verdict, view.pages[0].width) == (("dark",), 1654)


async def test_the_kiosk_keeps_its_view_until_the_resident_is_done(city: FakeCity) -> None:
    assert await city.views.of_kiosk("K01") is None
    made = await city.talk()
    await city.calls.hang_up_kiosk("K01", made)
    await city.calls.file("jin", made, "", "", Outcome.ADVICE)
    closed = await city.views.of_kiosk("K01")
    assert closed is not None
    assert closed.state is State.CLOSED
    await city.calls.rate("K01", made, 5)
    assert await city.views.of_kiosk("K01") is None


async def test_who_left_leaves_no_view_and_who_wrote_has_one(city: FakeCity) -> None:
    gone = await city.request(client_ref="a")
    await city.calls.leave("K01", gone)
    assert await city.views.of_kiosk("K01") is None
    await city.pass_time(1)
    wrote = await city.request(client_ref="b")
    await city.calls.leave_message("K01", wrote, "?", None)
    view = await city.views.of_kiosk("K01")
    assert view is not None
    assert view.answer_promised_at is not None
    await city.calls.answer("li", wrote, "!")
    assert await city.views.of_kiosk("K01") is None


async def test_a_kiosk_that_comes_back_learns_what_it_missed(city: FakeCity) -> None:
    assert not await city.views.kiosk_changed_since("K01", 0)
    made = await city.request()
    seen = await city.views.head_seq()
    await city.request("K02")
    assert not await city.views.kiosk_changed_since("K01", seen)
    await city.calls.leave("K01", made)
    assert await city.views.kiosk_changed_since("K01", seen)
    assert await city.views.head_seq() == len(city.store.tables.log)


async def test_staff_see_who_waits_in_order(city: FakeCity) -> None:
    first = await city.request("K01", called_as="朴阿姨")
    await city.pass_time(1)
    second = await city.request("K02")
    await city.on_duty("jin")
    rows, messages = await city.views.queue()
    assert [row.consultation_id for row in rows] == [first, second]
    assert (rows[0].called_as, rows[0].offered_to, rows[0].state) == (
        "朴阿姨",
        "jin",
        State.OFFERED,
    )
    assert (rows[1].hall, rows[1].urgency) == ("朝阳川镇便民大厅", Urgency.NORMAL)
    assert messages == ()


async def test_staff_see_the_messages_with_what_they_need_to_answer(city: FakeCity) -> None:
    made = await city.request(called_as="朴阿姨")
    await city.pass_time(30)
    await city.calls.leave_message("K01", made, "工资没有发", "0433-7654321")
    rows, (message,) = await city.views.queue()
    assert rows == ()
    assert (message.text, message.phone, message.called_as) == (
        "工资没有发",
        "0433-7654321",
        "朴阿姨",
    )
    assert message.left_at == city.clock.now()
    assert message.promised_at == datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


async def test_what_rings_is_an_offer_and_not_yet_in_hand(city: FakeCity) -> None:
    await city.on_duty("jin")
    assert await city.views.offer("jin") is None
    made = await city.request()
    offer = await city.views.offer("jin")
    assert offer is not None
    assert (offer.consultation_id, offer.deadline) == (made, city.consultation(made).deadline)
    assert await city.views.of_staff("jin") is None
    await city.calls.accept("jin", made)
    assert await city.views.offer("jin") is None
    in_hand = await city.views.of_staff("jin")
    assert in_hand is not None
    assert (in_hand.consultation_id, in_hand.hall_phone) == (made, "0433-1000001")


async def test_the_lawyer_sees_the_draft_until_filing(city: FakeCity) -> None:
    made = await city.talk()
    await city.calls.save_notes("jin", made, "记录", "建议")
    await city.calls.hang_up_kiosk("K01", made)
    view = await city.views.of_staff("jin")
    assert view is not None
    assert (view.notes, view.advice, view.notes_saved_at) == ("记录", "建议", city.clock.now())
    assert view.state is State.WRAP_UP
    await city.calls.file("jin", made, "记录", "建议", Outcome.ADVICE)
    assert await city.views.of_staff("jin") is None


async def test_presence_is_shown_with_what_was_missed(city: FakeCity) -> None:
    assert (await city.views.duty("jin")).state is DutyState.OFF
    await city.on_duty("jin")
    await city.request()
    await city.pass_time(20)
    duty = await city.views.duty("jin")
    assert (duty.state, duty.missed, duty.since) == (DutyState.AVAILABLE, 1, city.clock.now())


async def test_neither_hall_nor_queue_tells_what_is_personal(city: FakeCity) -> None:
    talked = await city.talk("K01", "jin")
    await city.calls.save_notes("jin", talked, "SECRET", "SECRET")
    await city.calls.transfer("jin", talked, NEXT, "SECRET")
    hall, (rows, _) = await city.views.hall(), await city.views.queue()
    shown = hall.model_dump_json() + "".join(row.model_dump_json() for row in rows)
    assert "SECRET" not in shown
    assert city.consultation(talked).slip_code not in shown
