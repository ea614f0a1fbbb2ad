"""A recorded mediation: real center, real recorder process, talkers in the place of pages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from center.app import STORE
from center.commands.verify_log import verify
from center.domain.rules import Rules
from center.realtime.recorder.session import Session
from tests.integration.center.conftest import Center, Frame
from tests.integration.center.hearing import Hearing, Resident, come, convened, enter
from tests.integration.center.recorded import (
    Page,
    Seals,
    face_tracks,
    held_back,
    recorder_in,
)
from tests.support.patience import PATIENCE
from tests.support.talker import Talker


@pytest.fixture
def seals(monkeypatch: pytest.MonkeyPatch) -> Seals:
    return Seals.watch(monkeypatch)


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    return held_back(monkeypatch, Session)


@dataclass
class Studio:
    """A mediator and a party in a room, and two pages with something to say."""

    hearing: Hearing
    zhang: Resident
    pages: tuple[Page, Page]

    async def agree(self) -> str:
        """Asked by the mediator, answered yes by the party; the recording's id."""
        await self.hearing.act("ask_recording")
        asked = await self.zhang.until(lambda m: m["recording"]["state"] == "asked")
        assert asked["recording"]["agreed_seats"] == []
        answer = {"recording_id": asked["recording"]["recording_id"], "agreed": True}
        assert (await self.zhang.act("answer_recording", **answer))["type"] == "ack"
        return str(answer["recording_id"])

    async def state(self, state: str, **more: Any) -> Frame:
        """The recording as the mediator sees it, once it is so."""
        wanted = {"state": state, **more}
        view = await self.hearing.view(lambda m: m["recording"] | wanted == m["recording"])
        shown: Frame = view["recording"]
        return shown

    async def record(self, reel_id: str, pictures: int = 10) -> None:
        """Until both have sent so many pictures to the recorder, over connections of their own."""
        for page in self.pages:
            page.talker = Talker(*face_tracks())
            await page.meet(reel_id)
        async with asyncio.timeout(PATIENCE):
            for page in self.pages:
                await page.talker.tracks[1].until_sent(pictures)

    async def hang_up(self) -> None:
        for page in self.pages:
            await page.talker.connection.close()


async def hung_up(page: Page) -> None:
    """By the recorder: the page itself never does."""
    connection, over = page.talker.connection, asyncio.Event()
    connection.on("connectionstatechange", over.set)
    async with asyncio.timeout(PATIENCE):
        while connection.connectionState not in {"closed", "failed"}:
            await over.wait()
            over.clear()


@asynccontextmanager
async def studio(center: Center) -> AsyncIterator[Studio]:
    hearing = await convened(center)
    zhang = await come(hearing, "K01", "张三")
    await hearing.act("open")
    await enter(zhang, "K01")
    room = {"room_id": hearing.mediation_id}
    await hearing.staff.do("room.join", **room, page_session="page-piao")
    pages = (
        Page(zhang.socket, "page-K01", Talker(), hearing.mediation_id),
        Page(hearing.staff, "page-piao", Talker(), hearing.mediation_id),
    )
    at = Studio(hearing, zhang, pages)
    yield at
    await at.hang_up()


async def test_a_mediation_is_recorded_but_for_what_is_private(
    center: Center, seals: Seals, hand: asyncio.Event
) -> None:
    async with studio(center) as at:
        recording_id = await at.agree()
        running = await at.state("running")
        assert sorted(running["agreed_seats"]) == ["mediator", at.zhang.seat["seat_id"]]
        await at.record(f"{recording_id}-1")
        await _talk_apart(at)
        hand.set()
        await seals.until(1)
        await at.hearing.act("close_side")
        await at.record(f"{recording_id}-2")
        await _somebody_new_comes(center, at)
        await seals.until(2)
        await at.hearing.act("end")
    await _played(center, recording_id)


async def _talk_apart(at: Studio) -> None:
    """The pages do not obey, and keep the connections that they have; the recorder does not."""
    await at.hearing.act("open_side", seat_id=at.zhang.seat["seat_id"])
    await at.state("running", paused=True)
    assert not recorder_in(at.hearing.staff.newest("room.state"))
    for page in at.pages:
        await hung_up(page)


async def _somebody_new_comes(center: Center, at: Studio) -> None:
    li = await come(at.hearing, "K02", "李四")
    await at.state("running", paused=False)
    await enter(li, "K02")
    stopped = await at.state("stopped")
    assert (stopped["cause"], stopped["may_ask"]) == ("newcomer", True)
    told = await li.until(lambda m: m["recording"]["state"] == "stopped")
    assert told["recording"]["may_ask"] is False
    assert (await li.act("ask_recording"))["code"] == "unknown_type"


async def _played(center: Center, recording_id: str) -> None:
    piao = await center.sign_in("piao")
    rows = (await piao.get("/api/recordings"))["rows"]
    assert [row["reel_id"] for row in rows] == [f"{recording_id}-2", f"{recording_id}-1"]
    assert {(row["number"][:3], row["title"]) for row in rows} == {("TJ-", "张三与李四借款纠纷")}
    first = await piao.get(f"/api/recordings/{recording_id}-1")
    assert {(part["peer"], part["name"]) for part in first["parts"]} == {
        ("kiosk:K01", "张三"),
        ("staff:piao", "朴成哲"),
    }
    moments = {moment["type"]: moment for moment in first["moments"]}
    assert list(moments)[:3] == ["recording_asked", "recording_answered", "side_opened"]
    assert moments["side_opened"]["name"] == "张三"
    assert all(part["until_s"] < moments["side_opened"]["at_s"] + 1 for part in first["parts"])
    second = await piao.get(f"/api/recordings/{recording_id}-2")
    types = {moment["type"] for moment in second["moments"]}
    assert types >= {"side_closed", "arrived", "admitted"}
    await _others(center, f"/api/recordings/{recording_id}-1")
    _, faults = await verify(center.app[STORE].works, Rules())
    assert faults == []


async def _others(center: Center, path: str) -> None:
    """A lawyer has nothing to do with it; a supervisor looks into complaints."""
    li, zhao = await center.sign_in("li"), await center.sign_in("zhao")
    assert (await li.get("/api/recordings"))["rows"] == []
    await li.get(path, 403)
    await zhao.get(path)
    audit = await (await center.sign_in("admin")).get("/api/audit")
    assert "staff:zhao" in {
        row["actor"] for row in audit["rows"] if row["action"] == "read.recording"
    }


async def test_a_party_refuses_and_another_time_stops(center: Center) -> None:
    async with studio(center) as at:
        await at.hearing.act("ask_recording")
        asked = await at.zhang.until(lambda m: m["recording"]["state"] == "asked")
        question = {"recording_id": asked["recording"]["recording_id"]}
        await at.zhang.act("answer_recording", **question, agreed=False)
        assert (await at.state("stopped"))["cause"] == "refused"
        await at.zhang.until(lambda m: m["recording"]["state"] == "stopped")
        recording_id = await at.agree()
        await at.state("running")
        await at.zhang.act("stop_recording", recording_id=recording_id)
        assert (await at.state("stopped"))["cause"] == "stopped"


async def test_nobody_heard_is_an_alarm_for_those_of_the_center(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("center.realtime.recorder.alarm.PATIENCE_S", 0.2)
    monkeypatch.setattr("center.realtime.recorder.alarm.LOOK_EVERY_S", 0.1)
    async with studio(center) as at:
        await at.agree()
        await at.state("running", fault="silent")
        told = [f["mediation"] for f in at.zhang.socket.seen if f["type"] == "mediation.state"]
        assert all(view["recording"]["fault"] is None for view in told if view)
