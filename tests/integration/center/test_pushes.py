"""Who is told what when something happens to somebody else."""

import asyncio
import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web

from center.protocol.papers import PapersView
from center.protocol.views import ConsultationView, HallView
from center.realtime import pushes
from center.services.office import Terminal
from center.services.views import Views
from center.store import engine
from center.store.repositories.people import SqlTerminals
from tests.integration.center.conftest import (
    REQUEST,
    Call,
    Center,
    Frame,
    accepted,
    settings_for,
)
from tests.support.patience import PATIENCE

BEAT = {
    "kiosk_time": "2026-11-22T08:00:00Z",
    "health": {
        "camera": "ok",
        "page_alive": True,
        "disk_free_mb": 10_000,
        "spool_pages": 0,
        "cpu_percent": 5,
        "memory_percent": 20,
        "uptime_s": 3600,
        "version": "test",
    },
}


def _is_at(position: int, frame: Frame) -> bool:
    place = frame["consultation"]["place"]
    return place is not None and bool(place["position"] == position)


async def test_a_place_moves_by_what_happens_to_others_and_a_talk_is_not_read_for_it(
    center: Center, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a hundred talks every ring would otherwise wait for a hundred readings."""
    await call.join()
    await call.talk()
    first, second = [await (await center.device(kiosk)).connect() for kiosk in ("K02", "K03")]
    for kiosk in (first, second):
        await kiosk.do("consultation.request", **REQUEST)
    seen = await first.shows("consultation.state")
    await second.shows("consultation.state", lambda frame: _is_at(2, frame))
    read, of_kiosk = Counter[str](), Views.of_kiosk

    async def counted(views: Views, kiosk_id: str) -> ConsultationView | None:
        read[kiosk_id] += 1
        return await of_kiosk(views, kiosk_id)

    monkeypatch.setattr(Views, "of_kiosk", counted)
    leaving = seen["consultation"]["consultation_id"]
    await first.do("consultation.leave", consultation_id=leaving)
    await second.until("consultation.state", lambda frame: _is_at(1, frame))
    assert read["K03"] >= 1
    assert read["K01"] == 0


async def test_a_call_begins_while_what_everybody_is_shown_waits(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushes, "CALM_S", 3600.0)
    kiosk, staff = await (await center.device()).connect(), await center.on_duty("jin")
    await kiosk.shows("hall.state")
    await staff.shows("queue.state")
    read, hall = Counter[str](), Views.hall

    async def counted(views: Views) -> HallView:
        read["hall"] += 1
        return await hall(views)

    monkeypatch.setattr(Views, "hall", counted)
    await kiosk.do("consultation.request", **REQUEST)
    rings = (await staff.until("consultation.offer", lambda f: f["offer"] is not None))["offer"]
    await staff.do("offer.accept", consultation_id=rings["consultation_id"])
    for end in (kiosk, staff):
        await end.shows("room.state", lambda frame: bool(frame["room"]["open"]))
    assert read["hall"] == 0


async def test_an_open_room_is_told_before_anything_else_is_read(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sound and picture wait for it, and reading for a full hall takes long."""
    done: list[str] = []
    hall, papers, send = Views.hall, Views.papers, web.WebSocketResponse.send_str

    async def read(views: Views) -> HallView:
        done.append("hall")
        return await hall(views)

    async def laid(views: Views, consultation_id: str) -> PapersView:
        done.append("papers")
        return await papers(views, consultation_id)

    async def written(socket: web.WebSocketResponse, frame: str) -> None:
        await send(socket, frame)
        if (told := json.loads(frame))["type"] == "room.state" and told["room"]["open"]:
            done.append("room")

    monkeypatch.setattr(pushes, "CALM_S", 0.0)
    kiosk, staff = await (await center.device()).connect(), await center.on_duty("jin")
    await kiosk.do("consultation.request", **REQUEST)
    rings = (await staff.until("consultation.offer", lambda f: f["offer"] is not None))["offer"]
    await staff.shows("queue.state", lambda f: [row["state"] for row in f["rows"]] == ["offered"])
    monkeypatch.setattr(Views, "hall", read)
    monkeypatch.setattr(Views, "papers", laid)
    monkeypatch.setattr(web.WebSocketResponse, "send_str", written)
    await staff.do("offer.accept", consultation_id=rings["consultation_id"])
    await staff.until("queue.state", lambda f: not f["rows"])
    assert done == ["room", "room", "papers", "papers", "hall"]


async def test_heartbeats_that_wait_for_the_disk_hold_up_no_screen(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred kiosks tell their health all the time: were they to take the calls' connections,
    nothing would be read until they are done."""
    monkeypatch.setattr(engine, "CONNECTIONS", 1)
    beating, note = asyncio.Event(), SqlTerminals.note

    async def noted(terminals: SqlTerminals, terminal: Terminal) -> None:
        beating.set()
        await note(terminals, terminal)

    async with Center(settings_for(data)) as center:
        call = await accepted(center)
        await call.kiosk.do("kiosk.heartbeat", **BEAT)
        monkeypatch.setattr(SqlTerminals, "note", noted)
        with closing(sqlite3.connect(data / "center.db")) as disk:
            disk.execute("BEGIN IMMEDIATE")
            await call.kiosk.post("kiosk.heartbeat", **BEAT)
            await asyncio.wait_for(beating.wait(), PATIENCE)
            room = {"room_id": call.consultation_id}
            await asyncio.wait_for(call.staff.do("room.join", **room, page_session="s"), PATIENCE)


async def test_what_everybody_is_shown_is_not_read_at_every_event_and_ends_true(
    center: Center, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushes, "CALM_S", 2.0)
    kiosk, other = [await (await center.device(name)).connect() for name in ("K02", "K03")]
    read, hall = Counter[str](), Views.hall

    async def counted(views: Views) -> HallView:
        read["hall"] += 1
        return await hall(views)

    monkeypatch.setattr(Views, "hall", counted)
    for visit in range(5):
        await kiosk.do("consultation.request", **REQUEST | {"client_ref": f"visit-{visit}"})
        mine = await kiosk.shows("consultation.state", lambda frame: _is_at(1, frame))
        leaving = mine["consultation"]["consultation_id"]
        await kiosk.do("consultation.leave", consultation_id=leaving)
    for resident in (kiosk, other):
        await resident.do("consultation.request", **REQUEST | {"client_ref": "last"})
    await kiosk.shows("hall.state", lambda frame: frame["hall"]["waiting"] == 2)
    await call.staff.shows("queue.state", lambda frame: len(frame["rows"]) == 2)
    assert read["hall"] < 6
