"""A call between a kiosk in a hall behind an emulated line and a lawyer in the office, to break.

The kiosk's agent and browser are in the hall's network namespace, the center and the lawyer's
browsers in the office's; nothing but the line is between them.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from playwright.async_api import Browser, Error, Page, expect

from config.settings import TurnServer
from tests.e2e.tour import lawyer, resident
from tests.faults.faces import WATCH_FACES, first_after, now_ms
from tests.support.chromium import EXECUTABLE, Window, chromium, open_window
from tests.support.city import City, build
from tests.support.line import CUT, PERFECT, Condition
from tests.support.line_hall import Hall, hall

RURAL = Condition(rate_bps=4e6, queue_bytes=64_000, delay_s=0.02)
"""An ordinary line of a township: 4 Mbit/s, 40 ms there and back."""


@dataclass(slots=True)
class Scene:
    """A city with a hall, the kiosk's window in it, and the lawyer's window in the office."""

    city: City
    hall: Hall
    office: Browser
    kiosk: Window
    console: Window
    line: Condition
    rooms: AsyncExitStack
    fresh_s: float = 0.0
    """What the set-up of the call took."""

    @property
    def console_url(self) -> str:
        return f"{self.city.center_url}/console/"

    @property
    def pages(self) -> tuple[Page, Page]:
        return self.kiosk.page, self.console.page

    async def call(self) -> None:
        """From the resident's touch into the talk; `fresh_s` is then the time from the lawyer's
        accept to the first frame on both sides."""
        for target in ("tile-lawyer", "talk-zh", "matter-debt", "name-skip", "consent-yes"):
            await self.kiosk.page.get_by_test_id(target).click()
        await self.kiosk.page.get_by_test_id("papers-call").click()
        accept = self.console.page.get_by_test_id("offer-accept")
        await expect(accept).to_be_visible()
        accepted = now_ms()
        await accept.click()
        seen = (first_after(page, accepted) for page in self.pages)
        self.fresh_s = (max(await asyncio.gather(*seen)) - accepted) / 1000
        await lawyer.state_is(self.console, "active")

    async def back(self, since_ms: float, seconds: float = 60.0) -> float:
        """Milliseconds from `since_ms` until both sides were heard again. A picture may stay off
        for longer, by intent: it makes room for the sound."""
        heard = (first_after(page, since_ms, seconds, of="sounds") for page in self.pages)
        ends = await asyncio.gather(*heard)
        return max(ends) - since_ms

    def cut(self) -> float:
        """Nothing passes the line any more; when that was."""
        self.hall.wire.set(CUT)
        return now_ms()

    def mend(self) -> float:
        """The line is as it was; when that was."""
        self.hall.wire.set(self.line)
        return now_ms()

    async def lose_the_lawyers_browser(self) -> None:
        """It crashes as a whole, without a word to anybody."""
        killer = await self.office.new_browser_cdp_session()
        with suppress(Error):  # who dies cannot answer
            await killer.send("Browser.crash")

    async def at_another_computer(self) -> None:
        """The same lawyer signs in with a browser that has never been here."""
        self.office = await self.rooms.enter_async_context(chromium())
        self.console = await open_window(self.office, self.console_url, 1440, 900, WATCH_FACES)
        await lawyer.sign_in(self.console.page, "jin")

    async def go_on_here(self) -> float:
        """The lawyer takes up the call that is offered; when that was."""
        here = self.console.page.get_by_test_id("call-here")
        await expect(here).to_be_visible()
        clicked = now_ms()
        await here.click()
        return clicked


@asynccontextmanager
async def scene(
    folder: Path,
    line: Condition = PERFECT,
    *,
    turn: TurnServer | None = None,
    center: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[Scene]:
    """A running city whose lawyer is on duty; the kiosk is at home. `line` is the hall's line,
    `center` further settings of the center."""
    async with AsyncExitStack() as stack:
        place = await stack.enter_async_context(hall())
        place.wire.set(line)
        city = build(folder, turn, place, center)
        await city.start()
        stack.push_async_callback(city.stop)
        inside = place.executable(folder, EXECUTABLE)
        browser = await stack.enter_async_context(chromium(executable=inside))
        office = await stack.enter_async_context(chromium())
        kiosk = await open_window(browser, city.kiosk_url, 1080, 1920, WATCH_FACES)
        url = f"{city.center_url}/console/"
        console = await open_window(office, url, 1440, 900, WATCH_FACES)
        await lawyer.sign_in(console.page, "jin")
        await lawyer.go_on_duty(console)
        await resident.at(kiosk, "home")
        yield Scene(city, place, office, kiosk, console, line, stack)
