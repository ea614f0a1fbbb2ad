"""The demo city: whole, again harmless, refused outside demo mode, and true to the machine."""

from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher

from center.demo.city import DEMO_PASSWORD, KIOSKS, STAFF, DemoOnly, enrolment_codes, seed
from center.domain.log import replay
from center.protocol.rest import Enrol, UsageFilter
from center.protocol.words import ConsultationState, Outcome
from center.services.identity import Identity
from center.services.office import UsageQuery
from center.services.passwords import Passwords
from center.services.policy import Policy
from center.services.reports import Reports
from center.store.unit_of_work import SqlWorks
from config.settings import Settings
from tests.integration.store.clock import StoppedClock
from tests.integration.store.test_identity import Device

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)  # a Monday, half past two in the city
DEMO = Settings(demo=True)


@pytest.fixture
def identity(works: SqlWorks) -> Identity:
    quick = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    clock = StoppedClock(NOW)
    return Identity(works, clock, DEMO.center.auth, b"k" * 32, demo=True, passwords=quick)


@pytest.fixture
async def city(works: SqlWorks, identity: Identity) -> SqlWorks:
    await seed(DEMO, works, identity, identity, NOW)
    return works


async def test_it_is_refused_outside_demo_mode(works: SqlWorks, identity: Identity) -> None:
    with pytest.raises(DemoOnly):
        await seed(Settings(demo=False), works, identity, identity, NOW)
    async with works() as work:
        assert await work.accounts.all() == ()


async def test_everybody_can_sign_in_and_every_kiosk_can_enrol(
    city: SqlWorks, identity: Identity
) -> None:
    for member in STAFF:
        _, session = await identity.login(member.username, DEMO_PASSWORD)
        assert session.demo
        assert session.staff.name == member.name
    codes = await enrolment_codes(city, identity)
    assert [code.kiosk_id for code in codes] == [kiosk.kiosk_id for kiosk in KIOSKS]
    await identity.enrol(Enrol(code=codes[0].code, public_key=Device().public_key))
    assert len(await enrolment_codes(city, identity)) == len(KIOSKS) - 1


async def seeding_again_changes_nothing(city: SqlWorks, identity: Identity) -> None:
    async with city() as work:
        before = await work.events.last_seq()
    await seed(DEMO, city, identity, identity, NOW)
    async with city() as work:
        assert await work.events.last_seq() == before


async def history_is_what_its_events_say(city: SqlWorks) -> None:
    rules = Policy.of(DEMO.center).rules
    async with city() as work:
        facts = await work.usage.page(UsageQuery(), None, 1000)
        assert len(facts) > 200
        for fact in facts[:40]:
            told = fact.consultation
            events = await work.events.of(f"consultation:{told.id}")
            again = replay([(e.type, e.data, e.at) for e in events], rules)
            assert again is not None
            assert (again.state, again.version, again.rating) == (
                told.state,
                told.version,
                told.rating,
            )
            assert told.state in (ConsultationState.CLOSED, ConsultationState.LEFT)
        assert await work.duties.all_on() == ()


async def history_runs_forward_without_gaps(city: SqlWorks) -> None:
    async with city() as work:
        entries = await work.events.since(0, 100_000)
    told = [entry for entry in entries if not entry.stream.startswith("kiosk:")]
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert [entry.at for entry in told] == sorted(entry.at for entry in told)


async def the_next_number_follows_the_history(city: SqlWorks) -> None:
    policy = Policy.of(DEMO.center)
    async with city() as work:
        (newest,) = await work.usage.page(UsageQuery(), None, 1)
        day = policy.day(newest.consultation.requested_at)
        running = int(newest.consultation.number.rpartition("-")[2])
        assert await work.consultations.next_number(day) == running + 1


async def its_figures_are_not_empty(city: SqlWorks) -> None:
    reports = Reports(city, Policy.of(DEMO.center).zone)
    summary = await reports.summary(NOW)
    assert summary.requested == sum(summary.by_hour) > 0
    assert summary.mean_wait_s
    assert summary.mean_wait_s > 0
    assert summary.normal_requested
    assert summary.waiting_now == summary.talking_now == 0
    aid = await reports.usage(UsageFilter(outcome=Outcome.LEGAL_AID), None, 500)
    assert aid.rows
    assert {row.outcome for row in aid.rows} == {Outcome.LEGAL_AID}


async def test_the_city_is_whole(city: SqlWorks, identity: Identity) -> None:
    """One city for all that only reads it: making it takes longest."""
    await history_is_what_its_events_say(city)
    await history_runs_forward_without_gaps(city)
    await the_next_number_follows_the_history(city)
    await its_figures_are_not_empty(city)
    await seeding_again_changes_nothing(city, identity)
