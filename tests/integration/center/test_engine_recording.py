"""A recorded room on real Janus: what it keeps becomes the same sealed files as our recorder's."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import pytest

from center.realtime.recorder.engine_session import EngineSession
from config.settings import Settings
from tests.integration.center.conftest import Center, Person
from tests.integration.center.recorded import Seals, held_back
from tests.integration.center.studio import (
    MEDIATOR,
    PARTY,
    Studio,
    gathered,
    recording_settings,
    returned,
)
from tests.integration.center.test_engine import FACE, SOUND
from tests.support.janus import janus
from tests.support.processes import Process, free_port


@pytest.fixture
def seals(monkeypatch: pytest.MonkeyPatch) -> Seals:
    return Seals.watch(monkeypatch)


@pytest.fixture
async def studio(data: Path, tmp_path: Path) -> AsyncIterator[Studio]:
    async with AsyncExitStack() as stack:
        (server,) = await stack.enter_async_context(janus(tmp_path, 1))
        settings = recording_settings(data, server, tmp_path / "kept")
        center = await stack.enter_async_context(Center(settings))
        yield await gathered(stack, center, server)


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


async def test_a_server_that_keeps_nothing_is_an_alarm_and_is_tried_again(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("center.realtime.recorder.alarm.PATIENCE_S", 0.5)
    studio.folder.write_text("where it cannot write")
    await studio.talk(3)
    recording_id = await studio.agree()
    await studio.state("running", fault="silent")
    studio.folder.unlink()
    monkeypatch.setattr("center.realtime.recorder.alarm.PATIENCE_S", 600.0)
    await studio.hearing.act("retry_recording", recording_id=recording_id)
    await studio.state("running", fault="retrying")
    await studio.state("running", fault=None)


class Mortal(Center):
    """A process of its own, which dies without a word."""

    async def start(self) -> None:
        self.port = free_port()
        log = self.settings.center.data.parent / "center.log"
        env, url = _environment(self.settings, self.port), f"{self.origin}/healthz"
        self._process = Process("center", ("center", "serve"), env, log, url)
        await self._process.start()

    async def stop(self) -> None:
        await self._process.kill()


def _environment(settings: Settings, port: int) -> dict[str, str]:
    (server,) = settings.media.janus
    known = {"url": server.url, "secret": server.secret.get_secret_value()}
    return {
        "JIUJIN_DEMO": "true",
        "JIUJIN_CENTER__HOST": "127.0.0.1",
        "JIUJIN_CENTER__PORT": str(port),
        "JIUJIN_CENTER__DATA": str(settings.center.data),
        "JIUJIN_CENTER__READ_PAGES": "false",
        "JIUJIN_MEDIA__JANUS": json.dumps([known | {"recordings": str(server.recordings)}]),
        "JIUJIN_MEDIA__MESH_PEOPLE": str(settings.media.mesh_people),
    }


async def test_it_goes_on_while_the_center_is_killed_and_is_taken_over_by_the_next(
    data: Path, tmp_path: Path, seals: Seals
) -> None:
    async with AsyncExitStack() as stack:
        (server,) = await stack.enter_async_context(janus(tmp_path, 1))
        settings = recording_settings(data, server, tmp_path / "kept")
        first = await stack.enter_async_context(Mortal(settings))
        before = await gathered(stack, first, server)
        await before.talk(3)
        recording_id = await before.agree()
        await before.kept(f"{recording_id}-1")
        await first.stop()
        killed = datetime.now(UTC)
        await before.kept(f"{recording_id}-1")
        second = await stack.enter_async_context(Center(settings))
        after = await returned(stack, before, second)
        await after.kept(f"{recording_id}-2")
        await after.state("running", fault=None)
        await after.says("stop_recording", recording_id=recording_id)
        assert (await after.state("stopped"))["cause"] == "stopped"
        await seals.until(2)
        assert list(after.folder.iterdir()) == []
        piao = await second.sign_in("piao")
        assert await _ends(piao, f"{recording_id}-1") > killed


async def _ends(piao: Person, reel_id: str) -> datetime:
    """When the first of a reel's parts does; all of them are whole."""
    detail = await piao.get(f"/api/recordings/{reel_id}")
    assert {part["peer"] for part in detail["parts"]} == {PARTY, MEDIATOR}
    assert all(part["whole"] for part in detail["parts"])
    began = datetime.fromisoformat(detail["row"]["started_at"])
    return began + timedelta(seconds=min(part["until_s"] for part in detail["parts"]))
