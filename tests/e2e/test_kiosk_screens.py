"""Every kiosk screen in every language, measured in a real browser: nothing clipped, targets of
160 px, contrast of 7:1, nothing asked of another host, nothing that a strict policy forbids.

`JIUJIN_SHOTS=DIR` keeps a picture of each.
"""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from center.protocol.words import Language
from kiosk.messages import DeskOffer, KioskState, PageHello, PageTouch, PageWiped, Wipe
from kiosk.touch_messages import StillHere
from kiosk.words import Screen
from tests.e2e.screens.agent import FakeAgent, fake_agent
from tests.e2e.screens.states import HOME, at, screens
from tests.support.chromium import Window, open_window

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="session"),
]
MEASURE = (Path(__file__).parent / "screens/measure.js").read_text()
SHOTS = os.environ.get("JIUJIN_SHOTS")


@dataclass(frozen=True)
class Layout:
    """A size of the screen, and the look that a resident chose on it."""

    name: str
    width: int = 1080
    height: int = 1920
    look: str = "{}"
    least: int = 16

    @property
    def script(self) -> str:
        return f"sessionStorage.setItem('jiujin.look', '{self.look}')"


LAYOUTS = (
    Layout("tall"),
    Layout("large", look='{"text":2,"contrast":true}'),
    Layout("lying", 1920, 1080),
    Layout("low", look='{"low":true}', least=13),
)


@pytest_asyncio.fixture(loop_scope="session")
async def agent() -> AsyncIterator[FakeAgent]:
    async with fake_agent(HOME) as agent:
        yield agent


async def show(window: Window, agent: FakeAgent, state: KioskState, mark: str) -> None:
    """Show the state and wait until it stands on the page, in its fonts, in place of the last."""
    marked = state.place.model_copy(update={"township": mark})
    await agent.show(state.model_copy(update={"place": marked}))
    await window.page.locator(".place__name", has_text=mark).wait_for()
    await window.page.locator(f'.frame:not([inert]) [data-screen="{state.screen}"]').wait_for(
        state="attached"
    )
    await window.page.evaluate("document.fonts.ready.then(() => null)")


VOICES = """
const voices = ['zh-CN', 'ko', 'en'].map((lang) => ({ lang, localService: true }));
speechSynthesis.getVoices = () => voices;
speechSynthesis.speak = () => undefined;
globalThis.SpeechSynthesisUtterance = class {};
"""
"""A machine that can read aloud shows more keys."""


async def read_to_the_end(window: Window) -> None:
    """A clause is agreed to only after its last word was on the screen."""
    on, yes = window.page.get_by_test_id("clause-on"), window.page.get_by_test_id("clause-confirm")
    await on.wait_for()
    while not await yes.count():
        await on.evaluate_all("(keys) => keys.forEach((key) => key.click())")
    words = window.page.get_by_test_id("clause-words")
    assert await words.evaluate("e => e.scrollHeight - e.clientHeight - e.scrollTop") < 13


async def test_a_second_tap_where_one_read_on_agrees_to_nothing(
    browser: Browser, agent: FakeAgent
) -> None:
    agent.state = screens()["mediation_long"]
    window = await open_window(browser, agent.url, 1080, 1920)
    await window.page.evaluate(
        """() => {
          const still = new CSSStyleSheet();
          still.replaceSync('.answers__yes { animation-play-state: paused !important }');
          document.adoptedStyleSheets = [still];
        }"""
    )
    await read_to_the_end(window)
    yes = window.page.get_by_test_id("clause-confirm")
    assert await yes.evaluate("e => getComputedStyle(e).pointerEvents") == "none"
    await window.page.evaluate("() => (document.adoptedStyleSheets = [])")
    await yes.click()
    touched = await agent.until(PageTouch)
    assert isinstance(touched, PageTouch)
    assert touched.touch.do == "act_in_mediation"


