"""The built front ends: console and admin, each a single page application under its own path."""

from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

UI = Path(__file__).resolve().parent.parent / "ui"
FRONT_ENDS = ("console", "admin")
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"

NOT_BUILT = """The page "{name}" has not been built yet.

Run `make setup` (or `python .ci/frontend.py build`) and load this page again.
"""


def bind_front_ends(app: web.Application, ui: Path = UI) -> None:
    """Serve `ui/NAME/dist` under `/NAME/` for each front end; `/` leads to the console."""
    app.router.add_get("/", _to_console)
    for name in FRONT_ENDS:
        app.router.add_get(f"/{name}", _to_slash(name))
        app.router.add_get(f"/{name}/{{tail:.*}}", _front_end(name, ui / name / "dist"))


async def _to_console(_: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/console/")


def _to_slash(name: str) -> Handler:
    async def redirect(_: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(f"/{name}/")

    return redirect


def _front_end(name: str, dist: Path) -> Handler:
    async def serve(request: web.Request) -> web.StreamResponse:
        if not (dist / "index.html").is_file():
            return web.Response(status=503, text=NOT_BUILT.format(name=name))
        return _file(dist, request.match_info["tail"])

    return serve


def _file(dist: Path, tail: str) -> web.StreamResponse:
    path = (dist / tail).resolve()
    if tail and path.is_relative_to(dist.resolve()) and path.is_file():
        hashed = tail.startswith("assets/")
        return web.FileResponse(path, headers={"Cache-Control": FOREVER if hashed else ASK_AGAIN})
    if "." in tail.rpartition("/")[2]:
        raise web.HTTPNotFound
    return web.FileResponse(dist / "index.html", headers={"Cache-Control": ASK_AGAIN})
