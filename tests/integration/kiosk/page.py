"""A kiosk page and a hall for the agent's tests, without a browser."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

from config.settings import JourneySettings, KioskSettings, MediaSettings, Settings
from kiosk.identity import enrol
from kiosk.identity import load as load_identity
from kiosk.serving import Served, serving
from tests.fakes.center import CenterDouble
from tests.fakes.devices import Bench
from tests.support.patience import PATIENCE, until

UI = Path(__file__).parent


@dataclass
class Page:
    """A kiosk page without a browser: sends touches, keeps what it is sent, wipes when told."""

    socket: ClientWebSocketResponse
    frames: list[dict[str, Any]] = field(default_factory=list)
    leftovers: tuple[str, ...] = ()
    wipes: bool = True

    def __post_init__(self) -> None:
        self._news = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    @property
    def state(self) -> dict[str, Any]:
        return next(f for f in reversed(self.frames) if f["type"] == "kiosk.state")

    async def send(self, kind: str, **fields: object) -> None:
        await self.socket.send_str(json.dumps({"type": kind, **fields}))

    async def touch(self, do: str, **fields: object) -> None:
        await self.send("page.touch", touch={"do": do, **fields})

    async def wiped(self, *leftovers: str) -> None:
        await self.send("page.wiped", leftovers=leftovers)

    async def until(self, true: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not true():
                    await self._news.wait()
                    self._news.clear()
        except TimeoutError:
            raise AssertionError(self.frames[-3:]) from None

    async def on(self, screen: str) -> None:
        await self.until(lambda: self.state["screen"] == screen)

    async def hears(self, kind: str) -> dict[str, Any]:
        await self.until(lambda: any(f["type"] == kind for f in self.frames))
        return next(f for f in reversed(self.frames) if f["type"] == kind)

    async def close(self) -> None:
        await self.socket.close()
        await self._reader

    async def _read(self) -> None:
        async for message in self.socket:
            frame = json.loads(message.data)
            self.frames.append(frame)
            if frame["type"] == "page.wipe" and self.wipes:
                await self.wiped()
            self._news.set()
        self._news.set()


class Hall:
    """One kiosk with its center; the agent may be killed and started again."""

    def __init__(
        self, folder: Path, origin: str | None = None, patience: JourneySettings | None = None
    ) -> None:
        self.center, self.bench, self.data = CenterDouble(), Bench(), folder
        self.settings = Settings(
            kiosk=KioskSettings(
                center=origin or self.center.origin,
                port=0,
                data=folder,
                spool_reserve_mb=0,
                heartbeat_s=0.2,
                backoff_first_s=0.02,
                backoff_most_s=0.1,
                journey=patience or JourneySettings(),
            ),
            media=MediaSettings(desk_width=320, desk_height=240),
        )

    @asynccontextmanager
    async def agent(self) -> AsyncIterator[Served]:
        identity = load_identity(self.data)
        devices = self.bench.devices()
        async with serving(self.settings, identity, devices, UI) as served:
            yield served

    @asynccontextmanager
    async def page(self, served: Served, session: str = "page-1") -> AsyncIterator[Page]:
        async with ClientSession() as http:
            socket = await http.ws_connect(
                f"{served.origin}/ws/page", headers={"Origin": served.origin}
            )
            page = Page(socket)
            await page.send("page.hello", protocol=1, page_session=session)
            await page.hears("kiosk.state")
            yield page
            await page.close()

    def private_files(self) -> list[str]:
        spool = self.data / "spool"
        return [p.name for p in spool.rglob("*") if p.is_file() and p.name != "journey"]

    async def emptied(self) -> None:
        """Nothing private is left, nor the journal's next version on its way to its place."""
        await until(lambda: not self.private_files())


@asynccontextmanager
async def open_hall(folder: Path, patience: JourneySettings | None = None) -> AsyncIterator[Hall]:
    """A hall whose kiosk is enrolled and whose center answers."""
    hall = Hall(folder, patience=patience)
    await hall.center.start()
    async with ClientSession() as http:
        await enrol(http, hall.center.origin, hall.center.code, folder)
    yield hall
    await hall.center.stop()


async def to_papers(page: Page) -> None:
    await page.touch("start", intent="lawyer")
    await page.touch("choose_talk_language", language="ko")
    await page.touch("choose_matter", matter="labour")
    await page.touch("give_name", called_as="朴女士")
    await page.touch("consent", agreed=True)
    await page.on("papers")


async def scan(page: Page, bench: Bench, shade: int) -> None:
    """Lay another paper down and press the shutter when the desk shows it."""
    pages, bench.shade = len(page.state["pages"]), shade
    await page.touch("capture_now")
    await page.until(lambda: len(page.state["pages"]) == pages + 1)
