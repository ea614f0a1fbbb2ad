"""The center stops and starts on the same database: same state, same log, everybody back."""

import asyncio
from pathlib import Path

from center.app import STORE
from center.commands.verify_log import verify
from center.domain.rules import Rules
from tests.integration.center.conftest import REQUEST, Call, Center, settings_for
from tests.support.patience import PATIENCE

SHOWN = ["sheet.state", "room.state", "mediation.state", "hall.state"]
"""What a kiosk in a talk is told after its consultation."""


async def test_a_talk_survives_a_restart_of_the_center(center: Center, call: Call) -> None:
    await call.join()
    await call.talk()
    active = await call.kiosk.until(
        "consultation.state", lambda f: f["consultation"]["state"] == "active"
    )
    seq = await center.head_seq()
    async with asyncio.timeout(PATIENCE):
        await center.stop()
    for socket in (call.kiosk, call.staff):
        assert await socket.closed() == 1001
    await center.start()

    kiosk = await call.device.connect(last_seq=active["seq"])
    room = await kiosk.until("room.state")
    assert room["room"]["peers"][0]["page_session"] is None
    staff = await (await center.sign_in("jin")).connect(last_seq=seq)
    mine = await staff.until("consultation.state")
    assert mine["consultation"]["state"] == "active"
    await kiosk.do("room.join", room_id=call.consultation_id, page_session="k-1")
    await staff.do("room.join", room_id=call.consultation_id, page_session="s-1")
    await staff.do("room.signal", room_id=call.consultation_id, to="kiosk:K01", payload="again")
    assert (await kiosk.until("room.signalled"))["payload"] == "again"
    _, faults = await verify(center.app[STORE].works, Rules())
    assert faults == []


async def test_what_changed_while_a_kiosk_was_away_comes_after_its_welcome(
    center: Center,
) -> None:
    device = await center.device()
    kiosk = await device.connect()
    await kiosk.do("consultation.request", **REQUEST)
    waiting = await kiosk.shows("consultation.state")
    await kiosk.ws.close()
    staff = await center.on_duty()
    offer = await staff.shows("consultation.offer", lambda f: f["offer"] is not None)
    await staff.do("offer.accept", consultation_id=offer["offer"]["consultation_id"])
    back = await device.connect(last_seq=waiting["seq"])
    welcome = back.newest("welcome")
    assert welcome["resumed"] is True
    assert (await back.next())["type"] == "consultation.state"
    assert back.seen[-1]["consultation"]["state"] == "connecting"
    assert [(await back.next())["type"] for _ in SHOWN] == SHOWN


async def test_an_unchanged_consultation_is_not_sent_again(center: Center, call: Call) -> None:
    seq = await center.head_seq()
    back = await call.device.connect(last_seq=seq)
    online = await center.head_seq()
    assert online >= seq
    assert [(await back.next())["type"] for _ in SHOWN] == SHOWN


async def test_a_client_from_another_log_gets_everything(center: Center) -> None:
    device = await center.device()
    kiosk = await device.connect(last_seq=10**9)
    assert kiosk.newest("welcome")["resumed"] is False
    await kiosk.until("hall.state")


async def test_changes_during_the_welcome_are_never_lost(center: Center) -> None:
    device = await center.device()
    lawyers = [await (await center.sign_in(name)).connect() for name in ("jin", "li")]
    for round_ in range(5):
        state = "available" if round_ % 2 == 0 else "off"
        async with asyncio.TaskGroup() as tasks:
            connecting = tasks.create_task(device.connect())
            for one in lawyers:
                tasks.create_task(one.do("duty.set", state=state))
        free = 2 if state == "available" else 0
        kiosk = connecting.result()
        while (await kiosk.until("hall.state"))["hall"]["lawyers_free"] != free:
            pass


async def test_deadlines_go_on_after_a_restart(data: Path) -> None:
    async with Center(settings_for(data, queue={"offer_s": 1.0})) as center:
        device = await center.device()
        kiosk = await device.connect()
        staff = await center.on_duty()
        await kiosk.do("consultation.request", **REQUEST)
        await staff.until("consultation.offer", lambda f: f["offer"] is not None)
        await center.stop()
        await center.start()
        staff = await (await center.sign_in("jin")).connect()
        missed = await staff.until("duty.state", lambda f: f["duty"]["missed"] >= 1)
        assert missed["duty"]["state"] in ("available", "offered", "away")


async def test_the_fleet_is_offline_after_a_restart_until_it_is_back(center: Center) -> None:
    device = await center.device()
    await device.connect()
    await center.stop()
    await center.start()
    person = await center.sign_in("zhao")
    assert not any(k["online"] for k in (await person.get("/api/kiosks"))["kiosks"])
    back = await device.connect()
    online = [k["kiosk_id"] for k in (await person.get("/api/kiosks"))["kiosks"] if k["online"]]
    assert online == ["K01"]
    await back.ws.close()
