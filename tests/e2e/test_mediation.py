"""A mediation in four Chromium windows: mediator, two kiosks, an interpreter.

Who receives what is asserted by the connections' statistics, never by what a page says of itself.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from scanner.seal import verify
from tests.e2e.tour import lawyer
from tests.support.chromium import Window, chromium, open_window
from tests.support.city import Admin, City, build
from tests.support.processes import Process, free_port

ZHANG, LI = "张三", "李四"


@dataclass
class Hearing:
    """The four windows; `number` and the codes once they are given out."""

    mediator: Window
    interpreter: Window
    zhang: Window
    li: Window
    number: str = ""

    @property
    def everybody(self) -> tuple[Window, ...]:
        return (self.mediator, self.interpreter, self.zhang, self.li)


PAPERS_PLACE = 2
SENDS_PAPERS = f"""() => window.__peers.some((peer) => peer.connectionState === 'connected'
  && peer.getTransceivers()[{PAPERS_PLACE}]?.sender.track)"""
SHOWS_PAPERS = """(video) => new Promise((shown) => {
  const look = (_, {width}) => width === 1920 ? shown() : video.requestVideoFrameCallback(look);
  video.requestVideoFrameCallback(look);
})"""

FEW_PICTURES = "--use-fake-device-for-media-stream=fps=4"
"""Four pages send each other twelve pictures on two cores."""


@pytest.mark.e2e
@pytest.mark.call
@pytest.mark.timeout(420)
async def test_a_mediation_from_the_invitation_to_the_sealed_agreement(tmp_path: Path) -> None:
    city = build(tmp_path)
    await city.start()
    try:
        async with neighbour(city, tmp_path) as second, chromium(FEW_PICTURES) as browser:
            hearing = await seated(browser, city, second)
            await gather_everybody(hearing)
            await all_see_and_hear_each_other(hearing)
            await papers_come_when_they_are_looked_at(hearing)
            await a_private_talk_is_private(hearing)
            await agree_and_sign(hearing)
            await conclude(hearing, city)
    finally:
        await city.stop()


async def seated(browser: Browser, city: City, second: str, *scripts: str) -> Hearing:
    """The four windows, at the second kiosk too, with `scripts` in each; nobody has signed in or
    touched anything."""
    console = f"{city.center_url}/console/"
    return Hearing(
        mediator=await open_window(browser, console, 1440, 900, *scripts),
        interpreter=await open_window(browser, console, 1440, 900, *scripts),
        zhang=await open_window(browser, city.kiosk_url, 1080, 1920, *scripts),
        li=await open_window(browser, second, 1080, 1920, *scripts),
    )


@asynccontextmanager
async def neighbour(city: City, folder: Path) -> AsyncIterator[str]:
    """The agent of kiosk K02 beside K01's; its address."""
    port = free_port()
    url, data = f"http://127.0.0.1:{port}", str(folder / "neighbour")
    env = city.kiosk_env | {"JIUJIN_KIOSK__PORT": str(port), "JIUJIN_KIOSK__DATA": data}
    async with Admin(city.center_url) as admin:
        code = await admin.enrolment_code("K02")
    done = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "kiosk", "enrol", code, env=dict(os.environ) | env
    )
    assert await done.wait() == 0
    agent = Process("K02", ("kiosk", "run"), env, folder / "K02.log", f"{url}/healthz")
    await agent.start()
    try:
        yield url
    finally:
        await agent.stop()


async def gather_everybody(hearing: Hearing) -> None:
    """Convened, invited, joined by code, waiting apart, admitted one by one."""
    interpreter, mediator = hearing.interpreter.page, hearing.mediator.page
    await lawyer.sign_in(interpreter, "jin")
    await interpreter.get_by_test_id("duty-available").click()
    await lawyer.sign_in(mediator, "piao")
    await mediator.get_by_test_id("mediations").click()
    await (
        mediator.get_by_test_id("mediation-title")
        .locator("input")
        .or_(mediator.locator("input[data-testid=mediation-title]"))
        .fill("张三与李四借款纠纷")
    )
    await mediator.get_by_test_id("mediation-second").select_option("ko")
    await mediator.get_by_test_id("mediation-convene").click()
    await invite(mediator, ZHANG, "zh")
    await invite(mediator, LI, "ko")
    await mediator.get_by_test_id("invite-role").select_option("interpreter")
    await mediator.get_by_test_id("invite-colleague").focus()
    await expect(mediator.get_by_test_id("invite-colleague").locator("option")).not_to_have_count(1)
    await mediator.get_by_test_id("invite-colleague").select_option(index=1)
    await mediator.get_by_test_id("invite").click()
    await mediator.get_by_test_id("mediation-open").click()
    row = mediator.locator("[data-testid^=mediation-TJ]")
    hearing.number = (await row.get_attribute("data-testid") or "").removeprefix("mediation-")
    await join(hearing.zhang.page, hearing.number, await code_of(mediator, ZHANG))
    await join(hearing.li.page, hearing.number, await code_of(mediator, LI))
    await interpreter.get_by_test_id("mediations").click()
    await interpreter.get_by_test_id(f"mediation-{hearing.number}").click()
    await interpreter.get_by_test_id("mediation-arrive").click()
    for window in (hearing.zhang, hearing.li):
        await expect(window.page.get_by_test_id("mediation-waiting")).to_be_visible()
        assert (await window.received()).connected == 0
    await expect(mediator.locator("[data-testid^=admit-]")).to_have_count(3)
    while await mediator.locator("[data-testid^=admit-]").count():
        first = mediator.locator("[data-testid^=admit-]").first
        name = await first.get_attribute("data-testid") or ""
        await first.click()
        await expect(mediator.get_by_test_id(name)).to_have_count(0)


