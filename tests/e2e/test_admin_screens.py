"""The admin's pages in a browser: they fit, complain of nothing, and the address says it all."""

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, expect

from center.protocol.words import Role
from tests.e2e.admin import canned
from tests.e2e.admin.fake_center import DIST, PASSWORD, FakeCenter, serving
from tests.support.chromium import open_context

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(180),
    pytest.mark.asyncio(loop_scope="session"),
]

PAGES = ("hall", "usage", "fleet", "staff", "audit")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT_FIGURES = """() => [...document.querySelectorAll('[data-testid^=figure-] b')]
  .filter((one) => one.scrollWidth > one.parentElement.clientWidth - 16)
  .map((one) => one.textContent)"""


@pytest_asyncio.fixture(loop_scope="session")
async def center() -> AsyncIterator[FakeCenter]:
    assert (DIST / "index.html").is_file(), "build the pages first: python .ci/frontend.py build"
    fake = FakeCenter(rows=canned.day(120), kiosks=canned.fleet())
    async with serving(fake):
        yield fake


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> Page:
    context = await open_context(browser, 1440, 900, reduced_motion="reduce")
    return await context.new_page()


def complaints_of(page: Page) -> list[str]:
    """What the page complains of; refusals that a test provokes are the browser's own words."""
    found: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        provoked = "Failed to load resource" in message.text
        if message.type in {"error", "warning"} and not provoked:
            found.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


async def sign_in(page: Page, center: FakeCenter, path: str = "") -> None:
    await page.goto(center.url + path)
    await page.get_by_test_id("login-username").fill("admin")
    await page.get_by_test_id("login-password").fill(PASSWORD)
    await page.get_by_test_id("login-submit").click()
    await page.get_by_test_id("nav-hall").wait_for()


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_page_fits_and_complains_of_nothing(
    page: Page, center: FakeCenter, language: str
) -> None:
    complaints = complaints_of(page)
    await page.add_init_script(f"localStorage.setItem('jiujin.staff.locale', '\"{language}\"')")
    await sign_in(page, center)
    for name in PAGES:
        await page.get_by_test_id(f"nav-{name}").click()
        await page.locator("h1").first.wait_for()
        await page.wait_for_load_state("networkidle")
        assert await page.evaluate(OVERFLOW) == 0, name
    assert complaints == []


async def test_large_figures_fit(page: Page, center: FakeCenter) -> None:
    center.scale = 1000
    await sign_in(page, center)
    await expect(page.get_by_test_id("figure-requested")).to_contain_text("120,000")
    assert await page.evaluate(CUT_FIGURES) == []
    assert await page.evaluate(OVERFLOW) == 0


async def test_a_figure_opens_its_definition_and_the_rows_behind_it(
    page: Page, center: FakeCenter
) -> None:
    behind = [row for row in center.rows if row.rating and row.rating <= 2]
    await sign_in(page, center)
    await page.get_by_test_id("figure-dissatisfied").click()
    links = page.locator(".definition li a:visible")
    await expect(links).to_have_count(len(behind))
    await links.first.click()
    await expect(page.get_by_test_id("events").locator("li")).to_have_count(13)
    assert f"show={behind[0].consultation_id}" in page.url


async def test_filters_stand_in_the_address_and_exports_say_the_same(
    page: Page, center: FakeCenter
) -> None:
    await sign_in(page, center, "usage")
    await page.get_by_test_id("filter-state").click()
    await page.get_by_role("option", name="已离开").click()
    left = [row for row in center.rows if row.state == "left"]
    await expect(page.locator("[data-testid^=usage-row-]")).to_have_count(len(left))
    assert parse_qs(urlsplit(page.url).query) == {"state": ["left"]}
    for kind in ("csv", "xlsx"):
        link = page.get_by_test_id(f"usage-export-{kind}")
        asked = urlsplit(await link.get_attribute("href") or "")
        wanted = parse_qs(asked.query)
        assert (asked.path, wanted["state"], wanted["words"]) == (
            f"/api/usage.{kind}", ["left"], ["zh"],
        )  # fmt: skip
        assert wanted["columns"][0].startswith("number,requested_at,")
    async with page.expect_download() as waiting:
        await page.get_by_test_id("usage-export-csv").click()
    await (await waiting.value).path()
    assert any(asked.startswith("GET /api/usage.csv?state=left&") for asked in center.asked)
    await page.reload()
    await expect(page.locator("[data-testid^=usage-row-]")).to_have_count(len(left))


