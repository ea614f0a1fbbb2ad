"""The system under measurement: a city, a kiosk page and a console in one Chromium."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.async_api import Browser, Page, expect

from config.settings import TurnServer
from tests.bench.bare import FIRST_FRAME
from tests.e2e.tour import lawyer, resident
from tests.support.chromium import Window
from tests.support.city import City, build

RING_S = 1.5
"""What a lawyer needs at least to see who rings and to press the button."""

SETTLE_S = 5.0

ON_CONSOLE = """
(position) => {
  const row = document.querySelector(`[data-testid=page-${position}]`);
  const image = row && (row.tagName === 'IMG' ? row : row.querySelector('img'));
  return image && image.complete && image.naturalWidth > 0 ? Date.now() : null;
}
"""
ON_KIOSK = """
(count) => {
  const shown = Number(document.querySelector('[data-testid=scan-count]')?.dataset.count);
  return shown >= count ? Date.now() : null;
}
"""


@dataclass(slots=True)
class System:
    """Two pages of a running city."""

    city: City
    kiosk: Page
    console: Page

    async def call_ms(self) -> float:
        """Go through one consultation; milliseconds from accept to first frames on both sides."""
        for page in (self.kiosk, self.console):
            await page.evaluate("window.__first = null")
        await self._to_papers()
        await self.kiosk.get_by_test_id("papers-call").click()
        accept = self.console.get_by_test_id("offer-accept")
        await expect(accept).to_be_visible(timeout=20_000)
        await self.console.evaluate(
            "document.addEventListener('click', () => { window.__accepted = Date.now(); },"
            " {capture: true, once: true})"
        )
        await asyncio.sleep(RING_S)
        await accept.click()
        ends = [
            await (await page.wait_for_function("() => window.__first")).json_value()
            for page in (self.kiosk, self.console)
        ]
        return float(max(ends) - await self.console.evaluate("window.__accepted"))

    async def page_ms(self, position: int) -> float:
        """Milliseconds from the shutter on the kiosk to the page drawn on the console."""
        shutter = await self.kiosk.wait_for_function(
            ON_KIOSK, arg=position, polling=10, timeout=60_000
        )
        shown = await self.console.wait_for_function(
            ON_CONSOLE, arg=position, polling=10, timeout=60_000
        )
        return float(await shown.json_value()) - float(await shutter.json_value())

    async def cpu_seconds(self, seconds: float) -> float:
        """CPU time the center's process uses in `seconds` once what just happened has settled."""
        await asyncio.sleep(SETTLE_S)
        process = psutil.Process(self.city.center.pid)
        before = process.cpu_times()
        begin = time.monotonic()
        await asyncio.sleep(seconds)
        after = process.cpu_times()
        used = after.user + after.system - before.user - before.system
        return used / (time.monotonic() - begin) * seconds

    async def finish(self) -> None:
        """Hang up, file, rate, and be home again."""
        await self.console.get_by_test_id("hangup").click()
        await self.console.get_by_test_id("hangup-yes").click()
        await self.console.get_by_test_id("outcome-advice").click()
        await self.console.get_by_test_id("file").click()
        await self.kiosk.get_by_test_id("rate-5").click()
        await self.kiosk.get_by_test_id("slip-home").click(timeout=20_000)
        await resident.at(Window(self.kiosk, self.kiosk.context), "home")

    async def _to_papers(self) -> None:
        for target in ("tile-lawyer", "talk-zh", "matter-debt", "name-skip", "consent-yes"):
            await self.kiosk.get_by_test_id(target).click()


@asynccontextmanager
async def running(
    browser: Browser, folder: Path, turn: TurnServer | None = None
) -> AsyncIterator[System]:
    """A city with its lawyer signed in and on duty; with `turn` its calls go through that relay."""
    city = build(folder, turn)
    await city.start()
    try:
        kiosk = await _open(browser, city.kiosk_url, 1080, 1920)
        console = await _open(browser, f"{city.center_url}/console/", 1440, 900)
        await lawyer.sign_in(console, "jin")
        await console.get_by_test_id("duty-available").click()
        yield System(city, kiosk, console)
    finally:
        await city.stop()


async def _open(browser: Browser, url: str, width: int, height: int) -> Page:
    context = await browser.new_context(viewport={"width": width, "height": height})
    await context.add_init_script(FIRST_FRAME)
    page = await context.new_page()
    await page.goto(url)
    return page
