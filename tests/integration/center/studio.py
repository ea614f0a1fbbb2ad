"""A mediator and a party who talk through a server of Janus that may record."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from config.settings import MediaSettings, Settings
from tests.integration.center.conftest import Center, Frame, Socket, settings_for
from tests.integration.center.hearing import Hearing, Resident, come, convened
from tests.integration.center.test_engine import FACE, SOUND, more
from tests.support.janus import JanusProcess
from tests.support.patience import PATIENCE
from tests.support.room_page import RoomPage

PARTY, MEDIATOR = "kiosk:K01", "staff:piao"
FILES = 4
"""Sound and picture of both."""


@dataclass
class Studio:
    """Both of them in one room, the server, and the folder into which it records."""

    hearing: Hearing
    party: Resident
    pages: dict[str, RoomPage]
    server: JanusProcess
    folder: Path

    async def state(self, state: str, **more: Any) -> Frame:
        """The recording as the mediator sees it, once it is so."""
        wanted = {"state": state, **more}
        view = await self.hearing.view(lambda m: m["recording"] | wanted == m["recording"])
        shown: Frame = view["recording"]
        return shown

    async def agree(self) -> str:
        """The recording's id."""
        await self.hearing.act("ask_recording")
        recording_id = str((await self.state("asked"))["recording_id"])
        await self.says("answer_recording", recording_id=recording_id, agreed=True)
        await self.state("running")
        return recording_id

    async def says(self, do: str, **fields: Any) -> None:
        """The party's page reads the socket that this goes over."""
        await self.party.socket.post("mediation.act", **self.hearing.of(do, **fields))

    async def talk(self, packets: int = 40) -> None:
        """So much of each other's sound and picture arrives from now on."""
        async with asyncio.timeout(PATIENCE):
            for page, other in ((self.pages[MEDIATOR], PARTY), (self.pages[PARTY], MEDIATOR)):
                before = page.packets()
                before[other, SOUND] += packets
                await page.until(more(page, {(other, SOUND), (other, FACE)}, before))

    def sizes(self, reel_id: str) -> dict[str, int]:
        """Bytes of each file of a reel that the server has not closed."""
        return {path.name: path.stat().st_size for path in self.folder.glob(f"{reel_id}.*.tmp")}

    async def kept(self, reel_id: str) -> None:
        """The server keeps, from now on, sound and picture of both in this reel."""
        before = self.sizes(reel_id)

        def grown(_: RoomPage) -> bool:
            now = self.sizes(reel_id)
            return len(now) == FILES and all(now[name] > before.get(name, 0) for name in now)

        async with asyncio.timeout(PATIENCE):
            await self.pages[PARTY].until(grown)


def recording_settings(data: Path, server: JanusProcess, folder: Path) -> Settings:
    """Those of a center whose mediations all go through this server."""
    known = server.settings().model_copy(update={"recordings": folder})
    media = MediaSettings(janus=(known,), mesh_people=1)
    return settings_for(data).model_copy(update={"media": media})


async def gathered(stack: AsyncExitStack, center: Center, server: JanusProcess) -> Studio:
    """Both with a page, nobody was asked yet."""
    hearing = await convened(center)
    await hearing.act("open")
    party = await come(hearing, "K01", "张三")
    await hearing.act("admit", seat_id=party.seat["seat_id"])
    (known,) = center.settings.media.janus
    assert known.recordings is not None
    pages = await _pages(stack, hearing, party.socket)
    return Studio(hearing, party, pages, server, known.recordings)


async def returned(stack: AsyncExitStack, before: Studio, center: Center) -> Studio:
    """The same with the next center."""
    staff = await (await center.sign_in("piao")).connect()
    hearing = replace(before.hearing, center=center, staff=staff)
    device = await center.device("K01")
    party = Resident(hearing, device, await device.connect(), before.party.seat)
    return replace(
        before, hearing=hearing, party=party, pages=await _pages(stack, hearing, party.socket)
    )


async def _pages(stack: AsyncExitStack, hearing: Hearing, kiosk: Socket) -> dict[str, RoomPage]:
    staff = await (await hearing.center.sign_in("piao")).connect()
    return {
        peer: await stack.enter_async_context(RoomPage(socket, hearing.mediation_id, peer))
        for peer, socket in ((MEDIATOR, staff), (PARTY, kiosk))
    }
