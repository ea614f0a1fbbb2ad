"""A recorded room on real Janus: what it keeps becomes the same sealed files as our recorder's."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import pytest

from center.realtime.recorder.engine_session import EngineSession
from config.settings import MediaSettings
from tests.integration.center.conftest import Center, Frame, Person, settings_for
from tests.integration.center.hearing import Hearing, Resident, come, convened
from tests.integration.center.recorded import PATIENCE, Seals, held_back
from tests.integration.center.test_engine import FACE, SOUND, more
from tests.support.janus import JanusProcess, janus
from tests.support.room_page import RoomPage

PARTY, MEDIATOR = "kiosk:K01", "staff:piao"


@dataclass
class Studio:
    """A mediator and a party who talk through a server that may record."""

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

    async def kept(self, reel_id: str) -> None:
        """The server keeps sound and picture of both in this reel."""
        files = f"{reel_id}.*"
        async with asyncio.timeout(PATIENCE):
            await self.pages[PARTY].until(lambda _: len([*self.folder.glob(files)]) == 4)


@pytest.fixture
def seals(monkeypatch: pytest.MonkeyPatch) -> Seals:
    return Seals.watch(monkeypatch)


@pytest.fixture
async def studio(data: Path, tmp_path: Path) -> AsyncIterator[Studio]:
    folder = tmp_path / "kept"
    async with AsyncExitStack() as stack:
        (server,) = await stack.enter_async_context(janus(tmp_path, 1))
        known = server.settings().model_copy(update={"recordings": folder})
        media = MediaSettings(janus=(known,), mesh_people=1)
        settings = settings_for(data).model_copy(update={"media": media})
        hearing = await convened(await stack.enter_async_context(Center(settings)))
        await hearing.act("open")
        party = await come(hearing, "K01", "张三")
        await hearing.act("admit", seat_id=party.seat["seat_id"])
        own = await (await hearing.center.sign_in("piao")).connect()
        pages = {
            peer: await stack.enter_async_context(RoomPage(socket, hearing.mediation_id, peer))
            for peer, socket in ((MEDIATOR, own), (PARTY, party.socket))
        }
        yield Studio(hearing, party, pages, server, folder)


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    return held_back(monkeypatch, EngineSession)


async def test_a_room_on_a_server_is_recorded_but_for_what_is_private(
    studio: Studio, seals: Seals, hand: asyncio.Event
) -> None:
    await studio.talk(3)
    recording_id = await studio.agree()
    await studio.kept(f"{recording_id}-1")
    assert f"recorder:{recording_id}" in studio.pages[PARTY].hears_of
    await studio.talk()
    await _talk_apart(studio)
    hand.set()
    await seals.until(1)
    await studio.hearing.act("close_side")
    await studio.kept(f"{recording_id}-2")
    await studio.talk()
    await studio.says("stop_recording", recording_id=recording_id)
    assert (await studio.state("stopped"))["cause"] == "stopped"
    await seals.until(2)
    assert list(studio.folder.iterdir()) == []
    await _played(await studio.hearing.center.sign_in("piao"), recording_id)


async def _talk_apart(studio: Studio) -> None:
    """Nothing is kept any more when anybody is told that the talk is private."""
    await studio.hearing.act("open_side", seat_id=studio.party.seat["seat_id"])
    await studio.state("running", paused=True)
    assert not list(studio.folder.glob("*.tmp"))
    await studio.talk()
    assert not list(studio.folder.glob("*.tmp"))


async def _played(piao: Person, recording_id: str) -> None:
    rows = (await piao.get("/api/recordings"))["rows"]
    assert [row["reel_id"] for row in rows] == [f"{recording_id}-2", f"{recording_id}-1"]
    detail = await piao.get(f"/api/recordings/{recording_id}-1")
    kept = {(part["peer"], part["name"], *sorted(part["streams"])) for part in detail["parts"]}
    assert kept == {(PARTY, "张三", SOUND, FACE), (MEDIATOR, "朴成哲", SOUND, FACE)}
    assert all(part["whole"] for part in detail["parts"])
    moments = {moment["type"]: moment["at_s"] for moment in detail["moments"]}
    assert all(part["until_s"] < moments["side_opened"] + 1 for part in detail["parts"])
    path = f"/api/recordings/{recording_id}-1/parts/1.webm"
    async with piao.center.http.get(path, headers=piao.headers) as answer:
        plain = await answer.read()
    with av.open(io.BytesIO(plain), "r") as webm:
        assert len(list(webm.decode(video=0))) >= 5


async def test_a_server_that_is_lost_is_an_alarm(studio: Studio) -> None:
    await studio.talk(3)
    recording_id = await studio.agree()
    await studio.kept(f"{recording_id}-1")
    await studio.server.kill()
    await studio.state("running", fault="down")
    audit = await (await studio.hearing.center.sign_in("admin")).get("/api/audit")
    assert "recording.empty" not in {row["action"] for row in audit["rows"]}
