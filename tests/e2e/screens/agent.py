"""A kiosk agent that shows what a test wants: the real page, canned states, a real desk track."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from aiohttp import web
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from center.protocol.words import CameraStatus, EmptyDeskState
from config.settings import MediaSettings
from kiosk.messages import (
    AgentToPage,
    DeskAnswer,
    DeskOffer,
    KioskState,
    PageAlive,
    PageHello,
    PageSignal,
    PageToAgent,
    PageTouch,
    RoomSignalIn,
    page_to_agent,
)
from kiosk.self_test_messages import MachineFound, PageSelfTest
from media.desk import DeskTrack
from media.letterbox import Picture
from media.loopback import allow_loopback
from tests.support.patience import PATIENCE

DIST = Path(__file__).parents[3] / "kiosk/ui/dist"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'"
)
SLIP = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">'
    '<path d="M0 0h3v3H0zM5 0h3v3H5zM0 5h3v3H0zM4 4h1v2h2v2H4z"/></svg>'
)


@cache
def sheet() -> Picture:
    """A page of paper with lines of writing on a desk, 1080 × 1920 BGR."""
    desk = np.full((1080, 1920, 3), (86, 108, 128), np.uint8)
    corners = np.array([[620, 120], [1290, 90], [1330, 980], [560, 1000]], np.int32)
    cv2.fillPoly(desk, [corners], (238, 243, 246))
    for row in range(190, 940, 46):
        cv2.line(desk, (690, row), (1230, row - 8), (90, 84, 80), 7)
    return desk


def broken(run: int) -> MachineFound:
    """A machine that needs a technician."""
    return MachineFound(
        run=run,
        camera=CameraStatus.UNPLUGGED,
        ice_servers=None,
        empty_desk=EmptyDeskState.NOT_SHOWN,
        empty_desk_since=None,
        disk_free_mb=150,
        disk_reserve_mb=200,
        clock_skew_s=95.0,
    )


@dataclass
class FakeAgent:
    """What the page is shown, and what it said."""

    state: KioskState
    sockets: set[web.WebSocketResponse] = field(default_factory=set)
    heard: list[PageToAgent] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    desk: RTCPeerConnection | None = None
    look: Callable[[], Picture] = sheet
    other: "FakeAgent | None" = None
    url: str = ""

    async def show(self, state: KioskState) -> None:
        """Become this state, as the real agent does at each change; a later page is told it too."""
        self.state = state
        await self._send(state)

    async def say(self, frame: AgentToPage) -> None:
        """Say once, when a page is there to hear it."""
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: bool(self.sockets)), PATIENCE)
        await self._send(frame)

    async def _send(self, frame: AgentToPage) -> None:
        for socket in list(self.sockets):
            await socket.send_str(frame.model_dump_json())

    async def cut(self) -> None:
        """Drop every socket, as an agent that dies does."""
        for socket in list(self.sockets):
            await socket.close()

    async def until(self, kind: type[PageToAgent], since: int = 0) -> PageToAgent:
        """The first frame of that kind heard after the first `since`; waits for it."""

        def found() -> list[PageToAgent]:
            return [frame for frame in self.heard[since:] if isinstance(frame, kind)]

        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: bool(found())), PATIENCE)
        return found()[0]

    async def touches(self) -> list[object]:
        return [frame.touch for frame in self.heard if isinstance(frame, PageTouch)]

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            await self._hear(socket, page_to_agent.validate_json(message.data))
        self.sockets.discard(socket)
        return socket

    async def _hear(self, socket: web.WebSocketResponse, frame: PageToAgent) -> None:
        match frame:
            case PageHello():
                self.sockets.add(socket)
                await socket.send_str(self.state.model_dump_json())
            case DeskOffer():
                await socket.send_str((await self._answer(frame)).model_dump_json())
            case PageSignal(payload=payload) if self.other:
                me = f"kiosk:{self.state.place.kiosk_id}"
                await self.other.say(RoomSignalIn(sender=me, payload=payload))
            case PageSelfTest(run=run):
                await socket.send_str(broken(run).model_dump_json())
            case PageAlive():
                return
        async with self.changed:
            self.heard.append(frame)
            self.changed.notify_all()

    async def _answer(self, offer: DeskOffer) -> DeskAnswer:
        await self.close()
        self.desk = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.desk.addTrack(DeskTrack(self._seen, MediaSettings()))
        await self.desk.setRemoteDescription(RTCSessionDescription(offer.sdp, "offer"))
        await self.desk.setLocalDescription(await self.desk.createAnswer())
        return DeskAnswer(sdp=self.desk.localDescription.sdp)

    def _seen(self) -> Picture:
        return self.look()

    async def close(self) -> None:
        if self.desk is not None:
            await self.desk.close()


async def _index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(DIST / "index.html", headers={"Content-Security-Policy": CSP})


async def _slip(_: web.Request) -> web.Response:
    return web.Response(text=SLIP, content_type="image/svg+xml")


async def _line(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(body=bytes(int(request.query.get("bytes", 0))))


async def _thumb(_: web.Request) -> web.Response:
    _done, jpeg = cv2.imencode(".jpg", sheet()[90:1000, 560:1330])
    return web.Response(body=jpeg.tobytes(), content_type="image/jpeg")


@asynccontextmanager
async def fake_agent(state: KioskState) -> AsyncIterator[FakeAgent]:
    """Serve the built kiosk page on a free port of loopback."""
    allow_loopback()
    agent = FakeAgent(state)
    app = web.Application(client_max_size=2**20)
    app.router.add_get("/", _index)
    app.router.add_get("/ws/page", agent.socket)
    app.router.add_get("/visit/slip.svg", _slip)
    app.router.add_get("/visit/pages/{position}/thumb", _thumb)
    app.router.add_get("/visit/sheets/{sha256}", _thumb)
    app.router.add_get("/visit/agreement/{page}", _thumb)
    app.router.add_get("/line/data", _line)
    app.router.add_post("/line/data", _line)
    app.router.add_static("/", DIST)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    agent.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield agent
    finally:
        await agent.close()
        await runner.cleanup()
