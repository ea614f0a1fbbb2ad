"""What a technician does in the kiosk window before anybody comes."""

from playwright.async_api import Page, expect

from tests.e2e.tour.record import Record
from tests.e2e.tour.resident import at
from tests.support.chromium import Window

CODE = "482913"
WELL = ("desk", "face", "microphone", "center", "rate", "relays", "disk", "clock")
"""Chromium's pretended microphone does not hear the loudspeaker, and there is no relay to lose."""


async def test_machine(window: Window, record: Record) -> None:
    """Hold the hall's name, type the code, see the machine well, go home."""
    page = window.page
    await at(window, "home")
    await page.get_by_test_id("place").hover()
    await page.mouse.down()
    await at(window, "technician")
    await page.mouse.up()
    for digit in CODE:
        await page.get_by_test_id(f"pad-{digit}").click()
    await page.get_by_test_id("technician-go").click()
    await at(window, "self_test")
    again = page.get_by_test_id("self-test-again")
    for _ in range(5):
        await expect(again).to_be_enabled()
        if not await unwell(page):
            break
        await again.click()  # a busy machine, whose pretended camera still paints its papers
    assert await unwell(page) == []
    await record.kiosk(page, "self_test")
    await page.get_by_test_id("home").click()
    await at(window, "home")


async def unwell(page: Page) -> list[str]:
    """The parts of which something else was found than that they work."""
    rows = {part: page.get_by_test_id(f"part-{part}") for part in WELL}
    return [part for part, row in rows.items() if await row.get_attribute("data-level") != "ok"]