async def line_is_tried(window: Window) -> None:
    """To its end: real devices, real transfers; of the machine the agent found the worst."""
    for part, level in {
        "desk": "broken",
        "face": "ok",
        "microphone": "ok",
        "center": "ok",
        "rate": "ok",
        "relays": "weak",
        "disk": "broken",
        "clock": "weak",
    }.items():
        row = window.page.locator(f'[data-testid="part-{part}"][data-level="{level}"]')
        await row.wait_for()


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@pytest.mark.parametrize("language", list(Language))
async def test_every_screen_can_be_read_and_touched(
    browser: Browser, agent: FakeAgent, layout: Layout, language: Language
) -> None:
    window = await open_window(browser, agent.url, layout.width, layout.height)
    await window.page.emulate_media(reduced_motion="reduce")
    await window.page.evaluate(layout.script)
    await window.page.add_init_script(VOICES)
    wrong: dict[str, list[str]] = {}
    await window.page.reload()
    await agent.until(PageHello, since=1)
    for index, (name, state) in enumerate(screens().items()):
        spoken = state.model_copy(update={"language": language})
        await show(window, agent, spoken, f"第{index}街道")
        if name == "self_test" and language is Language.EN:
            await line_is_tried(window)
        problems = await window.page.evaluate(MEASURE, {"least": layout.least})
        if problems:
            wrong[name] = problems
        if SHOTS:
            await window.page.screenshot(path=f"{SHOTS}/{layout.name}_{language}_{name}.png")
        if name == "mediation_long":
            await read_to_the_end(window)
    assert wrong == {}
    assert window.complaints == []
    assert {origin.rpartition(":")[0] for origin in window.origins} == {"127.0.0.1"}


async def test_language_changes_and_a_reload_stays_on_the_screen(
    browser: Browser, agent: FakeAgent
) -> None:
    agent.state = at(Screen.MATTER)
    window = await open_window(browser, agent.url, 1080, 1920)
    await window.page.get_by_test_id("lang-ko").click()
    touched = await agent.until(PageTouch)
    assert isinstance(touched, PageTouch)
    assert touched.touch.do == "choose_language"
    await agent.show(at(Screen.MATTER, language=Language.KO))
    await window.page.get_by_text("교통사고").wait_for()
    await window.page.reload()
    await window.page.get_by_text("교통사고").wait_for()


async def test_page_comes_back_when_the_agent_does(browser: Browser, agent: FakeAgent) -> None:
    window = await open_window(browser, agent.url, 1080, 1920)
    first = await agent.until(PageHello)
    heard = len(agent.heard)
    await agent.cut()
    again = await agent.until(PageHello, since=heard)
    assert again == first
    await window.page.locator('[data-testid="link-state"][data-state="online"]').wait_for()


async def test_desk_is_shown_live_and_made_anew_after_the_agent_came_back(
    browser: Browser, agent: FakeAgent
) -> None:
    agent.state = at(Screen.SCAN)
    window = await open_window(browser, agent.url, 1080, 1920)
    playing = (
        "() => { const v = document.querySelector('[data-testid=scan-desk]');"
        " return v.videoWidth > 0 && v.currentTime > 0 && !v.srcObject.getVideoTracks()[0].muted; }"
    )
    await window.page.wait_for_function(playing)
    before = await window.page.evaluate(
        "document.querySelector('[data-testid=scan-desk]').srcObject.id"
    )
    heard = len(agent.heard)
    await agent.cut()
    await agent.until(DeskOffer, since=heard)
    await window.page.wait_for_function(
        "id => document.querySelector('[data-testid=scan-desk]').srcObject.id !== id", arg=before
    )
    await window.page.wait_for_function(playing)


async def test_idle_question_is_answered_with_one_touch(browser: Browser, agent: FakeAgent) -> None:
    agent.state = screens()["idle"]
    window = await open_window(browser, agent.url, 1080, 1920)
    await window.page.get_by_test_id("idle-here").click()
    touched = await agent.until(PageTouch)
    assert touched == PageTouch(touch=StillHere())


async def test_wipe_leaves_nothing_in_the_browser(browser: Browser, agent: FakeAgent) -> None:
    agent.state = screens()["call"]
    window = await open_window(browser, agent.url, 1080, 1920)
    await agent.until(DeskOffer)
    await window.page.wait_for_function(
        "() => document.querySelector('[data-testid=call-self]')?.videoWidth > 0"
    )
    await window.page.evaluate(
        """async () => {
          window.__face = document.querySelector('[data-testid=call-self]').srcObject;
          localStorage.setItem('left', '1'); sessionStorage.setItem('left', '1');
          document.cookie = 'left=1';
          await (await caches.open('left')).put('/x', new Response('1'));
          await new Promise((done) => { const r = indexedDB.open('left');
            r.onsuccess = () => { r.result.close(); done(); }; });
        }"""
    )
    await agent.say(Wipe())
    assert await agent.until(PageWiped) == PageWiped(leftovers=())
    left = await window.page.evaluate(
        """async () => [localStorage.length, sessionStorage.length, document.cookie,
          (await indexedDB.databases()).length, (await caches.keys()).length,
          window.__face.getTracks().filter((t) => t.readyState === 'live').length,
          window.__peers.filter((p) => p.connectionState !== 'closed').length]"""
    )
    assert left == [0, 0, "", 0, 0, 0, 0]
