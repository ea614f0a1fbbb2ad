"""Papers while talking, on both screens: the lawyer shows and draws, the resident points, circles
and closes."""

from datetime import UTC, datetime
from typing import Any

import cv2
import pytest
from playwright.async_api import Browser, Locator, Page, expect

from center.protocol.papers import (
    MarksPush,
    PageMark,
    PageMarks,
    PageSheet,
    PointerMoved,
    SheetPush,
    SheetView,
    TextSheet,
)
from center.protocol.words import ConsultationState, Language, MarkKind, PeerRole
from kiosk.paper_messages import (
    PageCloseSheet,
    PageDraw,
    PagePoint,
    PapersPointer,
    PapersState,
)
from kiosk.words import Screen
from tests.e2e.console import canned
from tests.e2e.console.fake_center import FakeCenter, fake_center
from tests.e2e.screens.agent import FakeAgent, fake_agent, sheet
from tests.e2e.screens.states import HOME, PAGES, TALKING, at
from tests.support.chromium import open_window

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

PAGE = canned.page(1).sha256
THEIRS = PageMark(
    mark_id="s.1",
    sha256=PAGE,
    kind=MarkKind.CIRCLE,
    points=((0.15, 0.2), (0.6, 0.3)),
    author=PeerRole.STAFF,
)
OURS = THEIRS.model_copy(
    update={
        "mark_id": "k.1",
        "kind": MarkKind.INK,
        "points": ((0.2, 0.6), (0.5, 0.62), (0.8, 0.6)),
        "author": PeerRole.KIOSK,
    }
)
WORDS = "请带上身份证和欠条,下周二上午来。"


def lying(shown: PageSheet | TextSheet) -> SheetView:
    return SheetView(sheet_id="s9", shown_at=datetime.now(UTC), sheet=shown)


ON_SCREEN = lying(PageSheet(show="page", sha256=PAGE, rotation=0))


async def drag(page: Page, over: Locator, *fractions: tuple[float, float]) -> None:
    box = await over.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in fractions]
    await page.mouse.move(*places[0])
    await page.mouse.down()
    for place in places[1:]:
        await page.mouse.move(*place, steps=5)
    await page.mouse.up()


async def test_the_resident_points_circles_and_closes(browser: Browser) -> None:
    async with fake_agent(HOME) as agent:
        window = await open_window(browser, agent.url, 1080, 1920)
        await agent.show(at(Screen.CALL, consultation=TALKING, pages=PAGES))
        marks = PageMarks(sha256=PAGE, marks=(THEIRS,))
        await agent.say(PapersState(sheet=ON_SCREEN, pages=(marks,)))
        await agent.say(PapersPointer(sha256=PAGE, at=(0.4, 0.25)))
        paper = window.page.get_by_test_id("sheet-paper")
        await expect(window.page.get_by_test_id("marks")).to_have_attribute("data-count", "1")
        await expect(paper.locator('[data-pointer="staff"]')).to_be_attached()
        await drag(window.page, paper, (0.2, 0.6), (0.5, 0.62), (0.8, 0.6))
        drawn = await agent.until(PageDraw)
        assert isinstance(drawn, PageDraw)
        assert drawn.mark.points[0] == pytest.approx((0.2, 0.6), abs=0.01)
        assert drawn.mark.points[-1] == pytest.approx((0.8, 0.6), abs=0.01)
        assert isinstance(await agent.until(PagePoint), PagePoint)
        await _words(agent, window.page)
        assert window.complaints == []


async def _words(agent: FakeAgent, page: Page) -> None:
    words = lying(TextSheet(show="text", text=WORDS, language=Language.ZH))
    await agent.say(PapersState(sheet=words.model_copy(update={"sheet_id": "s10"}), pages=()))
    await expect(page.get_by_test_id("sheet-words")).to_have_text(WORDS)
    await page.get_by_test_id("sheet-close").click()
    assert await agent.until(PageCloseSheet) == PageCloseSheet(sheet_id="s10")
    await agent.say(PapersState(sheet=None, pages=()))
    await page.get_by_test_id("sheet").wait_for(state="detached")


async def test_the_lawyer_shows_draws_and_sees_the_finger(browser: Browser) -> None:
    async with fake_center() as center:
        center.signed_in = True
        center.pictures = {1: cv2.imencode(".jpg", sheet()[90:1000, 560:1330])[1].tobytes()}
        await center.push(canned.consultation(ConsultationState.ACTIVE, 1))
        window = await open_window(browser, f"{center.url}/console/", 1440, 900)
        page, over = window.page, window.page.get_by_test_id("pointing")
        await page.get_by_test_id("show-page").click()
        shown = await center.until_asked("sheet.show")
        assert shown["sheet"] == {"show": "page", "sha256": PAGE, "rotation": 0}
        await center.push(
            SheetPush(seq=5, consultation_id=canned.CONSULTATION, view=ON_SCREEN), marks(OURS)
        )
        await page.get_by_test_id("tool-circle").click()
        await drag(page, over, (0.15, 0.2), (0.6, 0.3))
        drawn = await center.until_asked("mark.put")
        assert drawn["mark"]["points"] == [
            pytest.approx([0.15, 0.2], abs=0.01),
            pytest.approx([0.6, 0.3], abs=0.01),
        ]
        assert (await center.until_asked("pointer.move"))["sha256"] == PAGE
        await expect(page.get_by_test_id("marks")).to_have_attribute("data-count", "2")
        await _turned_and_taken_back(center, page, over, drawn["mark"]["mark_id"])
        assert window.complaints == []


def marks(*drawn: PageMark) -> MarksPush:
    page = PageMarks(sha256=PAGE, marks=drawn)
    return MarksPush(seq=6, consultation_id=canned.CONSULTATION, page=page)


async def _turned_and_taken_back(
    center: FakeCenter, page: Page, over: Locator, mark_id: str
) -> None:
    await center.push(
        PointerMoved(
            room_id=canned.CONSULTATION, sender=canned.KIOSK_PEER, sha256=PAGE, at=(0.5, 0.62)
        )
    )
    await expect(over.locator('[data-pointer="kiosk"]')).to_be_attached()
    await page.keyboard.press("r")
    turned: dict[str, Any] = await center.until_asked("sheet.show")
    assert turned["sheet"]["rotation"] == 90
    await page.keyboard.press("z")
    assert (await center.until_asked("mark.take_back"))["mark_id"] == mark_id
    await expect(page.get_by_test_id("marks")).to_have_attribute("data-count", "1")
