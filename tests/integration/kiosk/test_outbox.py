"""The agent is killed between a touch and the center's answer: nothing given is lost or doubled."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from center.protocol.frames import Refusal, Request
from center.protocol.kiosk_wire import ConsultationHangUp, ConsultationRate, MessageLeave
from center.protocol.mediation import MediationJoin
from center.protocol.words import ConsultationState as State
from center.protocol.words import ErrorCode
from kiosk.serving import Served
from tests.integration.kiosk.page import Hall, Page, open_hall, to_papers
from tests.support.patience import PATIENCE

WORDS = "the landlord keeps my deposit"


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with open_hall(tmp_path) as hall:
        yield hall


class Answers:
    """Sees what the center answers the agent."""

    def __init__(self, served: Served) -> None:
        self._seen: asyncio.Queue[Request] = asyncio.Queue()
        listeners = served.agent.link.listeners
        self._listener, listeners.answer = listeners.answer, self._answer

    async def to(self, kind: type[Request]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not isinstance(await self._seen.get(), kind):
                pass

    def _answer(self, request: Request, refusal: Refusal | None) -> None:
        self._listener(request, refusal)
        self._seen.put_nowait(request)


async def _waits(hall: Hall, page: Page) -> None:
    await to_papers(page)
    await page.touch("call_lawyer")
    await page.until(lambda: page.state["consultation"] is not None)
    await hall.center.until(lambda: hall.center.view is not None)


async def _talks(hall: Hall, page: Page) -> None:
    await _waits(hall, page)
    await hall.center.show(State.ACTIVE)
    await page.on("call")


async def _line_down(hall: Hall, page: Page) -> None:
    await hall.center.stop()
    await page.until(lambda: page.state["link"] != "online")


def _everything_kept(hall: Hall) -> list[str]:
    return [path.name for path in (hall.data / "spool").rglob("*") if path.is_file()]


async def test_a_seat_that_was_asked_for_is_not_the_next_residents(hall: Hall) -> None:
    async with hall.agent() as served, hall.page(served) as page:
        await _line_down(hall, page)
        await page.touch("start", intent="mediation")
        await page.on("join")
        await page.touch("join_mediation", number="TJ-20261121-0001", code="048213")
        asked = served.agent.link.waiting
        await page.until(lambda: any(isinstance(r, MediationJoin) for r in asked()))
        await page.touch("finish")
        await page.until(lambda: page.state["wiped"])
        assert not any(isinstance(request, MediationJoin) for request in asked())


async def test_a_rating_given_while_the_center_was_down(hall: Hall) -> None:
    async with hall.agent() as served, hall.page(served) as page:
        await _talks(hall, page)
        await _line_down(hall, page)
        await page.touch("hang_up")
        await page.on("rate")
        await page.touch("rate", score=2)
        await page.on("slip")
        await page.until(lambda: page.state["wiped"])
        served.life.cancel()
    await hall.center.start()
    async with hall.agent() as served:
        answers = Answers(served)
        async with hall.page(served, "page-2") as page:
            assert page.state["screen"] == "slip"
            await answers.to(ConsultationRate)
            await page.touch("finish")
            await page.on("home")
            await page.until(lambda: page.state["wiped"])
    kinds = [type(request) for request in hall.center.requests]
    assert kinds.index(ConsultationHangUp) < kinds.index(ConsultationRate)
    assert [r.score for r in hall.center.done(ConsultationRate)] == [2]  # type: ignore[attr-defined]
    assert _everything_kept(hall) == []


@pytest.mark.parametrize("code", [None, ErrorCode.ILLEGAL_TRANSITION])
async def test_a_rating_of_which_only_the_answer_was_lost(
    hall: Hall, code: ErrorCode | None
) -> None:
    """The center says yes again, or that it has been done; both end it."""
    center = hall.center
    center.unanswered = {ConsultationRate}
    async with hall.agent() as served, hall.page(served) as page:
        await _talks(hall, page)
        await page.touch("hang_up")
        await page.on("rate")
        await page.touch("rate", score=5)
        await center.until(lambda: len(center.said(ConsultationRate)) == 1)
        await page.until(lambda: page.state["wiped"])
        served.life.cancel()
    center.unanswered.clear()
    center.refuse |= {ConsultationRate: code} if code else {}
    async with hall.agent() as served:
        answers = Answers(served)
        async with hall.page(served, "page-2") as page:
            await answers.to(ConsultationRate)
            await page.touch("finish")
            await page.on("home")
            assert page.state["notices"] == []
    assert len(center.said(ConsultationRate)) == 2
    assert len(center.done(ConsultationRate)) == 1
    assert _everything_kept(hall) == []


@pytest.mark.parametrize("down", [True, False])
async def test_a_message_survives_the_agent_and_its_visit_goes_on(hall: Hall, down: bool) -> None:
    center = hall.center
    center.unanswered = {MessageLeave}
    async with hall.agent() as served, hall.page(served) as page:
        await _waits(hall, page)
        if down:
            await _line_down(hall, page)
        await page.touch("leave_message", text=WORDS, phone="0433-2510001")
        await page.on("message")
        assert not page.state["can_go_back"]
        if not down:
            await center.until(lambda: len(center.said(MessageLeave)) == 1)
        served.life.cancel()
    center.unanswered.clear()
    if down:
        await center.start()
    async with hall.agent() as served:
        answers = Answers(served)
        async with hall.page(served, "page-2") as page:
            assert (page.state["screen"], page.state["can_go_back"]) == ("message", False)
            await answers.to(MessageLeave)
            await center.show(State.MESSAGE)
            await page.on("slip")
            await page.until(lambda: page.state["wiped"])
    (message,) = center.done(MessageLeave)
    assert isinstance(message, MessageLeave)
    assert (message.text, message.phone) == (WORDS, "0433-2510001")
    assert _everything_kept(hall) == []


async def test_a_message_outlives_the_screens_of_its_visit_until_the_center_has_it(
    hall: Hall,
) -> None:
    async with hall.agent() as served, hall.page(served) as page:
        await _waits(hall, page)
        await _line_down(hall, page)
        await page.touch("leave_message", text=WORDS, phone=None)
        await page.on("message")
        await page.touch("finish")
        await page.on("home")
        assert not page.state["wiped"]
        served.life.cancel()
    spool = hall.data / "spool"
    assert [path.name for path in spool.rglob("*") if path.is_file()] == ["journey"]
    assert WORDS.encode() not in (spool / "journey").read_bytes()
    async with hall.agent() as served, hall.page(served, "page-2") as page:
        assert (page.state["screen"], page.state["consultation"]) == ("home", None)
        await page.touch("start", intent="scan")
        await page.on("consent")
        await hall.center.start()
        await hall.center.until(lambda: len(hall.center.said(MessageLeave)) == 1)
        await page.touch("finish")
        await page.on("home")
        await page.until(lambda: page.state["wiped"])
    assert len(hall.center.done(MessageLeave)) == 1
    assert _everything_kept(hall) == []


async def test_an_old_refusal_does_not_reach_the_next_resident(hall: Hall) -> None:
    center = hall.center
    async with hall.agent() as served, hall.page(served) as page:
        await _waits(hall, page)
        await _line_down(hall, page)
        await page.touch("leave_message", text=WORDS, phone=None)
        await page.touch("finish")
        await page.on("home")
        await page.touch("start", intent="scan")
        await page.on("consent")
        center.refuse[MessageLeave] = ErrorCode.ILLEGAL_TRANSITION
        answers = Answers(served)
        await center.start()
        await answers.to(MessageLeave)
        await page.touch("consent", agreed=True)
        await page.on("scan")
        assert all(not f["notices"] for f in page.frames if f["type"] == "kiosk.state")


async def test_a_center_that_fails_is_asked_again(hall: Hall) -> None:
    center = hall.center
    center.refuse[ConsultationRate] = ErrorCode.INTERNAL
    async with hall.agent() as served, hall.page(served) as page:
        answers = Answers(served)
        await _talks(hall, page)
        await page.touch("hang_up")
        await page.on("rate")
        await page.touch("rate", score=4)
        await center.until(lambda: len(center.said(ConsultationRate)) >= 2)
        center.refuse.clear()
        await answers.to(ConsultationRate)
        assert len(center.done(ConsultationRate)) == 1
