"""HTTP of the agent for the kiosk's own browser: bound to loopback, Host and Origin checked."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from aiohttp import web

from kiosk.page import PageDoor

UI = Path(__file__).parent / "ui" / "dist"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Sights:
    """What the page may fetch besides its own files; null answers 404."""

    thumb: Callable[[int], Awaitable[bytes | None]]
    preview: Callable[[str], Awaitable[bytes | None]]
    agreement: Callable[[int], bytes | None]
    slip_text: Callable[[], str | None]
    health: Callable[[], Mapping[str, object]]
    line: Handler
    photo: Handler


def create_app(door: PageDoor, sights: Sights, ui: Path = UI) -> web.Application:
    """The agent's application."""
    app = web.Application(middlewares=[_local_only, _headers], client_max_size=1024)
    app[_SIGHTS], app[_DOOR], app[_UI] = sights, door, ui.resolve()
    app.router.add_get("/ws/page", _page)
    app.router.add_get(r"/visit/pages/{position:\d{1,4}}/thumb", _thumb)
    app.router.add_get("/visit/sheets/{sha256:[0-9a-f]{64}}", _sheet)
    app.router.add_get(r"/visit/agreement/{page:\d{1,2}}", _agreement)
    app.router.add_get("/visit/slip.svg", _slip)
    app.router.add_get("/line/data", _line)
    app.router.add_post("/line/data", _line)
    app.router.add_post("/visit/photo", _photo)
    app.router.add_get("/healthz", _health)
    app.router.add_get("/{path:.*}", _file)
    return app


_SIGHTS = web.AppKey("sights", Sights)
_DOOR = web.AppKey("door", PageDoor)
_UI = web.AppKey("ui", Path)


@web.middleware
async def _local_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A foreign name in Host is DNS rebinding; a foreign Origin is somebody else's page."""
    origin = request.headers.get("Origin")
    if not _is_here(request, request.host):
        raise web.HTTPMisdirectedRequest(text="this kiosk is asked for by its own name only")
    if origin is not None and not _is_here(request, origin.removeprefix("http://")):
        raise web.HTTPForbidden(text="wrong origin")
    return await handler(request)


def _is_here(request: web.Request, host: str) -> bool:
    here = request.get_extra_info("sockname") or ("127.0.0.1", 0)
    names = {"127.0.0.1", "localhost", "[::1]"}
    return host in {f"{name}:{here[1]}" for name in names}


@web.middleware
async def _headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    if not response.prepared:
        response.headers.update(_SECURITY)
        response.headers["Content-Security-Policy"] = _policy(request.host)
    return response


_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
}


def _policy(host: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "font-src 'self'",
            "img-src 'self' blob: data:",
            "media-src 'self' blob:",
            f"connect-src 'self' ws://{host}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


async def _page(request: web.Request) -> web.StreamResponse:
    return await request.app[_DOOR].serve(request)


async def _thumb(request: web.Request) -> web.StreamResponse:
    data = await request.app[_SIGHTS].thumb(int(request.match_info["position"]))
    if data is None:
        raise web.HTTPNotFound
    return _fleeting(data, "image/jpeg")


async def _sheet(request: web.Request) -> web.StreamResponse:
    data = await request.app[_SIGHTS].preview(request.match_info["sha256"])
    if data is None:
        raise web.HTTPNotFound
    return _fleeting(data, "image/webp")


async def _agreement(request: web.Request) -> web.StreamResponse:
    data = request.app[_SIGHTS].agreement(int(request.match_info["page"]))
    if data is None:
        raise web.HTTPNotFound
    return _fleeting(data, "image/jpeg")


async def _slip(request: web.Request) -> web.StreamResponse:
    text = request.app[_SIGHTS].slip_text()
    if text is None:
        raise web.HTTPNotFound
    return _fleeting(await asyncio.to_thread(_qr_code, text), "image/svg+xml")


async def _line(request: web.Request) -> web.StreamResponse:
    return await request.app[_SIGHTS].line(request)


async def _photo(request: web.Request) -> web.StreamResponse:
    return await request.app[_SIGHTS].photo(request)


async def _health(request: web.Request) -> web.StreamResponse:
    return web.json_response({"status": "ok", **request.app[_SIGHTS].health()})


async def _file(request: web.Request) -> web.StreamResponse:
    """A built file, or the page itself; its names carry hashes, the page does not."""
    ui = request.app[_UI]
    path = (ui / (request.match_info["path"] or "index.html")).resolve()
    if not path.is_relative_to(ui) or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Cache-Control": "no-cache"})


def _fleeting(body: bytes, kind: str) -> web.Response:
    return web.Response(body=body, content_type=kind, headers={"Cache-Control": "no-store"})


def _qr_code(text: str) -> bytes:
    # Nobody has a slip within seconds of a start, so a start does not wait for this.
    import segno  # noqa: PLC0415

    picture = BytesIO()
    segno.make(text, error="m").save(picture, kind="svg", scale=8, border=4, light="#fff")
    return picture.getvalue()
