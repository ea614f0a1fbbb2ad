"""Rows of calls: what is saved comes back, one of two writers wins, words stay sealed."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from center.domain import events as ev
from center.domain.consultation import Consultation
from center.domain.duty import Duty, Went
from center.domain.duty import advance as advance_duty
from center.domain.errors import NotFound, VersionConflict
from center.domain.records import Confidence, Page, Staff
from center.protocol.words import DutyState, Role
from center.services.office import Account
from center.store.unit_of_work import SqlWorks
from tests.integration.store.story import RULES, add_kiosks, record, requested, talk, tell

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
RESIDENT = "kiosk:K01"


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


async def arrive(works: SqlWorks, key: str, kiosk_id: str = "K01", at: float = 0) -> Consultation:
    return await tell(works, [(after(at), requested(key, kiosk_id), f"kiosk:{kiosk_id}")])


@pytest.fixture(autouse=True)
async def _kiosks(works: SqlWorks) -> None:
    await add_kiosks(works, "K01", "K02")


@pytest.mark.parametrize("length", range(1, 8))
async def test_a_consultation_comes_back_as_it_was_saved(works: SqlWorks, length: int) -> None:
    story = [(NOW, requested("1"), RESIDENT), *talk([after(s) for s in (5, 9, 10, 300, 400)])]
    told = await tell(works, story[:length])
    async with works() as work:
        assert await work.consultations.get("1") == told


async def test_a_decline_comes_back(works: SqlWorks) -> None:
    ring = (after(5), ev.Offered("jin"), "center")
    declined = (after(6), ev.Declined(), "staff:jin")
    told = await tell(works, [(NOW, requested("1"), RESIDENT), ring, declined])
    assert told.declined_by
    async with works() as work:
        assert await work.consultations.get("1") == told


async def test_the_finders_find(works: SqlWorks) -> None:
    first, second = await arrive(works, "1"), await arrive(works, "2", "K02", at=1)
    ring = (after(2), ev.Offered("jin"), "center")
    async with works() as work:
        first = await record(work, first, *ring)
        await work.commit()
    async with works() as work:
        found = work.consultations
        assert await found.by_client_ref("K01", "ref-1") == first
        assert await found.by_client_ref("K02", "ref-1") is None
        assert await found.by_number(second.number) == second
        assert await found.open_for_kiosk("K02") == second
        assert await found.newest_of_kiosk("K01") == first
        assert await found.with_staff("jin") == first
        assert await found.with_staff("li") is None
        assert await found.open_all() == (first, second)
        assert await found.queued() == (first, second)
        with pytest.raises(NotFound):
            await found.get("3")


async def test_a_left_one_is_no_longer_open(works: SqlWorks) -> None:
    left = await tell(works, [(NOW, requested("1"), RESIDENT), (after(20), ev.Left(), RESIDENT)])
    async with works() as work:
        assert await work.consultations.open_for_kiosk("K01") is None
        assert await work.consultations.newest_of_kiosk("K01") == left
        assert await work.consultations.open_all() == ()


async def test_who_talks_has_no_place_in_the_queue(works: SqlWorks) -> None:
    story = [(NOW, requested("1"), RESIDENT), *talk([after(s) for s in (5, 9, 10, 300, 400)])]
    talking = await tell(works, story[:3])
    waiting = await arrive(works, "2", "K02", at=20)
    async with works() as work:
        assert await work.consultations.open_all() == (talking, waiting)
        assert await work.consultations.queued() == (waiting,)


async def test_messages_come_in_order_of_promise(works: SqlWorks) -> None:
    for key, promise in (("1", 7200), ("2", 3600)):
        left = ev.MessageLeft(after(promise))
        await tell(works, [(NOW, requested(key), RESIDENT), (after(9), left, RESIDENT)])
    async with works() as work:
        assert [found.id for found in await work.consultations.messages()] == ["2", "1"]


async def test_recent_waits_are_newest_first(works: SqlWorks) -> None:
    for key, wait in (("1", 10), ("2", 20), ("3", 30)):
        story = talk([after(wait - 1), after(wait), after(wait), after(99), after(100)])
        await tell(works, [(NOW, requested(key), RESIDENT), *story])
    await arrive(works, "4")
    async with works() as work:
        waits = await work.consultations.recent_waits(2)
    assert [wait.duration.total_seconds() for wait in waits] == [30, 20]


async def test_of_two_units_of_work_one_wins(works: SqlWorks) -> None:
    told = await arrive(works, "1")

    async def take(lawyer: str) -> str:
        async with works() as work:
            seen = await work.consultations.get(told.id)
            await both_have_read.wait()
            await record(work, seen, after(5), ev.Taken(lawyer), f"staff:{lawyer}")
            await work.commit()
        return lawyer

    both_have_read = asyncio.Barrier(2)
    outcomes = await asyncio.gather(take("jin"), take("li"), return_exceptions=True)
    (winner,) = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert sum(isinstance(outcome, VersionConflict) for outcome in outcomes) == 1
    async with works() as work:
        assert (await work.consultations.get("1")).staff_id == winner
        events = await work.events.of("consultation:1")
    assert [event.type for event in events] == ["requested", "taken"]


async def test_a_row_and_its_log_change_together_or_not_at_all(works: SqlWorks) -> None:
    told = await arrive(works, "1")
    async with works() as work:
        await record(work, told, after(5), ev.Taken("jin"), "staff:jin")
        with pytest.raises(VersionConflict):
            await work.consultations.save(told, 1)
    async with works() as work:
        assert await work.consultations.get("1") == told
        assert len(await work.events.of("consultation:1")) == 1


async def test_a_request_is_made_once(works: SqlWorks) -> None:
    await arrive(works, "1")
    again = requested("2", client_ref="ref-1")
    with pytest.raises(VersionConflict):
        await tell(works, [(NOW, again, RESIDENT)])


async def test_numbers_of_a_day_are_given_once_each(works: SqlWorks) -> None:
    async def number(day: date) -> int:
        async with works() as work:
            found = await work.consultations.next_number(day)
            await work.commit()
        return found

    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    numbers = await asyncio.gather(*(number(monday) for _ in range(10)))
    assert sorted(numbers) == list(range(1, 11))
    assert await number(tuesday) == 1


async def test_a_number_of_an_undone_transaction_is_given_again(works: SqlWorks) -> None:
    async with works() as work:
        assert await work.consultations.next_number(date(2026, 11, 23)) == 1
    async with works() as work:
        assert await work.consultations.next_number(date(2026, 11, 23)) == 1


async def test_duties_come_back_and_refuse_the_second_writer(works: SqlWorks) -> None:
    on = advance_duty(Duty.off("jin", NOW), Went(DutyState.AVAILABLE), NOW, RULES)
    async with works() as work:
        staff = Staff("jin", "金明淑", "", Role.LAWYER)
        await work.accounts.save(Account(staff, "jin", "hash", NOW))
        assert await work.duties.get("jin") is None
        await work.duties.save(on, 0)
        await work.commit()
    async with works() as work:
        assert await work.duties.get("jin") == on
        assert await work.duties.all_on() == (on,)
        with pytest.raises(VersionConflict):
            await work.duties.save(on, 0)
    async with works() as work:
        away = advance_duty(on, Went(DutyState.AWAY), after(1), RULES)
        await work.duties.save(away, 1)
        assert await work.duties.all_on() == ()
        with pytest.raises(VersionConflict):
            await work.duties.save(away, 1)


async def test_personal_words_come_back_and_are_sealed_on_the_disk(
    works: SqlWorks, engine: AsyncEngine
) -> None:
    await arrive(works, "1")
    said = Confidence("1", "王大娘", "13900000000", "问题", "笔记", "建议", NOW, "答复")
    async with works() as work:
        assert await work.confidences.get("1") == Confidence("1")
        await work.confidences.save(said)
        await work.commit()
    async with works() as work:
        assert await work.confidences.get("1") == said
    async with engine.connect() as connection:
        (sealed,) = (await connection.execute(text("SELECT sealed FROM confidences"))).one()
    assert "王大娘".encode() not in bytes(sealed)


async def test_pages_come_in_order_once_each(works: SqlWorks) -> None:
    await arrive(works, "1")
    square = ((0.5, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
    pages = [
        Page("1", n, f"{n}" * 64, "c" * 64, NOW, NOW, 800, 1200, 0.5, square, ("dark",), ("码",))
        for n in (2, 1)
    ]
    async with works() as work:
        assert [await work.pages.add(page) for page in (*pages, pages[0])] == [True, True, False]
        await work.commit()
    async with works() as work:
        assert await work.pages.of("1") == (pages[1], pages[0])


async def test_a_disabled_member_is_named_but_not_among_the_people(works: SqlWorks) -> None:
    async with works() as work:
        for name, disabled in (("jin", False), ("li", True)):
            staff = Staff(name, name, "", Role.LAWYER)
            await work.accounts.save(Account(staff, name, "hash", NOW, disabled=disabled))
        await work.commit()
    async with works() as work:
        assert [staff.staff_id for staff in await work.staff.all()] == ["jin"]
        assert (await work.staff.get("li")).name == "li"
        with pytest.raises(NotFound):
            await work.staff.get("nobody")
        assert [kiosk.kiosk_id for kiosk in await work.kiosks.all()] == ["K01", "K02"]
        with pytest.raises(NotFound):
            await work.kiosks.get("K99")
