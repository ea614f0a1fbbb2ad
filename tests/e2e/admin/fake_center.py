"""A center for the admin's pages alone: what they read is canned, what they ask is kept."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import WSMsgType, web
from aiohttp.typedefs import Handler
from pydantic import SecretStr

from center.protocol import frames, rest, staff_wire, views
from center.protocol.base import WireModel
from center.protocol.words import ErrorCode, Role

from . import canned

DIST = Path(__file__).parents[3] / "center/ui/admin/dist"
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; "
    "font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"
)
PASSWORD = "jiujin-demo"
FILTERS = ("kiosk_id", "state", "matter", "language", "outcome", "number")


@dataclass
class FakeCenter:
    """What is true, and what was asked (`method path?query`)."""

    role: Role = Role.ADMIN
    signed_in: bool = False
    rows: tuple[rest.UsageRow, ...] = ()
    kiosks: tuple[views.KioskView, ...] = ()
    scale: int = 1
    failing: bool = False
    refuse_sockets: bool = False
    asked: list[str] = field(default_factory=list)
    url: str = ""
    _sockets: set[web.WebSocketResponse] = field(default_factory=set)

    async def push(self, push: WireModel) -> None:
        for socket in list(self._sockets):
            await socket.send_str(push.model_dump_json())

    async def cut(self) -> None:
        """Close every socket, and accept no other."""
        self.refuse_sockets = True
        for socket in list(self._sockets):
            await socket.close(code=1012)

    async def get_session(self, _: web.Request) -> web.Response:
        if not self.signed_in:
            return _problem(401, ErrorCode.UNAUTHENTICATED)
        return _json(canned.session(self.role))

    async def login(self, request: web.Request) -> web.Response:
        body = rest.Login.model_validate(await request.json())
        if body.password.get_secret_value() != PASSWORD:
            return _problem(401, ErrorCode.BAD_CREDENTIALS)
        self.signed_in = True
        return await self.get_session(request)

    async def logout(self, _: web.Request) -> web.Response:
        self.signed_in = False
        return _json(rest.Empty())

    async def summary(self, _: web.Request) -> web.Response:
        return _json(canned.summary(self.rows, self.scale))

    async def usage(self, request: web.Request) -> web.Response:
        query = request.query
        found, start, limit = (
            self._filtered(request),
            int(query.get("after", 0)),
            int(query.get("limit", 50)),
        )
        end = start + limit
        more = str(end) if end < len(found) else None
        page = rest.UsagePage(rows=found[start:end], next=more, total=len(found) * self.scale)
        return _json(page)

    def _filtered(self, request: web.Request) -> tuple[rest.UsageRow, ...]:
        wanted = {name: request.query[name] for name in FILTERS if name in request.query}
        return tuple(
            row
            for row in self.rows
            if all(getattr(row, name) == value for name, value in wanted.items())
        )

    async def usage_csv(self, request: web.Request) -> web.Response:
        text = io.StringIO()
        csv.writer(text).writerows((row.number, row.hall) for row in self._filtered(request))
        headers = {"Content-Disposition": 'attachment; filename="usage.csv"'}
        return web.Response(body=text.getvalue().encode(), content_type="text/csv", headers=headers)

    async def detail(self, request: web.Request) -> web.Response:
        for row in self.rows:
            if row.consultation_id == request.match_info["id"]:
                return _json(canned.detail(row))
        return _problem(404, ErrorCode.NOT_FOUND)

    async def fleet(self, _: web.Request) -> web.Response:
        return _json(rest.KioskList(kiosks=self.kiosks))

    async def code(self, request: web.Request) -> web.Response:
        kiosk_id = request.match_info.get("id", "K13")
        code = rest.EnrolmentCode(
            kiosk_id=kiosk_id, code="7KQM-X2RD-9TBW", expires_at=canned.ago(-3600)
        )
        return _json(code, 201)

    async def revoke(self, request: web.Request) -> web.Response:
        return _json(
            next(kiosk for kiosk in self.kiosks if kiosk.kiosk_id == request.match_info["id"])
        )

    async def staff(self, _: web.Request) -> web.Response:
        return _json(rest.StaffList(staff=canned.accounts()))

    async def change_staff(self, request: web.Request) -> web.Response:
        body = rest.StaffPatch.model_validate(await request.json())
        assert isinstance(body.password, SecretStr | None)
        return _json(canned.accounts()[0])

    async def audit(self, _: web.Request) -> web.Response:
        return _json(rest.AuditPage(rows=canned.audit() if self.rows else (), next=None))

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        if self.refuse_sockets:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        staff_wire.StaffHello.model_validate_json(await socket.receive_str())
        welcome = frames.Welcome(seq=1, resumed=False, center_time=canned.now())
        for frame in (welcome, *(canned.pushes(self.scale) if self.rows else ())):
            await socket.send_str(frame.model_dump_json())
        self._sockets.add(socket)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                asked = staff_wire.staff_to_center.validate_json(message.data)
                await socket.send_str(frames.Ack(re=asked.id).model_dump_json())
        self._sockets.discard(socket)
        return socket

    @web.middleware
    async def watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith("/api/"):
            self.asked.append(f"{request.method} {request.path_qs}")
            if self.failing and request.path != "/api/session":
                return _problem(500, ErrorCode.INTERNAL)
        return await handler(request)


def _json(model: WireModel, status: int = 200) -> web.Response:
    return web.json_response(text=model.model_dump_json(), status=status)


def _problem(status: int, code: ErrorCode) -> web.Response:
    body = rest.Problem(title=code, status=status, code=code, detail="")
    return web.json_response(
        text=body.model_dump_json(), status=status, content_type="application/problem+json"
    )


async def _page(request: web.Request) -> web.StreamResponse:
    file = DIST / request.match_info["tail"]
    return web.FileResponse(file if file.is_file() else DIST / "index.html")


async def _policy(_: web.Request, response: web.StreamResponse) -> None:
    response.headers["Content-Security-Policy"] = POLICY


@asynccontextmanager
async def serving(center: FakeCenter) -> AsyncIterator[FakeCenter]:
    """Serve the built pages and the fake on a free port of loopback."""
    app = web.Application(middlewares=[center.watch])
    app.on_response_prepare.append(_policy)
    app.add_routes(
        [
            web.get("/api/session", center.get_session),
            web.post("/api/session", center.login),
            web.delete("/api/session", center.logout),
            web.get("/api/summary", center.summary),
            web.get("/api/usage", center.usage),
            web.get("/api/usage.csv", center.usage_csv),
            web.get("/api/usage/{id}", center.detail),
            web.get("/api/kiosks", center.fleet),
            web.post("/api/kiosks", center.code),
            web.post("/api/kiosks/{id}/code", center.code),
            web.post("/api/kiosks/{id}/revoke", center.revoke),
            web.get("/api/staff", center.staff),
            web.patch("/api/staff/{id}", center.change_staff),
            web.get("/api/audit", center.audit),
            web.get("/ws/staff", center.socket),
            web.get("/admin/{tail:.*}", _page),
        ]
    )
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    center.url = f"http://{host}:{port}/admin/"
    try:
        yield center
    finally:
        await asyncio.gather(*(socket.close() for socket in list(center._sockets)))
        await runner.cleanup()
