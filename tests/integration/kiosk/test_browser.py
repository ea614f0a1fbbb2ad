"""A real Chromium is kept open: its page crashes, it hangs, it is killed, and comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from aiohttp import web

from kiosk.__main__ import main
from kiosk.browser.shell import Shell
from tests.support.chromium import EXECUTABLE

PAGE = """<!doctype html><title>kiosk</title><script>
  function dial() {
    const socket = new WebSocket(`ws://${location.host}/hello`);
    socket.onclose = () => setTimeout(dial, 100);
    socket.onopen = async () => {
      const camera = await navigator.permissions.query({name: 'camera'});
      socket.send(camera.state);
      socket.onmessage = () => { for (;;); };
    };
  }
  dial();
</script>"""
HEADLESS = ("--headless=new", "--no-sandbox", "--disable-gpu")


@dataclass
class Hall:
    """A page that says hello over a socket whenever it is loaded."""

    port: int = 0
    came: asyncio.Queue[web.WebSocketResponse] = field(default_factory=asyncio.Queue)
    cameras: list[str] = field(default_factory=list)

    async def page(self, _: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def hello(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.cameras.append(await socket.receive_str())
        self.came.put_nowait(socket)
        async for _ in socket:
            pass
        return socket


@asynccontextmanager
async def hall() -> AsyncIterator[Hall]:
    known, app = Hall(), web.Application()
    app.add_routes([web.get("/", known.page), web.get("/hello", known.hello)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    known.port = runner.addresses[0][1]
    try:
        yield known
    finally:
        await runner.cleanup()


def chromium(folder: Path) -> psutil.Process:
    """The first process of the Chromium with this profile."""
    for process in psutil.Process().children(recursive=True):
        line = process.cmdline()
        if f"--user-data-dir={folder}" in line and not any("--type=" in word for word in line):
            return process
    raise AssertionError("there is no Chromium")


def crash(folder: Path) -> None:
    """End all its pages; one may be a spare that shows nothing."""
    pages = [
        p for p in chromium(folder).children(recursive=True) if "--type=renderer" in p.cmdline()
    ]
    assert pages
    for page in pages:
        page.kill()


async def test_the_page_comes_back_whatever_happens_to_it(tmp_path: Path) -> None:
    folder = tmp_path / "browser"
    async with hall() as known:
        shell = Shell(
            f"http://127.0.0.1:{known.port}/", folder, EXECUTABLE, HEADLESS, 0.2, patience_s=10.0
        )
        running = asyncio.create_task(shell.run())
        await known.came.get()
        first = chromium(folder).pid
        crash(folder)
        page = await known.came.get()
        assert chromium(folder).pid == first
        await page.send_str("hang")
        await known.came.get()
        second = chromium(folder)
        assert second.pid != first
        second.kill()
        await known.came.get()
        assert known.cameras == ["granted"] * 4
        third = chromium(folder)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert not third.is_running()


def test_without_chromium_it_says_what_to_install(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["browser", "--chromium", "no-such-chromium"]) == 1
    assert "apt install chromium" in capsys.readouterr().err
