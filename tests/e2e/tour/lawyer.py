"""What the lawyer does in the console window."""

from playwright.async_api import Page, expect

from tests.support.chromium import Window
from tests.support.city import PASSWORD


async def sign_in(page: Page, username: str) -> None:
    """Fill the login form, of the console or of the admin pages."""
    await page.get_by_test_id("login-username").fill(username)
    await page.get_by_test_id("login-password").fill(PASSWORD)
    await page.get_by_test_id("login-submit").click()


async def go_on_duty(window: Window) -> None:
    await window.page.get_by_test_id("duty-available").click()


async def state_is(window: Window, state: str) -> None:
    """Wait until the console shows the consultation in `state`."""
    await expect(window.page.get_by_test_id("call-state")).to_have_attribute("data-state", state)


async def see_page(window: Window, position: int) -> tuple[int, int]:
    """Open page `position` and return its picture's size in pixels once it is drawn."""
    page = window.page
    await page.get_by_test_id(f"page-{position}").click()
    handle = await page.wait_for_function(
        """() => {
          const root = document.querySelector('[data-testid=page-viewer]');
          const img = root && (root.tagName === 'IMG' ? root : root.querySelector('img'));
          return img && img.complete && img.naturalWidth > 0
            ? [img.naturalWidth, img.naturalHeight] : null;
        }"""
    )
    width, height = await handle.json_value()
    return int(width), int(height)


async def zoom_and_rotate(window: Window) -> None:
    """Zoom in and turn the page; the viewer must say so."""
    viewer = window.page.get_by_test_id("page-viewer")
    before = float(await viewer.get_attribute("data-zoom") or "0")
    await window.page.get_by_test_id("zoom-in").click()
    await window.page.wait_for_function(
        "z => Number(document.querySelector('[data-testid=page-viewer]').dataset.zoom) > z",
        arg=before,
    )
    await window.page.get_by_test_id("rotate-right").click()
    await expect(viewer).to_have_attribute("data-rotation", "90")


async def write_advice(window: Window, text: str) -> None:
    """Type advice and wait until the console says it is saved."""
    await (
        window.page.get_by_test_id("advice")
        .locator("textarea")
        .or_(window.page.locator("textarea[data-testid=advice]"))
        .fill(text)
    )
    await expect(window.page.get_by_test_id("saved-at")).to_contain_text(":")
