"""Eight people in one room through real Janus."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from tests.integration.center.conftest import Center, Socket
from tests.integration.center.hearing import Hearing, come, convened
from tests.integration.center.test_engine import FACE, SOUND, engine_settings, more
from tests.support.janus import janus
from tests.support.patience import PATIENCE
from tests.support.room_page import RoomPage

KIOSKS = tuple(f"K{number:02}" for number in range(1, 7))
STAFF = ("staff:piao", "staff:jin")


async def _gathered(hearing: Hearing) -> dict[str, Socket]:
    """Six parties, a witness of the staff and the mediator; their sockets."""
    await hearing.act("open")
    sockets = {}
    for kiosk in KIOSKS:
        resident = await come(hearing, kiosk, f"party at {kiosk}")
        sockets[f"kiosk:{kiosk}"] = resident.socket
        await hearing.act("admit", seat_id=resident.seat["seat_id"])
    seat = await hearing.invite("lawyer", role="lawyer", staff_id="jin")
    for peer in STAFF:
        name = peer.removeprefix("staff:")
        sockets[peer] = await (await hearing.center.sign_in(name)).connect()
    await sockets["staff:jin"].do("mediation.act", **hearing.of("arrive"))
    await hearing.act("admit", seat_id=seat["seat_id"])
    return sockets


async def test_eight_people_see_and_hear_each_other(data: Path, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        servers = await stack.enter_async_context(janus(tmp_path, 1))
        center = await stack.enter_async_context(Center(engine_settings(data, servers)))
        hearing = await convened(center)
        pages = {
            peer: await stack.enter_async_context(RoomPage(socket, hearing.mediation_id, peer))
            for peer, socket in (await _gathered(hearing)).items()
        }
        async with asyncio.timeout(2 * PATIENCE):
            for peer, page in pages.items():
                others = {(o, slot) for o in pages for slot in (FACE, SOUND) if o != peer}
                await page.until(more(page, others, {}))
