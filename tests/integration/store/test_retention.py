"""Pictures without a page are swept, and old consultations forget who took part; figures stay."""

import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from center.commands.verify_log import verify
from center.domain import events as ev
from center.domain.mediation import Mediation
from center.domain.mediation_words import MediationWords
from center.domain.records import Page, Staff
from center.protocol.rest import UsageFilter, UsageRow
from center.protocol.words import Language, Matter, MediationState, Role
from center.services.office import Account
from center.services.policy import Policy
from center.services.reports import Reports
from center.services.retention import Deleted, Retention
from center.store.blobs import FileBlobs
from center.store.cipher import Cipher
from center.store.unit_of_work import SqlWorks
from config.settings import CenterSettings, RetentionSettings
from tests.integration.store.clock import StoppedClock
from tests.integration.store.story import RULES, add_kiosks, requested, talk, tell

PICTURES = (b"registered", b"registered, flattened", b"never registered")


def name_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def blobs(tmp_path: Path) -> FileBlobs:
    return FileBlobs(tmp_path / "blobs", Cipher(b"k" * 32))


def put_at(root: Path, moment: datetime) -> None:
    for file in root.glob("blobs/??/*"):
        os.utime(file, (moment.timestamp(), moment.timestamp()))


async def visits(works: SqlWorks, at: datetime) -> None:
    """One talk that was handed on from li to jin, and one resident who left."""
    await add_kiosks(works, "K01")
    async with works() as work:
        for name in ("jin", "li"):
            await work.accounts.save(Account(Staff(name, name, "", Role.LAWYER), name, "h", at))
        await work.commit()
    later = [at + timedelta(seconds=second) for second in range(1, 9)]
    told: list[tuple[datetime, ev.Event, str]] = [
        (at, requested("1"), "kiosk:K01"),
        (later[0], ev.Taken("li"), "staff:li"),
        (later[1], ev.PageAdded(1, name_of(PICTURES[0])), "kiosk:K01"),
        (later[2], ev.Transferred("jin"), "staff:li"),
        *talk(later[3:]),
    ]
    await tell(works, told)
    gone = (at + timedelta(seconds=60), ev.Left(), "kiosk:K01")
    await tell(works, [(at, requested("2"), "kiosk:K01"), gone])


async def figures(works: SqlWorks) -> list[UsageRow]:
    policy = Policy.of(CenterSettings())
    page = await Reports(works, policy.zone).usage(UsageFilter(), None, 50)
    return [row.model_copy(update={"lawyer": None}) for row in page.rows]


async def test_pictures_without_a_page_are_swept(
    works: SqlWorks, clock: StoppedClock, blobs: FileBlobs, tmp_path: Path
) -> None:
    now = clock.now()
    await visits(works, now)
    names = [name_of(data) for data in PICTURES]
    for name, data in zip(names, PICTURES, strict=True):
        await blobs.put(name, data)
    async with works() as work:
        await work.pages.add(Page("1", 1, names[0], names[1], now, now, 1, 1, 1.0))
        await work.commit()
    retention = Retention(works, clock, blobs, RetentionSettings(unregistered_hours=72))
    put_at(tmp_path, now - timedelta(hours=71))
    assert await retention.run() == Deleted()
    put_at(tmp_path, now - timedelta(hours=73))
    assert await retention.run() == Deleted(unnamed=1)
    assert [await blobs.has(name) for name in names] == [True, True, False]
    async with works() as work:
        assert (await work.audit.page(None, 1))[0].action == "retention.sweep"


async def test_a_picture_that_is_put_again_is_young_again(blobs: FileBlobs, tmp_path: Path) -> None:
    name, now = name_of(PICTURES[2]), datetime.now(UTC)
    await blobs.put(name, PICTURES[2])
    put_at(tmp_path, now - timedelta(hours=73))
    limit = now - timedelta(hours=72)
    assert await blobs.put_before(limit) == (name,)
    await blobs.put(name, PICTURES[2])
    assert await blobs.put_before(limit) == ()
    assert not await blobs.delete(name, limit)
    assert await blobs.has(name)


async def test_words_of_a_mediation_that_nobody_ended_go_in_time(
    works: SqlWorks, clock: StoppedClock, blobs: FileBlobs
) -> None:
    now = clock.now()
    await visits(works, now)
    today = now + timedelta(days=3)
    planned = Mediation(
        "m1", "TJ-1", 1, MediationState.SCHEDULED, "jin", Matter.DEBT, Language.ZH, None, now, today
    )
    async with works() as work:
        await work.mediations.save(planned, 0)
        await work.mediations.keep_words(MediationWords("m1", title="借款"))
        await work.commit()
    retention = Retention(works, clock, blobs, RetentionSettings(personal_days=30))
    clock.move(32 * 86400)
    assert (await retention.run()).mediations == 0
    clock.move(2 * 86400)
    assert await retention.run() == Deleted(mediations=1)
    async with works() as work:
        assert await work.mediations.words("m1") == MediationWords("m1")
        assert "1 mediations" in (await work.audit.page(None, 1))[0].detail


async def test_old_consultations_forget_who_took_part_and_keep_every_figure(
    works: SqlWorks, clock: StoppedClock, blobs: FileBlobs
) -> None:
    await visits(works, clock.now())
    before = await figures(works)
    retention = Retention(works, clock, blobs, RetentionSettings(events_days=30))
    assert await retention.run() == Deleted()
    clock.move(31 * 86400)
    assert await retention.run() == Deleted(people=2)
    assert await retention.run() == Deleted()

    assert await figures(works) == before
    entries, faults = await verify(works, RULES)
    assert (entries > 0, faults) == (True, [])
    async with works() as work:
        told = await work.events.of("consultation:1")
        known = await work.consultations.get("1")
        actions = [noted.action for noted in await work.audit.page(None, 5)]
    assert known.slip_code == ""
    assert known.staff_id == "anonymous-2"
    assert [e.actor for e in told if e.type in ("taken", "accepted")] == [
        "staff:anonymous-1", "staff:anonymous-2",
    ]  # fmt: skip
    left = repr([(e.actor, e.data) for e in told])
    assert not any(name in left for name in ("jin", "'li'", "staff:li", name_of(PICTURES[0])))
    assert actions.count("retention.anonymize") == 1
