"""A center of one lawyer, for looking at the console alone: REST and `/ws/staff`, valid frames.

The test says what is true (`push`); requests are acknowledged, kept in `asked`, and change nothing
by themselves, except that a room brings the lawyer's page and the fake kiosk together.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

from center.protocol import frames, rest, staff_wire
from center.protocol.base import WireModel
from center.protocol.papers import PapersView
from center.protocol.words import ErrorCode, Role
from tests.support.patience import PATIENCE

from . import canned

DIST = Path(__file__).parents[3] / "center/ui/console/dist"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "media-src 'self' blob:; connect-src 'self'; form-action 'self'; base-uri 'none'"
)
PASSWORD = "jiujin-demo"


@dataclass
class FakeCenter:
    """What the console is told, and what it asked for."""

    signed_in: bool = False
    truth: dict[str, WireModel] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    staff_session: str | None = None
    refuse_connections: bool = False
    pictures: dict[int, bytes] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    on_duty: rest.ColleagueList = field(default_factory=canned.colleagues)
    refuse: dict[str, ErrorCode] = field(default_factory=dict)
    url: str = ""
    _sockets: set[web.WebSocketResponse] = field(default_factory=set)
    _kiosk: web.WebSocketResponse | None = None
    _given: dict[str, int] = field(default_factory=dict)
    _telling: asyncio.Lock = field(default_factory=asyncio.Lock)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def push(self, *pushes: WireModel) -> None:
        """Make these frames the truth, and send them to the console."""
        for push in pushes:
            async with self._telling:
                self.truth[str(push.type)] = push  # type: ignore[attr-defined]
                for socket in list(self._sockets):
                    await socket.send_str(push.model_dump_json())

    async def until_asked(self, kind: str) -> dict[str, Any]:
        """The newest request of a kind that was not given out before; waits for it."""

        def newest() -> dict[str, Any] | None:
            fresh = self.asked[self._given.get(kind, 0) :]
            return next((one for one in reversed(fresh) if one["type"] == kind), None)

        async with asyncio.timeout(PATIENCE), self._changed:
            found = await self._changed.wait_for(newest)
        self._given[kind] = len(self.asked)
        assert found is not None
        return found

    def forget(self) -> None:
        """Nothing was asked by now."""
        self.asked.clear()
        self._given.clear()

    async def cut(self) -> None:
        """Close every socket of the console, and accept no other."""
        self.refuse_connections = True
        for socket in list(self._sockets):
            await socket.close(code=1012)

    # --- HTTP ---------------------------------------------------------------------------------

    async def get_session(self, _: web.Request) -> web.Response:
        if not self.signed_in:
            return _problem(401, ErrorCode.UNAUTHENTICATED)
        return _json(canned.session(Role.LAWYER))

    async def login(self, request: web.Request) -> web.Response:
        body = rest.Login.model_validate(await request.json())
        if body.password.get_secret_value() != PASSWORD:
            return _problem(401, ErrorCode.BAD_CREDENTIALS)
        self.signed_in = True
        return await self.get_session(request)

    async def logout(self, _: web.Request) -> web.Response:
        self.signed_in = False
        return _json(rest.Empty())

    async def picture(self, request: web.Request) -> web.Response:
        self.fetched.append(request.path)
        data = self.pictures.get(int(request.match_info["position"]))
        if data is None:
            return _problem(404, ErrorCode.NOT_FOUND)
        return web.Response(
            body=data, content_type="image/jpeg", headers={"Cache-Control": "no-store"}
        )

    async def recordings(self, _: web.Request) -> web.Response:
        return _json(canned.recorded())

    async def marks(self, _: web.Request) -> web.Response:
        return _json(PapersView(sheet=None, pages=()))

    async def colleagues(self, _: web.Request) -> web.Response:
        return _json(self.on_duty)

    # --- sockets ------------------------------------------------------------------------------

    async def staff(self, request: web.Request) -> web.WebSocketResponse:
        if self.refuse_connections:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        staff_wire.StaffHello.model_validate_json(await socket.receive_str())
        welcome = frames.Welcome(seq=1, resumed=False, center_time=canned.now())
        await socket.send_str(welcome.model_dump_json())
        async with self._telling:  # no page hears an older truth after a newer one
            for push in self.truth.values():
                await socket.send_str(push.model_dump_json())
            self._sockets.add(socket)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._answer(socket, message.data)
        self._sockets.discard(socket)
        return socket

    async def _answer(self, socket: web.WebSocketResponse, text: str) -> None:
        request = staff_wire.staff_to_center.validate_json(text)
        code = self.refuse.get(request.type)
        reply = frames.Ack(re=request.id) if code is None else _refusal(request.id, code)
        await socket.send_str(reply.model_dump_json())
        if isinstance(request, frames.RoomSignal):
            if self._kiosk is not None:
                await self._kiosk.send_json({"payload": request.payload})
            return
        if isinstance(request, frames.RoomJoin):
            self.staff_session = request.page_session
            await self._meet()
        async with self._changed:
            self.asked.append(request.model_dump(mode="json"))
            self._changed.notify_all()

    async def kiosk(self, request: web.Request) -> web.WebSocketResponse:
        self._kiosk = socket = web.WebSocketResponse()
        await socket.prepare(request)
        await self._meet()
        async for message in socket:
            payload = json.loads(message.data)["payload"]
            signalled = frames.RoomSignalled(
                room_id=canned.CONSULTATION, sender=canned.KIOSK_PEER, payload=payload
            )
            for staff in list(self._sockets):
                await staff.send_str(signalled.model_dump_json())
        return socket

    async def _meet(self) -> None:
        if self._kiosk is None:
            return
        await self.push(canned.room("kiosk-page-1"))
        if self.staff_session is None:
            return
        who = {"call": canned.STAFF_PEER, "session": self.staff_session}
        await self._kiosk.send_json(who | {"room": canned.CONSULTATION})


def _json(model: WireModel) -> web.Response:
    return web.json_response(text=model.model_dump_json())


def _refusal(re: int, code: ErrorCode) -> frames.Refusal:
    return frames.Refusal(re=re, code=code, detail="as the test wants it")


def _problem(status: int, code: ErrorCode) -> web.Response:
    problem = rest.Problem(title=code, status=status, code=code, detail="")
    return web.json_response(
        text=problem.model_dump_json(), status=status, content_type="application/problem+json"
    )


async def _index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(DIST / "index.html")


async def _kiosk_page(_: web.Request) -> web.Response:
    return web.Response(text="<script src='/kiosk.js'></script>", content_type="text/html")


async def _kiosk_script(_: web.Request) -> web.FileResponse:
    return web.FileResponse(Path(__file__).with_name("fake_kiosk.js"))


async def _policy(request: web.Request, response: web.StreamResponse) -> None:
    if request.path.startswith("/console"):
        response.headers["Content-Security-Policy"] = POLICY


def _app(center: FakeCenter) -> web.Application:
    app = web.Application()
    app.on_response_prepare.append(_policy)
    app.add_routes(
        [
            web.get("/api/session", center.get_session),
            web.post("/api/session", center.login),
            web.delete("/api/session", center.logout),
            web.get("/api/consultations/{id}/pages/{position}/{kind}", center.picture),
            web.get("/api/consultations/{id}/marks", center.marks),
            web.get("/api/colleagues", center.colleagues),
            web.get("/api/recordings", center.recordings),
            web.get("/ws/staff", center.staff),
            web.get("/ws/fake-kiosk", center.kiosk),
            web.get("/kiosk", _kiosk_page),
            web.get("/kiosk.js", _kiosk_script),
            web.get("/console/", _index),
            web.static("/console/", DIST),
        ]
    )
    return app


@asynccontextmanager
async def fake_center() -> AsyncIterator[FakeCenter]:
    """The fake on a free port of the loopback interface."""
    center = FakeCenter()
    runner = web.AppRunner(_app(center), shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    center.url = f"http://127.0.0.1:{port}"
    center.truth = canned.quiet_hall()
    try:
        yield center
    finally:
        await runner.cleanup()