async def invite(mediator: Page, name: str, language: str) -> None:
    await mediator.get_by_test_id("invite-language").select_option(language)
    await (
        mediator.get_by_test_id("invite-name")
        .locator("input")
        .or_(mediator.locator("input[data-testid=invite-name]"))
        .fill(name)
    )
    await mediator.get_by_test_id("invite").click()
    await expect(mediator.get_by_test_id(f"seat-{name}")).to_be_visible()


async def code_of(mediator: Page, name: str) -> str:
    return await mediator.get_by_test_id(f"code-{name}").inner_text()


async def join(kiosk: Page, number: str, code: str) -> None:
    """By number keys, as somebody without their glasses would."""
    await kiosk.get_by_test_id("tile-mediation").click()
    await expect(kiosk.get_by_test_id("join-number")).to_be_visible()
    for digit in number.removeprefix("TJ-").replace("-", ""):
        await kiosk.get_by_test_id(f"pad-{digit}").click()
    await kiosk.get_by_test_id("join-next").click()
    for digit in code:
        await kiosk.get_by_test_id(f"pad-{digit}").click()
    await kiosk.get_by_test_id("join-go").click()


async def all_see_and_hear_each_other(hearing: Hearing) -> None:
    """Each to each; the interpreter's voice only to those who listen to it."""
    for window in hearing.everybody:
        await window.until_connected(3)
    assert (await hearing.zhang.received()).connected == 2, "two are heard, the interpreter is not"
    await hearing.zhang.page.get_by_test_id("mediation-listen").click()
    received = await asyncio.gather(*(window.until_media(videos=3) for window in hearing.everybody))
    assert all(one.connected == 3 for one in received)


async def papers_come_when_they_are_looked_at(hearing: Hearing) -> None:
    """Nobody's processor encodes them before, nor afterwards."""
    tile = hearing.mediator.page.locator("figure", has_text=ZHANG)
    papers = tile.locator("button.papers")
    await expect(papers).to_be_visible()
    assert not await hearing.zhang.page.evaluate(SENDS_PAPERS)
    await papers.click()
    await tile.locator("video").evaluate(SHOWS_PAPERS)
    assert await hearing.zhang.page.evaluate(SENDS_PAPERS)
    await papers.click()
    await hearing.zhang.page.wait_for_function(f"() => !({SENDS_PAPERS})()")


async def a_private_talk_is_private(hearing: Hearing) -> None:
    """The mediator with one party: those outside keep no connection over which to hear it."""
    await hearing.mediator.page.get_by_test_id(f"side-{ZHANG}").click()
    for window in hearing.everybody:
        await expect(window.page.get_by_test_id("private-sign")).to_be_visible()
        await window.until_connected(1)
    outside = await asyncio.gather(hearing.li.received(), hearing.interpreter.received())
    inside = await hearing.zhang.received()
    await hearing.zhang.until_frames(inside.frames + 5)
    assert [one.connected for one in outside] == [1, 1]
    await hearing.mediator.page.get_by_test_id("side-close").click()
    for window in hearing.everybody:
        await window.until_connected(3)


async def agree_and_sign(hearing: Hearing) -> None:
    mediator = hearing.mediator.page
    for name, words in (
        ("clause-1", "李四于十二月底前还给张三一万元。"),
        ("clause-1-second", "리사는 12월말까지 장삼에게 만원을 갚는다."),
    ):
        await mediator.locator(
            f"textarea[data-testid={name}], [data-testid={name}] textarea"
        ).first.fill(words)
    await mediator.get_by_test_id("propose").click()
    for number, window in enumerate((hearing.zhang, hearing.li)):
        await window.page.get_by_test_id("clause-confirm").click()
        field = window.page.get_by_test_id("sign-field")
        await expect(field.locator("path")).to_have_count(0)
        await draw(window.page, 40 + 60 * number)
        await window.page.get_by_test_id("sign-done").click()
        await window.page.get_by_test_id("photo-no" if number else "photo-yes").click()
        await expect(window.page.get_by_test_id("agreement")).to_have_attribute(
            "data-stage", "signed"
        )


async def draw(page: Page, height: int) -> None:
    """A zigzag with the finger."""
    box = await page.get_by_test_id("sign-field").bounding_box()
    assert box is not None
    left, middle = box["x"] + 80, box["y"] + box["height"] / 2
    await page.mouse.move(left, middle)
    await page.mouse.down()
    for step in range(1, 12):
        await page.mouse.move(left + 60 * step, middle + (height if step % 2 else -height))
    await page.mouse.up()


async def conclude(hearing: Hearing, city: City) -> None:
    mediator = hearing.mediator.page
    await mediator.get_by_test_id("seal").click()
    link = mediator.get_by_test_id("agreement-pdf")
    await expect(link).to_be_visible()
    path = await link.get_attribute("href")
    pdf = await (await mediator.request.get(f"{city.center_url}{path}")).body()
    trust = await (await mediator.request.get(f"{city.center_url}/api/seal/certificate")).body()
    assert verify(pdf, [trust]).ok
    await mediator.get_by_test_id("mediation-end").click()
    for window in (hearing.zhang, hearing.li):
        slip = window.page.get_by_test_id("slip-number")
        await expect(slip).to_have_text(hearing.number)
        await window.until_connected(0)
    assert hearing.zhang.complaints == hearing.li.complaints == []
