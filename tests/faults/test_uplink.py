"""Pictures on a thin line of whole packets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import ClientSession, web

from kiosk.center import Turn
from kiosk.delivery import Precedence
from kiosk.uplink import PIECE, uplink
from tests.support.line import Condition
from tests.support.line_hall import Hall, hall
from tests.support.patience import PATIENCE

THIN = Condition(rate_bps=600e3, queue_bytes=37_500, delay_s=0.15)
SMALL, LARGE, UNDER_WAY = 52_000, 2_000_000, 500_000
"""By then the large picture's connection has found out what the line takes."""
PACKET = 1500


@dataclass
class Office:
    """Takes what comes, and knows how much of the large picture has."""

    url: str = ""
    taken: int = 0
    under_way: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        async for piece in request.content.iter_any():
            if request.path == "/large":
                self.taken += len(piece)
            if self.taken >= UNDER_WAY:
                self.under_way.set()
        return web.Response()


@asynccontextmanager
async def office(place: Hall) -> AsyncIterator[Office]:
    taking, app = Office(), web.Application()
    app.router.add_put("/{what}", taking.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, place.office, 0).start()
    taking.url = f"http://{place.office}:{runner.addresses[0][1]}"
    yield taking
    await runner.cleanup()


async def put(http: ClientSession, url: str, size: int, turn: Turn) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(0, size, PIECE):
            await turn()
            yield bytes(PIECE)

    async with http.put(url, data=pieces()) as answer:
        answer.raise_for_status()


async def test_a_small_picture_beside_a_large_one_does_not_overflow_the_line() -> None:
    """None is lost on a machine with time to spare; on a busy one some packets come together."""
    precedence = Precedence()
    async with asyncio.timeout(PATIENCE), hall() as place, office(place) as there:
        place.wire.set(THIN)
        async with uplink(place.open_socket) as line:

            async def give_way() -> None:
                await precedence.turn()
                await line.room()

            await put(line.http, f"{there.url}/small", SMALL, line.pace)
            large = put(line.freight, f"{there.url}/large", LARGE, give_way)
            sending = asyncio.create_task(large)
            await there.under_way.wait()
            traffic = place.wire.out.traffic
            before = traffic.overflowed
            with precedence.first():
                await put(line.http, f"{there.url}/small", SMALL, line.pace)
                lost = traffic.overflowed - before
            assert lost * PACKET < SMALL / 5  # written at once it is a third
            sending.cancel()
            await asyncio.wait([sending])
