"""Request, offer, accept, room, signals; and what nobody else may do."""

from functools import partial
from pathlib import Path

from pydantic import SecretStr

from config.settings import MediaSettings, TurnServer
from tests.integration.center.conftest import REQUEST, Call, Center, Frame, accepted, settings_for


async def test_a_request_becomes_a_talk(center: Center, call: Call) -> None:
    await call.join()
    room = await call.kiosk.until("room.state", lambda f: bool(f["room"]["peers"][0]["online"]))
    assert room["room"]["you"] == "kiosk:K01"
    assert room["room"]["peers"][0] == {
        "peer_id": "staff:jin",
        "role": "staff",
        "name": room["room"]["peers"][0]["name"],
        "page_session": "s-1",
        "online": True,
        "polite": True,
        "send": ["desk.video", "face.audio", "face.video"],
    }
    await call.talk()
    state = await call.kiosk.until(
        "consultation.state", lambda f: f["consultation"]["state"] == "active"
    )
    assert state["consultation"]["lawyer"]["staff_id"] == "jin"


async def test_signals_pass_between_the_peers_of_a_room(call: Call) -> None:
    await call.join()
    room = {"room_id": call.consultation_id}
    await call.staff.do("room.signal", **room, to="kiosk:K01", payload="offer")
    heard = await call.kiosk.until("room.signalled")
    assert (heard["sender"], heard["payload"]) == ("staff:jin", "offer")
    await call.kiosk.do("room.signal", **room, to="staff:jin", payload="answer")
    assert (await call.staff.until("room.signalled"))["payload"] == "answer"


async def test_while_it_rings_the_pages_connect_and_the_room_is_not_open(center: Center) -> None:
    kiosk = await (await center.device()).connect()
    await kiosk.do("consultation.request", **REQUEST)
    waiting = await kiosk.shows("room.state")
    assert (waiting["room"]["open"], waiting["room"]["peers"]) == (False, [])
    room = {"room_id": waiting["room"]["room_id"]}
    await kiosk.do("room.join", **room, page_session="k-1")
    staff = await center.on_duty()
    seen = await staff.shows("room.state", lambda f: f["room"]["peers"][0]["online"])
    assert (seen["room"]["open"], seen["room"]["peers"][0]["page_session"]) == (False, "k-1")
    await staff.do("room.join", **room, page_session="s-1")
    await kiosk.until("room.state", lambda f: f["room"]["peers"] != [])
    await staff.do("room.signal", **room, to="kiosk:K01", payload="offer")
    heard = await kiosk.until("room.signalled")
    assert heard["payload"] == "offer"
    assert not any(f["room"]["open"] for f in kiosk.seen if f["type"] == "room.state")
    await staff.do("offer.accept", consultation_id=room["room_id"])
    await kiosk.until("room.state", lambda f: bool(f["room"]["open"]))


async def test_a_lawyer_who_lets_it_ring_is_out_of_the_room(center: Center) -> None:
    kiosk = await (await center.device()).connect()
    await kiosk.do("consultation.request", **REQUEST)
    staff = await center.on_duty()
    ringing = await staff.shows("room.state")
    await staff.do("offer.decline", consultation_id=ringing["room"]["room_id"])
    room = {"room_id": ringing["room"]["room_id"]}
    assert (await staff.shows("room.closed"))["room_id"] == room["room_id"]
    refused = await staff.ask("room.signal", **room, to="kiosk:K01", payload="late")
    assert refused["code"] == "not_in_room"


async def test_strangers_hear_and_say_nothing(center: Center, call: Call) -> None:
    await call.join()
    room = {"room_id": call.consultation_id}
    stranger = await (await center.sign_in("li")).connect()
    for frame in (
        {"kind": "room.join", "page_session": "x"},
        {"kind": "room.signal", "to": "kiosk:K01", "payload": "hello"},
        {"kind": "room.absent"},
    ):
        assert (await stranger.ask(**frame, **room))["code"] == "not_in_room"
    refused = await call.staff.ask("room.signal", **room, to="staff:li", payload="x")
    assert refused["code"] == "not_in_room"
    media = await stranger.ask("media.report", consultation_id=call.consultation_id, state="failed")
    assert media["code"] == "forbidden"
    assert "room.state" not in {frame["type"] for frame in stranger.seen}


async def test_an_absent_peer_is_named_absent(call: Call) -> None:
    room = {"room_id": call.consultation_id}
    await call.staff.do("room.join", **room, page_session="s-1")
    refused = await call.staff.ask("room.signal", **room, to="kiosk:K01", payload="x")
    assert refused["code"] == "peer_absent"


