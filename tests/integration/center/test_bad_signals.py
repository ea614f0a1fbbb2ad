"""What a page that means harm, or is broken, can do to the talks of others: nothing."""

import json

from center.protocol.base import FRAME_LIMIT
from center.realtime.connection import BURST_FRAMES
from tests.integration.center.conftest import REQUEST, Call, Center


async def _second_call(center: Center) -> Call:
    device = await center.device("K02")
    kiosk, staff = await device.connect(), await center.on_duty("li")
    await kiosk.do("consultation.request", **REQUEST | {"client_ref": "visit-2"})
    offer = await staff.until("consultation.offer", lambda f: f["offer"] is not None)
    consultation_id = offer["offer"]["consultation_id"]
    await staff.do("offer.accept", consultation_id=consultation_id)
    await kiosk.until("consultation.state", lambda f: f["consultation"]["state"] == "connecting")
    return Call(consultation_id, device, kiosk, staff)


async def test_nothing_of_one_room_reaches_another(center: Center, call: Call) -> None:
    other = await _second_call(center)
    for each in (call, other):
        await each.join()
        await each.talk()
    mine, theirs = {"room_id": call.consultation_id}, {"room_id": other.consultation_id}
    secret = "v=0 ice-ufrag:of-the-first-room"
    for frame in (
        {"kind": "room.signal", **theirs, "to": "kiosk:K02", "payload": secret},
        {"kind": "room.signal", **theirs, "to": "staff:li", "payload": secret},
        {"kind": "room.signal", **mine, "to": "kiosk:K02", "payload": secret},
        {"kind": "room.join", **theirs, "page_session": "s-1"},
        {"kind": "room.absent", **theirs},
    ):
        assert (await call.staff.ask(**frame))["code"] == "not_in_room"
    await call.staff.do("room.signal", **mine, to="kiosk:K01", payload=secret)
    await call.kiosk.until("room.signalled")
    await other.staff.do("room.signal", **theirs, to="kiosk:K02", payload="their own")
    assert (await other.kiosk.until("room.signalled"))["payload"] == "their own"
    await other.kiosk.do("room.signal", **theirs, to="staff:li", payload="their own")
    assert (await other.staff.until("room.signalled"))["payload"] == "their own"
    for socket in (other.kiosk, other.staff):
        assert secret not in json.dumps(socket.seen)
        rooms = [f["room"]["room_id"] for f in socket.seen if f["type"] == "room.state"]
        assert set(rooms) == {other.consultation_id}


async def test_a_flood_hits_the_one_who_sends_it(call: Call) -> None:
    await call.join()
    room = {"room_id": call.consultation_id, "to": "kiosk:K01"}
    for n in range(BURST_FRAMES + 50):
        await call.staff.post("room.signal", **room, payload=str(n))
    await call.staff.ask("room.signal", **room, payload="the last")
    codes = [frame["type"] for frame in call.staff.seen]
    assert "error" in codes
    await call.kiosk.do("room.signal", **room | {"to": "staff:jin"}, payload="still here")
    assert (await call.staff.until("room.signalled"))["payload"] == "still here"


async def test_a_payload_as_large_as_a_book_goes_nowhere(call: Call) -> None:
    await call.join()
    room = {"room_id": call.consultation_id, "to": "kiosk:K01"}
    await call.staff.post("room.signal", **room, payload="x" * FRAME_LIMIT)
    assert (await call.staff.until("error"))["code"] == "frame_too_large"
    await call.staff.do("room.signal", **room, payload="small")
    assert (await call.kiosk.until("room.signalled"))["payload"] == "small"


async def test_what_a_replaced_window_sees_of_the_talk_counts_no_more(
    center: Center, call: Call
) -> None:
    await call.join()
    await call.talk()
    window = await (await center.sign_in("jin")).connect()
    room = {"room_id": call.consultation_id}
    await window.do("room.join", **room, page_session="s-2")
    told = await call.staff.until("room.state", lambda f: f["room"]["your_session"] == "s-2")
    assert told["room"]["peers"][0]["peer_id"] == "kiosk:K01"
    lost = {"consultation_id": call.consultation_id, "state": "lost"}
    assert (await call.staff.ask("media.report", **lost))["code"] == "not_in_room"
    await window.do("media.report", **lost)
    await window.shows("consultation.state", lambda f: f["consultation"]["state"] == "interrupted")
