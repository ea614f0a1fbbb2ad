"""The console alone in a real Chromium: screens fit, nothing complains, the keyboard works."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from center.protocol import rest
from center.protocol.words import ConsultationState, DutyState, EndCause, ErrorCode
from tests.e2e.console import canned
from tests.e2e.console.fake_center import PASSWORD, FakeCenter, fake_center
from tests.support.chromium import Window, open_window

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

LOOKS = [("zh", "light"), ("zh", "dark"), ("en", "light"), ("en", "dark")]
OVERFLOWING = """() => [...document.querySelectorAll('body *')].filter((e) => {
  const box = e.getBoundingClientRect();
  const hidden = e.closest('.viewer, video, .el-overlay') !== null || box.width === 0;
  const scrolled = e.closest('.list, .history, .strip') !== null;
  return !hidden && !scrolled && (box.right > innerWidth + 1 || box.bottom > innerHeight + 1);
}).map((e) => e.outerHTML.slice(0, 120))"""


# Of an open dialog: what hangs out of it, and texts that are cut without a way to scroll.
CUT = """() => [...document.querySelectorAll('.el-dialog *')].filter((e) => {
  const box = e.getBoundingClientRect(), dialog = e.closest('.el-dialog').getBoundingClientRect();
  if (box.width === 0 || e.closest('.viewer')) return false;
  const out = box.right > dialog.right + 1 || box.left < dialog.left - 1;
  return out || (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === 'hidden');
}).map((e) => e.outerHTML.slice(0, 120))"""


@dataclass
class Console:
    """The console's window, what it logged, and the center it talks to."""

    center: FakeCenter
    window: Window
    logged: list[str]

    @property
    def page(self) -> Page:
        return self.window.page

    async def sign_in(self) -> None:
        await self.page.get_by_test_id("login-username").fill("jin")
        await self.page.get_by_test_id("login-password").fill(PASSWORD)
        await self.page.get_by_test_id("login-submit").click()
        await self.page.get_by_test_id("queue-empty").wait_for()

    async def on_duty(self) -> None:
        await self.page.get_by_test_id("duty-available").click()
        await self.center.until_asked("duty.set")
        await self.center.push(canned.duty(DutyState.AVAILABLE))
        await expect(self.page.get_by_test_id("duty-state")).to_have_attribute(
            "data-state", "available"
        )

    async def in_call(self, pages: int) -> None:
        """Accept by the keyboard, and meet the fake kiosk's page."""
        await self.center.push(canned.queue(8, ringing=True), canned.duty(DutyState.OFFERED))
        await self.center.push(canned.offer(15))
        await self.page.get_by_test_id("offer").wait_for()
        await self.page.keyboard.press("Enter")
        await self.center.until_asked("offer.accept")
        await self.center.push(canned.offer(None), canned.duty(DutyState.BUSY), canned.queue(7))
        await self.center.push(canned.consultation(ConsultationState.CONNECTING, 0))
        kiosk = await self.window.context.new_page()
        await kiosk.goto(f"{self.center.url}/kiosk")
        socket = self.center.url.replace("http", "ws")
        await kiosk.evaluate(f"startKiosk('{socket}/ws/fake-kiosk')")
        await self.until_up()
        await self.center.push(canned.consultation(ConsultationState.ACTIVE, pages))
        await self.page.bring_to_front()
        await expect(self.page.get_by_test_id("call-state")).to_have_attribute(
            "data-state", "active"
        )

    async def until_up(self) -> None:
        while (await self.center.until_asked("media.report"))["state"] != "up":
            pass
        await self.window.until_media(videos=2)

    async def fits(self) -> None:
        assert await self.page.evaluate(OVERFLOWING) == []


Open = Callable[[str, str], Awaitable[Console]]


