"""The link against a center on a real port that is cut, stopped, started and revokes."""

import asyncio
import itertools
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from aiohttp import ClientSession

from center.protocol.frames import Refusal, Request
from center.protocol.kiosk_wire import (
    CenterToKiosk,
    ConsultationLeave,
    ConsultationPush,
    ConsultationRequest,
)
from center.protocol.views import KioskHealth
from center.protocol.words import CameraStatus, ConsultationState, ErrorCode, Language, Matter
from config.settings import KioskSettings
from kiosk.backoff import Backoff
from kiosk.clock import KioskClock
from kiosk.identity import (
    EnrolmentRefusedError,
    Identity,
    NotEnrolledError,
    enrol,
    load,
)
from kiosk.link import Link
from kiosk.words import LinkState
from tests.fakes.center import CenterDouble
from tests.support.patience import PATIENCE

HEALTH = KioskHealth(
    camera=CameraStatus.OK,
    page_alive=True,
    disk_free_mb=1000,
    spool_pages=0,
    cpu_percent=1,
    memory_percent=1,
    uptime_s=1,
    version="test",
)


class Witness:
    """Sees everything a link says, and waits for it."""

    def __init__(self, link: Link) -> None:
        self.states = [link.state]
        self.frames: list[CenterToKiosk] = []
        self.answers: list[tuple[Request, Refusal | None]] = []
        self.link, self._news = link, asyncio.Event()
        link.listeners.state = self._state
        link.listeners.frame = self._frame
        link.listeners.answer = self._answer

    def _state(self, state: LinkState) -> None:
        self.states.append(state)
        self._news.set()

    def _frame(self, frame: CenterToKiosk) -> None:
        self.frames.append(frame)
        self._news.set()

    def _answer(self, request: Request, refusal: Refusal | None) -> None:
        self.answers.append((request, refusal))
        self._news.set()

    async def until(self, state: LinkState) -> None:
        await self.sees(lambda: self.link.state is state)

    async def answered(self, count: int) -> None:
        await self.sees(lambda: len(self.answers) >= count)

    async def sees(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not true():
                await self._news.wait()
                self._news.clear()


@asynccontextmanager
async def _linked(
    center: CenterDouble, data: Path, clock: KioskClock | None = None
) -> AsyncIterator[Witness]:
    settings = KioskSettings(
        center=center.origin, data=data, heartbeat_s=0.2, backoff_first_s=0.02, backoff_most_s=0.1
    )
    async with ClientSession() as http:
        who = await _identity(http, center, data)
        witness = Witness(Link(http, who, settings, clock or KioskClock(), lambda: HEALTH))
        life = asyncio.create_task(witness.link.run())
        try:
            yield witness
        finally:
            life.cancel()
            await asyncio.gather(life, return_exceptions=True)


async def _identity(http: ClientSession, center: CenterDouble, data: Path) -> Identity:
    try:
        return load(data)
    except NotEnrolledError:
        return await enrol(http, center.origin, center.code, data)


def _request(number: int) -> ConsultationRequest:
    return ConsultationRequest(
        id=number,
        client_ref="visit-1",
        language=Language.KO,
        matter=Matter.LABOUR,
        called_as="朴女士",
        consent_version="1",
    )


async def test_enrolment_keeps_a_private_key(center: CenterDouble, tmp_path: Path) -> None:
    async with ClientSession() as http:
        with pytest.raises(EnrolmentRefusedError, match="bad_enrolment_code"):
            await enrol(http, center.origin, "WRONG-CODE", tmp_path)
        with pytest.raises(NotEnrolledError):
            load(tmp_path)
        who = await enrol(http, center.origin, center.code, tmp_path)
    assert load(tmp_path).sign("nonce") == who.sign("nonce")
    assert stat.S_IMODE((tmp_path / "device.key").stat().st_mode) == 0o600
    assert load(tmp_path).derive("a") != load(tmp_path).derive("b")


async def test_no_center_no_enrolment(tmp_path: Path) -> None:
    async with ClientSession() as http:
        with pytest.raises(EnrolmentRefusedError):
            await enrol(http, CenterDouble().origin, "ENROL-ME-NOW", tmp_path)


async def test_states_in_order_over_a_restart(center: CenterDouble, tmp_path: Path) -> None:
    async with _linked(center, tmp_path) as witness:
        await witness.until(LinkState.ONLINE)
        await center.stop()
        await witness.until(LinkState.OFFLINE)
        await center.start()
        await witness.until(LinkState.ONLINE)
        assert witness.link.token == "token"
    tries = witness.states[2:-2]
    assert witness.states[:3] == [LinkState.CONNECTING, LinkState.ONLINE, LinkState.OFFLINE]
    assert witness.states[-2:] == [LinkState.CONNECTING, LinkState.ONLINE]
    assert all(a is not b for a, b in pairwise(tries))


async def test_an_unanswered_request_is_sent_again(center: CenterDouble, tmp_path: Path) -> None:
    center.silent = True
    async with _linked(center, tmp_path) as witness:
        witness.link.ask(_request)
        witness.link.ask(_request)
        await center.until(lambda: len(center.requests) == 1)
        await center.stop()
        witness.link.ask(lambda n: ConsultationLeave(id=n, consultation_id="c1"))
        center.silent = False
        await center.start()
        await witness.answered(2)
        assert [type(r) for r in center.requests] == [
            ConsultationRequest,
            ConsultationRequest,
            ConsultationLeave,
        ]
        assert center.requests[0] == center.requests[1]
        assert witness.link.waiting() == ()


async def test_what_was_missed_comes_after_the_last_seq(
    center: CenterDouble, tmp_path: Path
) -> None:
    async with _linked(center, tmp_path) as witness:
        witness.link.ask(_request)
        await witness.answered(1)
        await center.stop()
        await witness.until(LinkState.OFFLINE)
        await center.show(ConsultationState.OFFERED)
        await center.start()
        await witness.until(LinkState.ONLINE)
        await center.until(lambda: center.hellos[-1].last_seq == 1)
        await witness.sees(lambda: len(witness.frames) == 2)
    last = witness.frames[-1]
    assert isinstance(last, ConsultationPush)
    assert last.consultation.state is ConsultationState.OFFERED


async def test_a_refused_request_is_not_repeated(center: CenterDouble, tmp_path: Path) -> None:
    center.refuse[ConsultationRequest] = ErrorCode.CONFLICT
    async with _linked(center, tmp_path) as witness:
        witness.link.ask(_request)
        await witness.answered(1)
        refusal = witness.answers[0][1]
        assert refusal is not None
        assert refusal.code is ErrorCode.CONFLICT
        assert witness.link.waiting() == ()


async def test_withdrawing_works_only_before_it_was_said(
    center: CenterDouble, tmp_path: Path
) -> None:
    center.silent = True
    async with _linked(center, tmp_path) as witness:
        await witness.until(LinkState.ONLINE)
        witness.link.ask(_request)
        assert not witness.link.withdraw(lambda _: True)
        await center.stop()
        await witness.until(LinkState.OFFLINE)
        witness.link.ask(lambda n: ConsultationLeave(id=n, consultation_id="c1"))
        assert witness.link.withdraw(lambda r: isinstance(r, ConsultationLeave))


async def test_revoked_and_accepted_again(center: CenterDouble, tmp_path: Path) -> None:
    async with _linked(center, tmp_path) as witness:
        await witness.until(LinkState.ONLINE)
        await center.revoke()
        await witness.until(LinkState.REVOKED)
        assert witness.link.token is None
        center.revoked = False
        await witness.until(LinkState.ONLINE)
    assert witness.states == [
        LinkState.CONNECTING,
        LinkState.ONLINE,
        LinkState.REVOKED,
        LinkState.ONLINE,
    ]


async def test_heartbeats_carry_health_and_the_wrong_clock(
    center: CenterDouble, tmp_path: Path
) -> None:
    center.skew = timedelta(hours=-1)
    async with _linked(center, tmp_path) as witness:
        await center.until(lambda: len(center.heartbeats) >= 2)
        clock = witness.link._clock
        assert center.heartbeats[0].health == HEALTH
        assert abs(clock.skew - timedelta(hours=1)) < timedelta(seconds=5)
        assert abs(clock.now() - clock.shown(clock.now()) - clock.skew) < timedelta(seconds=5)


async def test_a_line_that_says_nothing_is_given_up(center: CenterDouble, tmp_path: Path) -> None:
    center.silent = True
    async with _linked(center, tmp_path) as witness:
        await witness.until(LinkState.ONLINE)
        await witness.until(LinkState.OFFLINE)


@pytest.mark.parametrize(("lived_s", "failures"), [(0, 3), (60, 1)])
async def test_only_a_line_that_held_makes_the_next_try_a_quick_one(
    center: CenterDouble, tmp_path: Path, lived_s: int, failures: int
) -> None:
    center.silent = True
    ticks = itertools.count(step=lived_s)
    clock = KioskClock(monotonic=lambda: float(next(ticks)))
    async with _linked(center, tmp_path, clock) as witness:
        await witness.sees(lambda: witness.states.count(LinkState.OFFLINE) == 3)
        assert witness.link._backoff.failures == failures


async def test_a_connection_whose_address_is_gone_is_made_anew_at_once(
    center: CenterDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _linked(center, tmp_path) as witness:
        await witness.until(LinkState.ONLINE)
        witness.link.addresses_changed()
        monkeypatch.setattr("kiosk.link.is_ours", lambda address: address != "127.0.0.1")
        witness.link.addresses_changed()
        await witness.until(LinkState.OFFLINE)
        await witness.until(LinkState.ONLINE)
    assert witness.states.count(LinkState.ONLINE) == 2


def test_backoff_grows_to_its_ceiling_with_full_jitter() -> None:
    ceilings: list[float] = []

    def note(low: float, high: float) -> float:
        ceilings.append(high)
        return low

    backoff = Backoff(0.25, 10, jitter=note)
    assert [backoff.next() for _ in range(8)] == [0.0] * 8
    assert ceilings == [0.25, 0.5, 1, 2, 4, 8, 10, 10]
