"""Debian's Chromium under Playwright, with a camera and a microphone that Chromium makes up."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    async_playwright,
    expect,
)

from tests.support.patience import PATIENCE

EXECUTABLE = "/usr/bin/chromium"
PATIENCE_MS = PATIENCE * 1000
expect.set_options(timeout=PATIENCE_MS)

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream=fps=12",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
)

WATCH_PEERS = """
(() => {
  const Native = window.RTCPeerConnection;
  const all = (window.__peers = []);
  window.RTCPeerConnection = class extends Native {
    constructor(...args) { super(...args); all.push(this); }
  };
})();
"""

READ_PEERS = """
async () => {
  const calls = [];
  for (const peer of window.__peers) {
    if (peer.connectionState !== 'connected') continue;
    const call = {video: [], audio: []};
    (await peer.getStats()).forEach((s) => {
      if (s.type !== 'inbound-rtp') return;
      if (s.kind === 'video') call.video.push(s.framesDecoded || 0);
      else call.audio.push(s.totalAudioEnergy || 0);
    });
    // The desk's loopback connection has no sound; only the call does.
    if (call.audio.length > 0) calls.push(call);
  }
  return calls;
}
"""


CALLS = """window.__peers.filter((peer) => peer.connectionState === 'connected'
  && peer.getTransceivers().some(({receiver}) => receiver.track.kind === 'audio'))"""
"""The connected calls, heard or not; the desk's loopback connection has no place for sound."""


@dataclass(frozen=True, slots=True)
class Received:
    """What a page receives in its live calls together."""

    connected: int
    video_frames: tuple[int, ...]
    audio_energy: float

    @property
    def frames(self) -> int:
        return sum(self.video_frames)


@dataclass(slots=True)
class Window:
    """A Chromium window: a page, what it asked the network for, and what it complained about."""

    page: Page
    context: BrowserContext
    origins: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    async def received(self) -> Received:
        calls = await self.page.evaluate(READ_PEERS)
        return Received(
            connected=len(calls),
            video_frames=tuple(frames for call in calls for frames in call["video"]),
            audio_energy=sum(energy for call in calls for energy in call["audio"]),
        )

    async def until_media(self, videos: int, seconds: float = PATIENCE) -> Received:
        """Wait until `videos` inbound pictures advance and sound has energy."""
        script = f"""async () => {{
          const calls = await ({READ_PEERS})();
          const moving = calls.flatMap((c) => c.video).filter((frames) => frames > 2).length;
          const energy = calls.flatMap((c) => c.audio).reduce((sum, one) => sum + one, 0);
          return moving >= {videos} && energy > 0;
        }}"""
        await self._until(script, seconds)
        return await self.received()

    async def until_frames(self, more_than: int, seconds: float = PATIENCE) -> Received:
        """Wait until more than `more_than` video frames were decoded in all."""
        script = f"""async () => {{
          const calls = await ({READ_PEERS})();
          return calls.flatMap((c) => c.video).reduce((sum, one) => sum + one, 0) > {more_than};
        }}"""
        await self._until(script, seconds)
        return await self.received()

    async def until_connected(self, calls: int, seconds: float = PATIENCE) -> None:
        """Wait until so many calls are connected, no more and no fewer."""
        script = f"async () => {CALLS}.length === {calls}"
        await self._until(script, seconds)

    async def _until(self, condition: str, seconds: float) -> None:
        """Wait until the JavaScript async function `condition` gives true; raises TimeoutError.

        Playwright's `wait_for_function` takes the promise of an async function itself for true.
        """
        script = f"""async () => {{
          const met = {condition};
          while (!(await met())) await new Promise((go) => setTimeout(go, 200));
        }}"""
        async with asyncio.timeout(seconds):
            await self.page.evaluate(script)


@asynccontextmanager
async def chromium(
    *extra: str, home: Path | None = None, executable: Path | str = EXECUTABLE
) -> AsyncIterator[Browser]:
    """A headless Chromium of its own process; `home` is where it looks for the user's files."""
    environment: dict[str, str | float | bool] = {**os.environ}
    if home is not None:
        environment["HOME"] = str(home)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable, args=[*FLAGS, *extra], headless=True, env=environment
        )
        _give_way()
        try:
            yield browser
        finally:
            await browser.close()


def _give_way() -> None:
    """Browsers run below the servers: four machines of a city share this one's processors here."""
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "chromium" in process.name():
                process.nice(10)


async def open_context(browser: Browser, width: int, height: int, **options: Any) -> BrowserContext:
    """A context of its own for a screen of this size, as patient as all."""
    context = await browser.new_context(
        viewport={"width": width, "height": height}, accept_downloads=True, **options
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


async def open_window(browser: Browser, url: str, width: int, height: int, *scripts: str) -> Window:
    """Open `url` in a context of its own, watching requests, errors and peer connections; each of
    `scripts` runs before the page's own."""
    context = await open_context(browser, width, height, locale="zh-CN")
    for script in (WATCH_PEERS, *scripts):
        await context.add_init_script(script)
    page = await context.new_page()
    window = Window(page=page, context=context)
    _watch(window)
    await page.goto(url)
    return window


def _watch(window: Window) -> None:
    def on_request(request: Request) -> None:
        scheme, _, rest = request.url.partition("://")
        if scheme in {"http", "https", "ws", "wss"}:
            window.origins.add(rest.partition("/")[0])

    window.page.on("request", on_request)
    window.page.on("websocket", lambda socket: window.origins.add(socket.url.split("/")[2]))
    window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
    window.page.on(
        "console",
        lambda message: (
            window.complaints.append(message.text)
            if message.type == "error" and "Content Security Policy" in message.text
            else None
        ),
    )