@pytest_asyncio.fixture(loop_scope="session")
async def open_console(browser: Browser) -> AsyncIterator[Open]:
    """Opens the console in a language and a theme."""
    async with fake_center() as center:
        center.pictures = {position: canned.drawn_page(position) for position in (1, 2, 3)}

        async def open_it(language: str, theme: str) -> Console:
            window = await open_window(browser, f"{center.url}/console/", 1440, 900)
            logged: list[str] = []
            window.page.on(
                "console",
                lambda said: (
                    logged.append(said.text) if said.type in {"error", "warning"} else None
                ),
            )
            choices = {"locale": language, "theme": theme}
            for name, value in choices.items():
                await window.page.evaluate(f"localStorage['jiujin.staff.{name}'] = '\"{value}\"'")
            await window.page.reload()
            return Console(center, window, logged)

        yield open_it


@pytest.mark.parametrize(("language", "theme"), LOOKS)
async def test_every_screen_fits_and_nothing_complains(
    open_console: Open, language: str, theme: str
) -> None:
    console = await open_console(language, theme)
    center, page = console.center, console.page
    await page.get_by_test_id("login-submit").wait_for()
    await console.fits()
    await console.sign_in()
    await console.fits()
    await console.on_duty()
    await center.push(canned.queue(8), canned.hall(8))
    await page.get_by_test_id("queue-row-YJ-20261122-0014").wait_for()
    await console.fits()
    await _message_with_its_papers(console)
    await _a_recording_that_is_being_saved(console)
    await console.in_call(pages=3)
    await expect(console.page.get_by_test_id("capture")).to_be_in_viewport(ratio=1)
    await expect(page.get_by_test_id("page-viewer")).to_have_attribute("data-status", "shown")
    await console.fits()
    await _handing_on(console)
    await center.push(canned.consultation(ConsultationState.INTERRUPTED, 3, 40))
    await page.get_by_text("0433").last.wait_for()
    await console.fits()
    cause = EndCause.LOST
    await center.push(canned.consultation(ConsultationState.WRAP_UP, 3, 100, cause))
    await page.get_by_test_id("file").wait_for()
    await console.fits()
    # A page nobody is signed in to asks who it is; the browser logs the refusal by itself.
    assert [text for text in console.logged if "401" not in text] == []
    assert console.window.complaints == []
    assert console.window.origins == {center.url.removeprefix("http://")}


async def _message_with_its_papers(console: Console) -> None:
    page = console.page
    await page.get_by_test_id("tab-messages").click()
    await page.get_by_test_id("message-YJ-20261121-0031").click()
    viewer = page.get_by_test_id("page-viewer")
    await expect(viewer).to_have_attribute("data-status", "shown")
    await page.get_by_test_id("message-page-2").click()
    await expect(page.get_by_test_id("verdict")).to_be_visible()
    await expect(viewer).to_have_attribute("data-status", "shown")
    await page.get_by_test_id("rotate-right").click()
    await expect(viewer).to_have_attribute("data-rotation", "90")
    assert any("/c-90/pages/2/clean" in path for path in console.center.fetched)
    assert await page.evaluate(CUT) == []
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.get_by_role("tab").first.click()


async def _a_recording_that_is_being_saved(console: Console) -> None:
    """It is listed, and asked for by nobody."""
    page = console.page
    await page.get_by_test_id("recordings-open").click()
    rows = page.get_by_test_id("browse-row")
    await expect(rows).to_have_count(2)
    await rows.first.click()
    await page.get_by_test_id("recording-unsealed").wait_for()
    assert await page.evaluate(CUT) == []
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.get_by_role("tab").first.click()  # Enter is the button's that opened it


async def _handing_on(console: Console) -> None:
    """To a colleague who goes off duty meanwhile: told, read anew, and chosen otherwise."""
    center, page = console.center, console.page
    await page.get_by_test_id("transfer-open").click()
    await page.get_by_test_id("transfer-staff-wang").check()
    await page.get_by_test_id("transfer-reason").fill("需要劳动法方面的同事")
    assert await page.evaluate(CUT) == []
    center.refuse["consultation.transfer"] = ErrorCode.CONFLICT
    center.on_duty = rest.ColleagueList(colleagues=center.on_duty.colleagues[2:])
    await page.get_by_test_id("transfer-yes").click()
    await expect(page.get_by_test_id("transfer-staff-wang")).to_have_count(0)
    await expect(page.get_by_test_id("transfer-gone")).to_be_visible()
    await expect(page.get_by_test_id("transfer-queue")).to_be_checked()
    center.refuse.clear()
    await page.get_by_test_id("transfer-skill-labour").check()
    await page.get_by_test_id("transfer-yes").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    asked = await center.until_asked("consultation.transfer")
    assert (asked["to_staff_id"], asked["to_skill"]) == (None, "labour")


