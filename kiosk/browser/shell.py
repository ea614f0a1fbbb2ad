"""Keeps the kiosk's page on the screen: a crashed page is loaded anew, a hung or closed Chromium
is started anew. The call goes on where it was: the page joins again by itself."""

import asyncio
import logging
import shutil
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kiosk.backoff import Backoff
from kiosk.browser.devtools import DevTools, Frame, GoneError, RefusedError, chromium

log = logging.getLogger(__name__)

FLAGS = (
    "--kiosk",
    "--no-first-run",
    "--no-default-browser-check",
    "--noerrdialogs",
    "--disable-session-crashed-bubble",
    "--disable-pinch",
    "--overscroll-history-navigation=0",
    "--disable-features=Translate",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--password-store=basic",
    "--autoplay-policy=no-user-gesture-required",
)
CRASHED = frozenset({"Inspector.targetCrashed", "Target.targetCrashed"})
CLOSED = frozenset({"Target.targetDestroyed", "Target.detachedFromTarget"})


class HungError(Exception):
    """The page has not answered for too long."""


@dataclass(frozen=True, slots=True)
class Shell:
    """What to show and with what. `folder` is Chromium's profile, emptied before each start: of a
    visit nothing stays. The page is asked every `pulse_s` seconds and has `patience_s` to answer.
    """

    url: str
    folder: Path
    program: str = "chromium"
    flags: Sequence[str] = ()
    pulse_s: float = 2.0
    patience_s: float = 10.0

    @property
    def origin(self) -> str:
        """Whose page it has to be."""
        return "{0.scheme}://{0.netloc}".format(urlsplit(self.url))

    async def run(self) -> None:
        """Until it is cancelled. Raises FileNotFoundError when there is no such program."""
        if shutil.which(self.program) is None:
            raise FileNotFoundError(self.program)
        backoff = Backoff(0.25, 15.0)
        while True:
            try:
                await self._show(backoff)
            except* (GoneError, RefusedError, HungError) as group:
                log.warning("chromium is started anew: %s", group.exceptions[0])
            await asyncio.sleep(backoff.next())

    async def _show(self, backoff: Backoff) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        command = (self.program, *FLAGS, f"--user-data-dir={self.folder}", *self.flags, self.url)
        async with chromium(command) as tools, asyncio.TaskGroup() as tasks:
            session = await self._attach(tools)
            tasks.create_task(self._bring_back(tools, session))
            tasks.create_task(self._feel(tools, session))
            backoff.failures = 0

    async def _attach(self, tools: DevTools) -> str:
        """The session of the kiosk's page, which may use camera and microphone unasked."""
        media = ["audioCapture", "videoCapture"]
        granted = tools.ask("Browser.grantPermissions", permissions=media, origin=self.origin)
        await self._in_time(granted)
        known = await self._in_time(tools.ask("Target.getTargets"))
        page = next((t for t in known["targetInfos"] if t["type"] == "page"), None)
        if page is None:
            raise GoneError("there is no window")
        to = {"targetId": page["targetId"], "flatten": True}
        session = str((await self._in_time(tools.ask("Target.attachToTarget", **to)))["sessionId"])
        await self._in_time(tools.ask("Inspector.enable", session))
        return session

    async def _bring_back(self, tools: DevTools, session: str) -> None:
        async for event in tools.events():
            if event["method"] in CRASHED:
                log.warning("the page crashed and is loaded anew")
                await self._in_time(tools.ask("Page.navigate", session, url=self.url))
            elif event["method"] in CLOSED:
                raise GoneError("the window was closed")
        raise GoneError("chromium ended")

    async def _feel(self, tools: DevTools, session: str) -> None:
        """A page that crashed, or whose agent is not there yet, is given time to come back."""
        clock = asyncio.get_running_loop().time
        seen = clock()
        while clock() - seen < self.patience_s:
            await asyncio.sleep(self.pulse_s)
            with suppress(RefusedError):
                if await self._shown(tools, session) == self.origin:
                    seen = clock()
        raise HungError(f"not the kiosk's page for {self.patience_s:g} s")

    async def _shown(self, tools: DevTools, session: str) -> object:
        """Whose page there is; Chromium's own, which say that there is none, are nobody's."""
        asked = tools.ask("Runtime.evaluate", session, expression="location.origin")
        return (await self._in_time(asked))["result"].get("value")

    async def _in_time(self, answer: Awaitable[Frame]) -> Frame:
        try:
            # Not wait_for: on 3.11 it keeps a cancellation to itself when the answer has just come.
            async with asyncio.timeout(self.patience_s):
                return await answer
        except TimeoutError as error:
            raise HungError(f"no answer in {self.patience_s:g} s") from error
