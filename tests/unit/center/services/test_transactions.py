"""One owner by compare-and-set: commits first, effects after, races lost in silence."""

import asyncio
import logging

import pytest

from center.domain import events as ev
from center.domain.consultation import Consultation
from center.domain.duty import Duty
from center.domain.errors import IllegalTransition, NobodyWaiting, OfferGone, VersionConflict
from center.protocol.words import ConsultationState as State
from center.protocol.words import DutyState, MediaState, PeerRole
from center.services.ports import Change
from center.services.races import ATTEMPTS
from center.services.transactions import Ledger
from tests.fakes.city import FakeCity
from tests.fakes.store import FakeDuties

JIN = frozenset({"jin"})


def answered_by(*results: object) -> list[object]:
    return [result for result in results if not isinstance(result, BaseException)]


async def test_events_are_committed_before_anything_is_published(city: FakeCity) -> None:
    seen: list[tuple[str, str]] = []

    def look(change: Change) -> None:
        if change.kind not in ("notes_saved", "capture_asked"):
            entry = city.store.tables.log[change.seq - 1]
            seen.append((entry.stream, entry.type))
            assert (entry.stream, entry.type) == (change.stream, change.kind)

    city.bus.on_publish = look
    made = await city.talk()
    await city.calls.save_notes("jin", made, "n", "a")
    await city.calls.hang_up_kiosk("K01", made)
    assert len(seen) == len(city.store.tables.log)


async def test_changes_arrive_in_the_order_of_the_log(city: FakeCity) -> None:
    await city.talk()
    numbers = [change.seq for change in city.bus.changes]
    assert numbers == list(range(1, len(city.store.tables.log) + 1))


async def test_what_is_refused_is_neither_published_nor_timed(city: FakeCity) -> None:
    made = await city.request()
    before = (list(city.bus.changes), dict(city.timers.armed))
    with pytest.raises(OfferGone):
        await city.calls.accept("jin", made)
    assert (city.bus.changes, city.timers.armed) == before


async def test_a_change_names_all_who_are_concerned(city: FakeCity) -> None:
    await city.on_duty("jin")
    made = await city.request()
    await city.calls.decline("jin", made)
    declined = next(c for c in city.bus.changes if c.kind == "declined")
    assert (declined.kiosk_id, declined.staff_ids, declined.hall) == ("K01", JIN, True)
    released = next(c for c in city.bus.changes if c.kind == "released")
    assert (released.stream, released.staff_ids) == ("duty:jin", JIN)


async def test_the_hall_does_not_hear_of_the_talk(city: FakeCity) -> None:
    await city.talk()
    media = [change for change in city.bus.changes if change.kind == "media_reported"]
    assert len(media) == 2
    assert not any(change.hall for change in media)


async def test_a_lost_race_is_decided_again(city: FakeCity) -> None:
    made = await city.request()

    async def page_arrives() -> None:
        await city.transactions.run(lambda ledger: add_page(ledger, made))

    city.store.before_commit = page_arrives
    await city.calls.leave("K01", made)
    assert city.store.refused == 1
    assert city.types(made) == ["requested", "page_added", "left"]


async def add_page(ledger: Ledger, consultation_id: str) -> Consultation:
    consultation = await ledger.uow.consultations.get(consultation_id)
    return await ledger.record(consultation, ev.PageAdded(1, "0" * 64), "kiosk:K01")


async def test_the_second_decision_is_made_on_what_is_there_then(city: FakeCity) -> None:
    await city.on_duty("jin")
    made = await city.request()

    async def resident_leaves() -> None:
        await city.calls.leave("K01", made)

    city.store.before_commit = resident_leaves
    with pytest.raises(OfferGone):
        await city.calls.accept("jin", made)
    assert city.consultation(made).state is State.LEFT
    assert city.duty("jin").state is DutyState.AVAILABLE


async def test_endless_races_end_in_a_conflict(city: FakeCity) -> None:
    made = await city.request()

    async def lose(_: Ledger) -> None:
        raise VersionConflict(made)

    with pytest.raises(VersionConflict, match=str(ATTEMPTS)):
        await city.transactions.run(lose)