async def test_a_cut_socket_keeps_the_page_and_shows_it_offline(call: Call) -> None:
    await call.join()
    await call.kiosk.ws.close()
    room = await call.staff.until("room.state", lambda f: not f["room"]["peers"][0]["online"])
    assert room["room"]["peers"][0]["page_session"] == "k-1"
    back = await call.device.connect(last_seq=room["seq"])
    await back.until("room.state")
    await back.do("room.join", room_id=call.consultation_id, page_session="k-1")
    room = await call.staff.until("room.state", lambda f: f["room"]["peers"][0]["online"])
    assert room["room"]["peers"][0]["page_session"] == "k-1"


async def test_every_coming_and_going_is_pushed_to_everybody(call: Call) -> None:
    """Two changes of presence in a row, with nothing else between them, are two pushes."""
    await call.join()
    await call.staff.do("room.join", room_id=call.consultation_id, page_session="s-2")
    await call.kiosk.until("room.state", lambda f: f["room"]["peers"][0]["page_session"] == "s-2")
    await call.staff.do("room.join", room_id=call.consultation_id, page_session="s-3")
    await call.kiosk.until("room.state", lambda f: f["room"]["peers"][0]["page_session"] == "s-3")


async def test_hanging_up_closes_the_room_for_both(call: Call) -> None:
    await call.join()
    await call.talk()
    await call.kiosk.do("consultation.hang_up", consultation_id=call.consultation_id)
    for socket in (call.kiosk, call.staff):
        closed = await socket.shows("room.closed")
        assert closed["room_id"] == call.consultation_id
    await call.kiosk.do("consultation.rate", consultation_id=call.consultation_id, score=5)
    await call.staff.do(
        "consultation.file",
        consultation_id=call.consultation_id,
        advice="可投诉",
        notes="",
        outcome="advice",
    )
    done = await call.staff.shows("consultation.state", lambda f: f["consultation"] is None)
    assert done["seq"] > 0


async def test_the_lawyer_asks_for_a_sharp_picture(call: Call) -> None:
    await call.join()
    await call.talk()
    await call.staff.do("desk.capture", consultation_id=call.consultation_id)
    asked = await call.kiosk.until("desk.capture_asked")
    assert asked["consultation_id"] == call.consultation_id


async def test_a_repeated_request_changes_nothing(center: Center) -> None:
    device = await center.device()
    kiosk = await device.connect()
    await kiosk.do("consultation.request", **REQUEST)
    first = await kiosk.shows("consultation.state")
    await kiosk.do("consultation.request", **REQUEST)
    again = await device.connect()
    state = await again.until("consultation.state")
    assert state["consultation"]["number"] == first["consultation"]["number"]


async def test_supervisors_watch_and_do_not_act(center: Center) -> None:
    socket = await (await center.sign_in("zhao")).connect()
    await socket.do("ping")
    for kind, fields in (
        ("duty.set", {"state": "available"}),
        ("queue.take", {"consultation_id": None}),
    ):
        assert (await socket.ask(kind, **fields))["code"] == "forbidden"


async def test_who_waits_is_pushed_to_lawyers_and_the_hall_to_kiosks(center: Center) -> None:
    device, other = await center.device("K01"), await center.device("K02")
    kiosk, bystander = await device.connect(), await other.connect()
    staff = await (await center.sign_in("li")).connect()
    await kiosk.do("consultation.request", **REQUEST)
    queue = await staff.until("queue.state", lambda f: bool(f["rows"]))
    assert [row["called_as"] for row in queue["rows"]] == ["老王"]
    hall = await bystander.until("hall.state", lambda f: f["hall"]["waiting"] == 1)
    assert hall["hall"]["lawyers_on_duty"] == 0
    assert "consultation.state" not in {frame["type"] for frame in bystander.seen}


async def test_relay_credentials_are_renewed_in_a_call_that_lasts(data: Path) -> None:
    relay = TurnServer(urls=("turn:t.example",), secret=SecretStr("known to this coturn"))
    media = MediaSettings(turn=(relay,), turn_credential_s=2, relay_only=True)
    settings = settings_for(data).model_copy(update={"media": media})
    async with Center(settings) as center:
        call = await accepted(center)
        for side in (call.kiosk, call.staff):
            first = (await side.until("room.state", lambda f: bool(f["room"]["open"])))["room"]
            assert first["ice_transport_policy"] == "relay"
            await side.until("room.state", partial(_renewed, first["ice_servers"]))


def _renewed(before: list[Frame], frame: Frame) -> bool:
    (old,), (new,) = before, frame["room"]["ice_servers"]
    same_peer = old["username"].partition(":")[2] == new["username"].partition(":")[2]
    return bool(same_peer and old["credential"] != new["credential"])