async def test_pages_turn_by_key_and_columns_are_remembered(page: Page, center: FakeCenter) -> None:
    await sign_in(page, center, "usage")
    await page.get_by_test_id("page-next").click()
    await expect(page.get_by_test_id(f"usage-row-{center.rows[50].number}")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query) == {"after": ["50"], "page": ["2"]}
    await page.get_by_test_id("page-back").click()
    await expect(page.get_by_test_id(f"usage-row-{center.rows[0].number}")).to_be_visible()
    await page.get_by_test_id("columns").click()
    await page.get_by_test_id("column-offers").click()
    await expect(page.locator("td[data-column=offers]")).to_have_count(50)
    await page.reload()
    await expect(page.locator("td[data-column=offers]")).to_have_count(50)


async def test_failure_and_a_cut_line_say_so(page: Page, center: FakeCenter) -> None:
    await sign_in(page, center, "fleet")
    await page.get_by_test_id("kiosk-K01").wait_for()
    center.failing = True
    await page.get_by_test_id("nav-usage").click()
    await expect(page.locator("[data-failure=internal]")).to_be_visible()
    center.failing = False
    await page.locator("[data-failure=internal] button").click()
    await expect(page.get_by_test_id(f"usage-row-{center.rows[0].number}")).to_be_visible()
    await center.cut()
    await expect(page.get_by_test_id("link-banner")).to_be_visible()
    center.refuse_sockets = False
    await expect(page.get_by_test_id("link-banner")).to_be_hidden()


async def test_a_cut_line_on_the_hall_page_keeps_what_was_known_until_it_is_back(
    page: Page, center: FakeCenter
) -> None:
    await sign_in(page, center)
    now = page.get_by_test_id("hall-now")
    await expect(now).to_contain_text("2 人在等")
    await center.cut()
    await expect(page.get_by_test_id("link-banner")).to_be_visible()
    await expect(now).to_contain_text("2 人在等")
    await expect(page.get_by_test_id("needs").locator("[data-kind=long_wait]")).to_be_visible()
    assert await page.evaluate(OVERFLOW) == 0
    center.scale, center.refuse_sockets = 1000, False
    await expect(page.get_by_test_id("link-banner")).to_be_hidden()
    await expect(now).to_contain_text("2,000 人在等")


async def test_a_code_is_shown_once_and_revoking_asks(page: Page, center: FakeCenter) -> None:
    await sign_in(page, center, "fleet")
    await page.get_by_test_id("kiosk-K05").get_by_test_id("kiosk-code").click()
    assert "POST /api/kiosks/K05/code" not in center.asked
    await page.get_by_test_id("kiosk-code-issue").click()
    await expect(page.get_by_test_id("kiosk-code-value")).to_have_text("7KQM-X2RD-9TBW")
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("kiosk-code-value")).to_have_count(0)
    await page.get_by_test_id("kiosk-K01").get_by_test_id("kiosk-revoke").click()
    assert "POST /api/kiosks/K01/revoke" not in center.asked
    async with page.expect_response("**/api/kiosks/K01/revoke"):
        await page.get_by_test_id("kiosk-revoke-yes").click()


async def test_a_supervisor_reads_and_a_lawyer_is_sent_to_the_console(
    page: Page, center: FakeCenter
) -> None:
    center.role = Role.SUPERVISOR
    await sign_in(page, center, "fleet")
    await page.get_by_test_id("kiosk-K01").wait_for()
    await expect(page.get_by_test_id("nav-staff")).to_have_count(0)
    await expect(page.get_by_test_id("kiosk-revoke")).to_have_count(0)
    await page.goto(f"{center.url}audit")
    await expect(page.get_by_test_id("no-permission")).to_be_visible()
    assert not any("/api/audit" in asked for asked in center.asked)
    center.role = Role.LAWYER
    await page.reload()
    await expect(page.locator("a[href='/console/']")).to_be_visible()


async def test_names_of_residents_are_never_shown(page: Page, center: FakeCenter) -> None:
    await sign_in(page, center)
    await expect(page.get_by_test_id("needs").locator("[data-kind=long_wait]")).to_be_visible()
    assert "不可显示" not in await page.inner_text("body")