async def test_two_lawyers_take_the_same_resident(city: FakeCity) -> None:
    made = await city.request()
    await city.on_duty("jin")
    await city.calls.decline("jin", made)
    await city.on_duty("li")
    await city.calls.decline("li", made)
    results = await asyncio.gather(
        city.calls.take("jin"), city.calls.take("li"), return_exceptions=True
    )
    assert answered_by(*results) == [made]
    assert sum(isinstance(result, NobodyWaiting) for result in results) == 1
    assert city.types(made).count("taken") == 1


async def test_one_lawyer_takes_two_residents_at_once(city: FakeCity) -> None:
    first, second = await city.request("K01"), await city.request("K02")
    await city.on_duty("jin")
    await city.calls.decline("jin", first)
    await city.calls.decline("jin", second)
    results = await asyncio.gather(
        city.calls.take("jin", first), city.calls.take("jin", second), return_exceptions=True
    )
    assert len(answered_by(*results)) == 1
    assert sum(isinstance(result, IllegalTransition) for result in results) == 1


async def test_three_residents_and_four_lawyers_in_the_same_moment(city: FakeCity) -> None:
    requests = [city.request(kiosk, client_ref=kiosk) for kiosk in ("K01", "K02", "K03")]
    duties = [city.on_duty(staff_id) for staff_id in ("jin", "li", "wang", "piao")]
    await asyncio.gather(*requests, *duties)
    rung = [c.staff_id for c in city.store.tables.consultations.values()]
    assert len(set(rung)) == 3
    assert None not in rung
    numbers = [c.number for c in city.store.tables.consultations.values()]
    assert len(set(numbers)) == 3
    assert [e.seq for e in city.store.tables.log] == list(range(1, len(city.store.tables.log) + 1))


async def test_the_same_request_twice_in_the_same_moment(city: FakeCity) -> None:
    first, second = await asyncio.gather(city.request(), city.request())
    assert first == second
    assert len(city.store.tables.consultations) == 1


async def test_both_sides_report_in_the_same_moment(city: FakeCity) -> None:
    await city.on_duty("jin")
    made = await city.request()
    await city.calls.accept("jin", made)
    await asyncio.gather(
        city.calls.media(PeerRole.KIOSK, "K01", made, MediaState.UP),
        city.calls.media(PeerRole.STAFF, "jin", made, MediaState.UP),
    )
    assert city.consultation(made).state is State.ACTIVE


async def test_a_caller_that_goes_away_does_not_stop_what_it_began(city: FakeCity) -> None:
    await city.on_duty("jin")
    committing = asyncio.Event()

    async def notice() -> None:
        committing.set()

    city.store.before_commit = notice
    asking = asyncio.create_task(city.request())
    await committing.wait()
    asking.cancel()
    await city.transactions.settled()
    assert asking.cancelled()
    (made,) = city.store.tables.consultations.values()
    assert (made.state, made.staff_id) == (State.OFFERED, "jin")
    assert city.timers.armed == {made.id: made.deadline}
    assert "offered" in city.bus.kinds()


async def test_a_ring_that_fails_does_not_refuse_the_request(
    city: FakeCity, caplog: pytest.LogCaptureFixture
) -> None:
    await city.on_duty("jin")
    city.store.tables.staff["jin"] = "nonsense"  # type: ignore[assignment]
    with caplog.at_level(logging.ERROR):
        waiting = await city.request()
    assert city.consultation(waiting).state is State.WAITING
    assert "dispatch failed" in caplog.text


async def test_dispatch_is_harmless_when_there_is_nothing_to_do(city: FakeCity) -> None:
    await city.talk()
    log = len(city.store.tables.log)
    await city.calls.dispatch()
    assert len(city.store.tables.log) == log


async def test_who_was_rung_for_since_they_were_read_free_costs_nobody_the_ring(
    city: FakeCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both databases show what was committed between two readings of one transaction."""
    await city.on_duty("jin")
    free = city.store.tables.duties["jin"]
    await city.request("K01")
    waiting = await city.request("K02")
    stale, all_on = [(free,)], FakeDuties.all_on

    async def read(duties: FakeDuties) -> tuple[Duty, ...]:
        return stale.pop() if stale else await all_on(duties)

    monkeypatch.setattr(FakeDuties, "all_on", read)
    await city.on_duty("li")
    assert not stale
    assert city.store.tables.consultations[waiting].staff_id == "li"
