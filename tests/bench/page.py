"""`python -m tests.bench.page`: a page on its way to the lawyer over a thin line, preview first.

A real center behind a TCP proxy with a rate and a delay. Beside each time stand the goal, 1.1 ×
size/rate + 2 × delay, and what a bare server takes to give as many bytes over the same line. The
proxy ends both TCP connections, so neither slow start nor loss of the line shows here; those are
measured with whole packets, on the way in, by `tests.bench.arrival`.
"""

import asyncio
import hashlib
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from aiohttp import web

from center.commands.database import seed
from scanner.image import encode_jpeg
from scanner.text.made import Script, made_page
from tests.integration.center.conftest import Call, Center, accepted, settings_for

DELAY_S = 0.15
"""One way."""

CHUNK = 4096
RATES = (400, 2000, 8000)
"""kbit/s."""

GOAL = 1.1


@dataclass(frozen=True, slots=True)
class ThinLine:
    """Both ways of a connection: so many bits a second, so long on the way."""

    kbit_s: float

    async def carry(self, come: asyncio.StreamReader, go: asyncio.StreamWriter) -> None:
        """Until the sender ends."""
        free = time.monotonic()
        flying: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        landing = asyncio.create_task(_land(flying, go))
        while data := await come.read(CHUNK):
            free = max(free, time.monotonic()) + len(data) * 8 / (self.kbit_s * 1000)
            flying.put_nowait((free + DELAY_S, data))
            await asyncio.sleep(max(0.0, free - time.monotonic()))
        landing.cancel()
        go.close()


async def _land(flying: asyncio.Queue[tuple[float, bytes]], go: asyncio.StreamWriter) -> None:
    while True:
        at, data = await flying.get()
        await asyncio.sleep(max(0.0, at - time.monotonic()))
        go.write(data)
        await go.drain()


@asynccontextmanager
async def behind(port: int, line: ThinLine) -> AsyncIterator[str]:
    """The origin under which the local server at `port` is reached over the line."""

    async def meet(come: asyncio.StreamReader, go: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(line.carry(come, back), line.carry(there, go), return_exceptions=True)

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def laid_down(center: Center) -> Call:
    """A talk with one page of small print, as large as a scan is."""
    call = await accepted(center)
    clean = encode_jpeg(made_page(Script.MIXED, seed=5, points=9).image)
    name = hashlib.sha256(clean).hexdigest()
    record = {
        "captured_at": datetime.now(UTC).isoformat(),
        "clean_sha256": name,
        "width": 2480,
        "height": 3508,
        "quad": None,
        "sharpness": 1.0,
        "verdict": [],
        "codes": [],
    }
    bearer, page = call.device.bearer, f"/api/consultations/{call.consultation_id}/pages/{name}"
    await center.http.put(f"/api/blobs/{name}", data=clean, headers=bearer)
    async with center.http.put(page, json=record, headers=bearer) as answer:
        answer.raise_for_status()
    return call


@asynccontextmanager
async def bare() -> AsyncIterator[int]:
    """The port of a server that gives `/{size}` bytes and does nothing else."""

    async def give(request: web.Request) -> web.Response:
        return web.Response(body=bytes(int(request.match_info["size"])))

    app = web.Application()
    app.router.add_get("/{size}", give)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def fetch(port: int, line: ThinLine, path: str, cookie: str = "") -> tuple[float, int]:
    """Seconds and bytes of one answer, on a connection that is there already."""
    async with (
        behind(port, line) as origin,
        aiohttp.ClientSession(origin, headers={"Cookie": cookie}) as http,
    ):
        await (await http.get("/1")).read()
        begin = time.monotonic()
        async with http.get(path) as answer:
            answer.raise_for_status()
            size = len(await answer.read())
        return time.monotonic() - begin, size


async def row(center: Center, bare_port: int, line: ThinLine, path: str, cookie: str) -> str:
    """What it took, the goal, and the bare server."""
    took, size = await fetch(center.port, line, path, cookie)
    floor, _ = await fetch(bare_port, line, f"/{size}")
    most = GOAL * size * 8 / (line.kbit_s * 1000) + 2 * DELAY_S
    verdict = "ok" if took <= most else "MISSED"
    kind = path.rpartition("/")[2]
    return (
        f"  {kind:8}{size / 1000:6.0f} kB {took:6.2f} s  at most {most:6.2f} s {verdict:6}"
        f"  bare {floor:6.2f} s  ratio {took / floor:.2f}"
    )


async def measure() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(Path(folder))
        await seed(settings)
        async with Center(settings) as center, bare() as bare_port:
            call = await laid_down(center)
            cookie = (await center.sign_in("jin")).headers["Cookie"]
            pages = f"/api/consultations/{call.consultation_id}/pages/1"
            for kbit_s in RATES:
                print(f"{kbit_s} kbit/s, {DELAY_S * 1000:.0f} ms each way")
                for kind in ("preview", "clean"):
                    line = ThinLine(kbit_s)
                    print(await row(center, bare_port, line, f"{pages}/{kind}", cookie))


if __name__ == "__main__":
    asyncio.run(measure())
