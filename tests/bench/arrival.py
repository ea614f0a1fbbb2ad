"""`python -m tests.bench.arrival`: a page from the spool to the lawyer's screen over a thin line.

A real center and the agent's own delivery, with an emulated line of whole packets between them. A
picture has arrived when the view that is pushed to the lawyer says so. Beside each time stand
the goal, 1.1 × size/rate + 2 × delay, and what a bare client takes to put as many bytes over the
same line to a bare server; of a page's later pictures the time begins when the one before arrived.
The second page is laid down while the first one's original is on its way.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import aiohttp
from aiohttp import web

from center import keys
from center.commands.database import seed
from center.protocol.rest import PageRecord
from center.protocol.words import PageStage
from kiosk import center as doors
from kiosk.backoff import Backoff
from kiosk.delivery import Delivery
from kiosk.eyes import scan_page
from kiosk.spool import PagePictures, RealDisk, Spool, SpooledPage
from kiosk.spool.vault import Vault
from kiosk.uplink import uplink
from scanner.simulated import SimulatedCamera
from tests.integration.center.conftest import Call, Center, accepted, settings_for
from tests.support.line import Condition
from tests.support.line_hall import Hall, hall

RATE_BPS, DELAY_S, GOAL = 600e3, 0.15, 1.1
UNDER_WAY_S, LOOK_S = 3.0, 0.005
LOSSES = (0.0, 0.01, 0.05)
KINDS = {PageStage.PREVIEW: "preview", PageStage.CLEAN: "clean", PageStage.WHOLE: "original"}


def pages(visit: str) -> list[tuple[SpooledPage, PagePictures]]:
    """Two pages of the simulated desk."""
    camera, made = SimulatedCamera(), []
    for ordinal in (1, 2):
        frame = next(f for f in (camera.read() for _ in range(400)) if camera.truth is not None)
        scan = scan_page((frame.jpeg or b"") + bytes(ordinal))
        record = PageRecord(
            captured_at=datetime.now(UTC), clean_sha256=scan.clean_sha256,
            preview_sha256=sha256(scan.pictures.preview).hexdigest(),
            width=scan.width, height=scan.height, quad=scan.quad, sharpness=scan.sharpness,
        )  # fmt: skip
        page = SpooledPage(visit_id=visit, sha256=scan.sha256, ordinal=ordinal, record=record)
        made.append((page, scan.pictures))
    return made


async def arrived(center: Center, page: SpooledPage, stage: PageStage) -> float:
    """When the view that is pushed to the lawyer has this stage of the page."""
    async with asyncio.timeout(60):
        while True:
            view = await center.app[keys.VIEWS].of_staff("jin")
            known = {laid.sha256: laid.stage.order for laid in view.pages} if view else {}
            if known.get(page.sha256, -1) >= stage.order:
                return time.monotonic()
            await asyncio.sleep(LOOK_S)


@asynccontextmanager
async def delivering(
    spool: Spool, center: Center, place: Hall, call: Call
) -> AsyncIterator[Delivery]:
    origin, token = f"http://{place.office}:{center.port}", call.device.token
    async with uplink(place.open_socket) as line:
        express = doors.Center(line.http, origin, lambda: token, line.pace)
        freight = doors.Center(line.freight, origin, lambda: token, line.room)
        await express.reach()
        delivery = Delivery(spool, express, freight, Backoff(0.1, 1.0), lambda event: None)
        work = asyncio.create_task(delivery.run())
        try:
            yield delivery
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work


@asynccontextmanager
async def bare(place: Hall) -> AsyncIterator[Callable[[int], Awaitable[float]]]:
    """Gives the seconds in which so many bytes are put over the line."""

    async def take(request: web.Request) -> web.Response:
        await request.read()
        return web.Response()

    app = web.Application(client_max_size=2**25)
    app.router.add_put("/", take)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, place.office, 0).start()
    origin = f"http://{place.office}:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession(connector=place.connector()) as http:
        await http.put(origin)

        async def put(size: int) -> float:
            begin = time.monotonic()
            await http.put(origin, data=bytes(size))
            return time.monotonic() - begin

        yield put
    await runner.cleanup()


def row(what: str, size: int, took: float, floor: float) -> str:
    most = GOAL * size * 8 / RATE_BPS + 2 * DELAY_S
    verdict = "ok" if took <= most else "MISSED"
    return (
        f"  {what:36}{size / 1000:6.0f} kB {took:6.2f} s  at most {most:6.2f} s {verdict:6}"
        f"  bare {floor:6.2f} s  ratio {took / floor:.2f}"
    )


Found = list[tuple[str, int, float]]
"""What, how many bytes, how many seconds."""


async def sent(delivery: Delivery, spool: Spool, center: Center) -> Found:
    """The first page as far as its flattened picture, and the second one's small picture."""
    (first, pictures), (second, others) = await asyncio.to_thread(pages, "v1")
    found: Found = []
    begin = time.monotonic()
    spool.put(first, pictures)
    delivery.wake()
    for stage in (PageStage.PREVIEW, PageStage.CLEAN):
        at = await arrived(center, first, stage)
        found.append((KINDS[stage], len(getattr(pictures, KINDS[stage])), at - begin))
        begin = at
    await asyncio.sleep(UNDER_WAY_S)
    beside = time.monotonic()
    spool.put(second, others)
    delivery.wake()
    at = await arrived(center, second, PageStage.PREVIEW)
    found.append(("preview, an original on its way", len(others.preview), at - beside))
    return found


async def one(loss: float, folder: Path) -> None:
    settings = settings_for(folder)
    await seed(settings)
    async with Center(settings, host="0.0.0.0") as center, hall() as place:
        call = await accepted(center)
        spool = Spool(Vault(folder / "spool", bytes(32), RealDisk()), 10**9, 0)
        spool.open_visit("v1")
        spool.promise("v1", call.consultation_id)
        line = Condition(rate_bps=RATE_BPS, queue_bytes=25_000, delay_s=DELAY_S, loss=loss)
        place.wire.set(line)
        async with delivering(spool, center, place, call) as delivery:
            found = await sent(delivery, spool, center)
        async with bare(place) as put:
            print(f"{RATE_BPS / 1000:.0f} kbit/s, {DELAY_S * 1000:.0f} ms, {loss:.0%} lost")
            for what, size, took in found:
                print(row(what, size, took, await put(size)), flush=True)


async def measure(losses: tuple[float, ...]) -> None:
    for loss in losses:
        with tempfile.TemporaryDirectory() as folder:
            await one(loss, Path(folder))


if __name__ == "__main__":
    asked = tuple(float(text) / 100 for text in sys.argv[1:])
    asyncio.run(measure(asked or LOSSES))