async def test_the_keyboard_runs_the_whole_call(open_console: Open) -> None:
    console = await open_console("zh", "light")
    center, page = console.center, console.page
    await console.sign_in()
    await console.on_duty()
    await center.push(canned.queue(2), canned.hall(2))
    await page.get_by_test_id("queue-row-YJ-20261122-0008").wait_for()
    await page.keyboard.press("Enter")
    assert (await center.until_asked("queue.take"))["consultation_id"] is None
    await console.in_call(pages=3)

    viewer = page.get_by_test_id("page-viewer")
    await expect(page.get_by_test_id("page-3")).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("ArrowLeft")
    await expect(page.get_by_test_id("page-2")).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("ArrowRight")
    await expect(viewer).to_have_attribute("data-status", "shown")
    # Each reading is audited, so a page is fetched once however often it is turned to.
    assert len(center.fetched) == len(set(center.fetched))
    assert sum(path.endswith("preview") for path in center.fetched) == 3
    await page.keyboard.press("+")
    await page.keyboard.press("r")
    await expect(viewer).to_have_attribute("data-zoom", "1.25")
    await expect(viewer).to_have_attribute("data-rotation", "90")
    await page.keyboard.press("-")
    await expect(viewer).to_have_attribute("data-zoom", "1")
    await page.keyboard.press("c")
    assert (await center.until_asked("desk.capture"))["consultation_id"] == canned.CONSULTATION
    await page.keyboard.press("m")
    await expect(page.get_by_role("button", name="取消静音")).to_be_visible()

    await page.keyboard.press("n")
    await page.keyboard.type("mc 11,400 元")
    while (await center.until_asked("consultation.notes"))["notes"] != "mc 11,400 元":
        pass  # a slow hand: saved in the middle of it
    await expect(page.get_by_test_id("saved-at")).to_contain_text("已保存")
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_visible()


async def test_a_reload_comes_back_into_the_call(open_console: Open) -> None:
    console = await open_console("zh", "light")
    await console.sign_in()
    await console.on_duty()
    await console.in_call(pages=1)
    before = console.center.staff_session
    console.center.forget()
    await console.page.reload()
    await console.until_up()
    assert console.center.staff_session != before
    await expect(console.page.get_by_test_id("page-1")).to_be_visible()


async def test_a_lost_center_disturbs_neither_the_call_nor_the_notes(open_console: Open) -> None:
    console = await open_console("zh", "light")
    center, page = console.center, console.page
    await console.sign_in()
    await console.on_duty()
    await console.in_call(pages=1)
    await center.cut()
    await page.get_by_test_id("link-state").wait_for()
    await page.get_by_test_id("notes").fill("写在断线时")
    frames = (await console.window.received()).frames
    await console.window.until_frames(more_than=frames + 20)
    center.refuse_connections = False
    assert (await center.until_asked("consultation.notes"))["notes"] == "写在断线时"
    await expect(page.get_by_test_id("link-state")).to_have_count(0)
    assert await page.evaluate("window.__peers.length") == 1


async def test_a_refused_login_says_why(open_console: Open) -> None:
    console = await open_console("en", "light")
    await console.page.get_by_test_id("login-username").fill("jin")
    await console.page.get_by_test_id("login-password").fill("not-the-password")
    await console.page.get_by_test_id("login-submit").click()
    alert = console.page.get_by_role("alert")
    await expect(alert).to_have_text("User name or password is wrong.")
