"""The fleet: heartbeats change rows, what a person wants to know later is an event."""

import asyncio
from datetime import timedelta

import pytest

from center.domain import events as ev
from center.domain.errors import NotFound, VersionConflict
from center.protocol.kiosk_wire import Heartbeat
from center.protocol.views import KioskHealth
from center.protocol.words import CameraStatus, ConsultationState, PeerRole
from center.services.fleet import Fleet
from center.services.ports import Change
from center.store.unit_of_work import SqlUnitOfWork, SqlWorks
from tests.integration.store.clock import StoppedClock
from tests.integration.store.story import add_kiosks, record, requested, tell


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
async def fleet(works: SqlWorks, clock: StoppedClock) -> Fleet:
    await add_kiosks(works, "K01", "K02")
    return Fleet(works, works, clock)


def beat(clock: StoppedClock, camera: CameraStatus = CameraStatus.OK, skew: float = 0) -> Heartbeat:
    health = KioskHealth(
        camera=camera, page_alive=True, disk_free_mb=9000, spool_pages=0,
        cpu_percent=3, memory_percent=20, uptime_s=60, version="0.1.0",
    )  # fmt: skip
    return Heartbeat(id=1, kiosk_time=clock.now() + timedelta(seconds=skew), health=health)


async def kinds(works: SqlWorks, stream: str = "kiosk:K01") -> list[tuple[str, dict[str, object]]]:
    async with works() as work:
        return [(entry.type, entry.data) for entry in await work.events.of(stream)]


async def test_health_and_skew_are_shown(fleet: Fleet, clock: StoppedClock) -> None:
    sent = beat(clock, skew=-93.5)
    await fleet.heartbeat("K01", sent, clock.now())
    view = await fleet.view("K01")
    assert (view.online, view.clock_skew_s, view.last_seen_at) == (True, -93.5, clock.now())
    assert view.health == sent.health
    assert [seen.kiosk_id for seen in await fleet.views()] == ["K01", "K02"]


async def test_a_healthy_heartbeat_leaves_no_trace_in_the_log(
    fleet: Fleet, works: SqlWorks, clock: StoppedClock
) -> None:
    for _ in range(3):
        assert await fleet.heartbeat("K01", beat(clock), clock.now()) == ()
    assert await kinds(works) == []


async def test_camera_trouble_is_an_event_when_it_begins_and_ends(
    fleet: Fleet, works: SqlWorks, clock: StoppedClock
) -> None:
    ok, unplugged, dark = CameraStatus.OK, CameraStatus.UNPLUGGED, CameraStatus.DARK
    for camera in (ok, unplugged, unplugged, dark, ok, ok):
        await fleet.heartbeat("K01", beat(clock, camera), clock.now())
    assert await kinds(works) == [
        ("kiosk_camera", {"camera": "unplugged"}),
        ("kiosk_camera", {"camera": "dark"}),
        ("kiosk_camera", {"camera": "ok"}),
    ]


async def test_coming_and_going_are_events(
    fleet: Fleet, works: SqlWorks, clock: StoppedClock
) -> None:
    (change,) = await fleet.online("K01", clock.now())
    assert (change.kind, change.kiosk_id) == ("kiosk_online", "K01")
    assert await fleet.online("K01", clock.now()) == ()
    await fleet.offline("K01")
    assert await fleet.offline("K01") == ()
    assert not (await fleet.view("K01")).online
    assert [kind for kind, _ in await kinds(works)] == ["kiosk_online", "kiosk_offline"]


async def test_after_a_restart_nobody_is_online(
    fleet: Fleet, works: SqlWorks, clock: StoppedClock
) -> None:
    await fleet.online("K01", clock.now())
    await fleet.all_offline()
    assert not any(view.online for view in await fleet.views())
    assert (await kinds(works))[-1] == ("kiosk_offline", {"cause": "center started"})
    assert await kinds(works, "kiosk:K02") == []


async def test_a_kiosk_shows_the_consultation_whose_resident_is_there(
    fleet: Fleet, works: SqlWorks, clock: StoppedClock
) -> None:
    now = clock.now()
    told = await tell(works, [(now, requested("7", "K02"), "kiosk:K02")])
    assert [view.consultation_number for view in await fleet.views()] == [None, told.number]
    assert (await fleet.view("K02")).consultation_number == told.number
    for event in (ev.Taken("jin"), ev.HungUp(PeerRole.KIOSK)):
        async with works() as work:
            told = await record(work, told, now, event, "staff:jin")
            await work.commit()
    assert told.state is ConsultationState.WRAP_UP
    assert [view.consultation_number for view in await fleet.views()] == [None, None]
    assert (await fleet.view("K02")).consultation_number is None


async def test_an_unknown_kiosk_is_not_found(fleet: Fleet, clock: StoppedClock) -> None:
    with pytest.raises(NotFound):
        await fleet.heartbeat("K99", beat(clock), clock.now())


async def test_heartbeats_that_come_together_are_written_together(
    fleet: Fleet, works: SqlWorks, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were each a transaction, a hundred kiosks would wait for a slow disk in a queue."""
    commits: list[int] = []
    commit = SqlUnitOfWork.commit

    async def counted(work: SqlUnitOfWork) -> tuple[Change, ...]:
        changes = await commit(work)
        commits.append(len(changes))
        return changes

    monkeypatch.setattr(SqlUnitOfWork, "commit", counted)
    trouble = beat(clock, camera=CameraStatus.MISSING)
    told = await asyncio.gather(
        fleet.heartbeat("K01", beat(clock), clock.now()),
        fleet.heartbeat("K01", beat(clock, skew=7), clock.now()),
        fleet.heartbeat("nowhere", beat(clock), clock.now()),
        fleet.heartbeat("K02", trouble, clock.now()),
        return_exceptions=True,
    )
    assert len(commits) <= 2
    assert isinstance(told[2], NotFound)
    assert [one for one in told if one] == [told[2], told[3]]
    assert [view.clock_skew_s for view in await fleet.views()] == [7, 0]
    assert await kinds(works, "kiosk:K02") == [("kiosk_camera", {"camera": "missing"})]


async def test_heartbeats_among_comings_and_goings_lose_nothing(
    fleet: Fleet, works: SqlWorks, clock: StoppedClock
) -> None:
    """A heartbeat that read the row before the kiosk came or went must not write it back."""
    for _ in range(6):
        await asyncio.gather(
            fleet.heartbeat("K01", beat(clock), clock.now()),
            fleet.online("K01", clock.now()),
            fleet.heartbeat("K01", beat(clock), clock.now()),
            fleet.offline("K01"),
        )
    async with works() as work:
        terminal = await work.terminals.get("K01")
        newest = (await work.events.of("kiosk:K01"))[-1]
    assert terminal is not None
    assert terminal.version == newest.version


async def test_a_note_on_an_older_version_is_refused(fleet: Fleet, works: SqlWorks) -> None:
    async with works() as work:
        before = await work.terminals.get("K01")
    assert before is not None
    await fleet.online("K01", StoppedClock().now())
    async with works() as work:
        with pytest.raises(VersionConflict):
            await work.terminals.note(before)
