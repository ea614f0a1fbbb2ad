"""What the resident does in the kiosk window."""

import re

from playwright.async_api import expect

from tests.e2e.tour.record import Record
from tests.support.chromium import Window


async def at(window: Window, screen: str) -> None:
    """Wait until the kiosk shows `screen`."""
    await expect(window.page.locator(f'[data-screen="{screen}"]')).to_be_visible()


async def ask_for_lawyer(window: Window, record: Record) -> None:
    """Home → talk language → matter → name → consent → papers."""
    page = window.page
    await at(window, "home")
    await record.kiosk(page, "home")
    await page.get_by_test_id("tile-lawyer").click()
    await at(window, "talk_language")
    await record.kiosk(page, "talk_language")
    await page.get_by_test_id("talk-ko").click()
    await at(window, "matter")
    await record.kiosk(page, "matter")
    await page.get_by_test_id("matter-debt").click()
    await at(window, "name")
    await record.kiosk(page, "name")
    await page.get_by_test_id("name-skip").click()
    await at(window, "consent")
    await record.kiosk(page, "consent")
    await page.get_by_test_id("consent-yes").click()
    await at(window, "papers")
    await record.kiosk(page, "papers")


async def scan(window: Window, pages: int, record: Record, picture: str | None = None) -> None:
    """Wait until `pages` pages took themselves under the document camera."""
    page = window.page
    desk = page.get_by_test_id("scan-desk")
    await expect(desk).to_be_visible()
    await page.wait_for_function(
        "() => { const v = document.querySelector('[data-testid=scan-desk]');"
        " const video = v.tagName === 'VIDEO' ? v : v.querySelector('video');"
        " return video && video.videoWidth > 0 && video.currentTime > 0; }"
    )
    if picture:
        await record.kiosk(page, picture)
    await page.wait_for_function(
        "n => Number(document.querySelector('[data-testid=scan-count]')?.dataset.count) >= n",
        arg=pages,
    )


async def wait_place(window: Window) -> tuple[int, str]:
    """Position in the queue and the estimate's words, as the screen shows them."""
    await at(window, "wait")
    place = window.page.get_by_test_id("wait-position")
    await expect(place).to_have_attribute("data-position", re.compile("[1-9]"))
    position = int(await place.get_attribute("data-position") or "0")
    return position, await window.page.get_by_test_id("wait-estimate").inner_text()
