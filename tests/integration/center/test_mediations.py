"""A mediation over the wire: who comes in, who connects to whom, what nobody else may do."""

import pytest

from center.app import STORE
from center.commands.verify_log import verify
from center.domain.rules import Rules
from tests.integration.center.conftest import Center
from tests.integration.center.hearing import (
    TITLE,
    Together,
    come,
    convened,
    enter,
    gathered,
    room_of,
)

ALL = ["desk.video", "face.audio", "face.video"]
TALK = ["face.audio", "face.video"]


@pytest.fixture
async def together(center: Center) -> Together:
    return await gathered(center)


async def test_everybody_waits_apart_and_is_admitted_one_by_one(center: Center) -> None:
    hearing = await convened(center)
    zhang = await come(hearing, "K01", "张三")
    waiting = await zhang.until(lambda m: m["state"] == "scheduled")
    assert (waiting["title"], waiting["you"]) == (TITLE, zhang.seat["seat_id"])
    refused = await zhang.socket.ask("room.join", room_id=hearing.mediation_id, page_session="x")
    assert refused["code"] == "not_in_room"
    await hearing.act("open")
    refused = await zhang.socket.ask("room.join", room_id=hearing.mediation_id, page_session="x")
    assert refused["code"] == "not_in_room"
    await enter(zhang, "K01")
    view = await hearing.view(lambda m: m["seats"][1]["state"] == "admitted")
    inside = view["seats"]
    assert [seat["state"] for seat in inside] == ["admitted", "admitted"]
    assert inside[1]["place"]


async def four_connect_each_to_each(together: Together) -> None:
    seen = await room_of(together.zhang.socket, "piao", "jin", "K02")
    assert seen == {"staff:piao": ALL, "staff:jin": TALK, "kiosk:K02": TALK}
    heard = await room_of(together.interpreter, "piao", "K01", "K02")
    assert heard["kiosk:K01"] == ["face.video"], "he does not listen to her"
    assert heard["kiosk:K02"] == TALK


async def a_side_room_is_cut_off(together: Together) -> None:
    hearing, zhang, li = together.hearing, together.zhang, together.li
    await room_of(li.socket, "piao", "jin", "K01")
    await hearing.act("open_side", seat_id=zhang.seat["seat_id"])
    assert set(await room_of(zhang.socket, "piao")) == {"staff:piao"}
    assert set(await room_of(li.socket, "jin")) == {"staff:jin"}
    told = await li.until(lambda m: m["side"] is not None)
    assert [seat["apart"] for seat in told["seats"]] == [True, True, False, False]
    room = {"room_id": hearing.mediation_id}
    for to in ("staff:piao", "kiosk:K01"):
        refused = await li.socket.ask("room.signal", **room, to=to, payload="listen")
        assert refused["code"] == "not_in_room"
    await zhang.socket.do("room.signal", **room, to="staff:piao", payload="between us")
    assert (await hearing.staff.until("room.signalled"))["payload"] == "between us"
    await hearing.act("close_side")
    assert len(await room_of(li.socket, "piao", "jin", "K01")) == 3


async def a_protected_person_is_seen_by_the_mediator(
    together: Together,
) -> None:
    hearing, zhang, li = together.hearing, together.zhang, together.li
    seat_id = zhang.seat["seat_id"]
    await hearing.act("protect", seat_id=seat_id, protection="seen_by_mediator")
    sent = await room_of(zhang.socket, "piao", "jin", "K02")
    while sent["kiosk:K02"] == TALK:
        sent = await room_of(zhang.socket, "piao", "jin", "K02")
    assert sent["staff:piao"] == ALL
    assert sent["kiosk:K02"] == sent["staff:jin"] == ["face.audio"]
    told = await li.until(lambda m: m["seats"][1]["protection"] == "seen_by_mediator")
    assert (told["seats"][1]["name"], told["seats"][1]["place"]) == ("", "")
    view = await hearing.view(lambda m: m["seats"][1]["protection"] == "seen_by_mediator")
    assert view["seats"][1]["name"] == "张三"
    names = {
        p["name"] for f in li.socket.seen if f["type"] == "room.state" for p in f["room"]["peers"]
    }
    assert names == {""}


async def codes_and_the_draft_are_the_mediators(together: Together) -> None:
    clauses = [{"first": "还款一万元。", "second": None}]
    await together.hearing.act("save_draft", clauses=clauses)
    await together.hearing.act("lock", on=True)
    told = await together.li.until(lambda m: m["locked"])
    assert told["draft"] == []
    assert [bool(seat["code"]) for seat in told["seats"]] == [False, False, True, False]
    mine = await together.hearing.view(lambda m: m["locked"])
    assert mine["draft"] == clauses


async def only_the_mediator_leads(together: Together) -> None:
    hearing, zhang = together.hearing, together.zhang
    for do, fields in (
        ("end", {}),
        ("admit", {"seat_id": zhang.seat["seat_id"]}),
        ("open_side", {"seat_id": zhang.seat["seat_id"]}),
        ("propose", {"clauses": [{"first": "x"}]}),
    ):
        refused = await together.interpreter.ask("mediation.act", **hearing.of(do, **fields))
        assert refused["code"] == "forbidden"
        refused = await zhang.act(do, **fields)
        assert refused["code"] == "unknown_type", "a kiosk knows no such act"
    stranger = await (await hearing.center.sign_in("li")).connect()
    refused = await stranger.ask("mediation.act", **hearing.of("raise_hand"))
    assert refused["code"] == "not_found"
    person = await hearing.center.sign_in("jin")
    body = {"title": "x", "matter": "debt", "language": "zh"}
    await person.post("/api/mediations", body, status=403)


async def another_kiosk_is_nobody_here(together: Together) -> None:
    stranger = await (await together.hearing.center.device("K03")).connect()
    refused = await stranger.ask("mediation.act", **together.hearing.of("unmute"))
    assert refused["code"] == "not_found"


async def test_a_code_is_not_to_be_guessed(center: Center) -> None:
    hearing = await convened(center)
    seat = await hearing.invite("张三")
    socket = await (await center.device("K01")).connect()
    wrong = f"{(int(seat['code']) + 1) % 1_000_000:06d}"
    for _ in range(5):
        refused = await socket.ask("mediation.join", number=hearing.number, code=wrong)
        assert refused["code"] == "not_found"
    refused = await socket.ask("mediation.join", number=hearing.number, code=seat["code"])
    assert refused["code"] == "locked_out"


async def who_takes_part_is_there_for_no_resident(together: Together) -> None:
    mediator, interpreter = together.hearing.staff, together.interpreter
    for socket in (mediator, interpreter):
        refused = await socket.ask("duty.set", state="available")
        assert refused["code"] == "conflict"
    assert (await mediator.ask("queue.take", consultation_id=None))["code"] == "conflict"


async def a_restart_changes_nothing(together: Together) -> None:
    center = together.hearing.center
    before = await together.hearing.view(lambda m: m["agreement"] is not None)
    await center.stop()
    await center.start()
    staff = await (await center.sign_in("piao")).connect()
    told = (await staff.until("mediations.state"))["mediations"][0]
    assert told == before
    room = {"room_id": together.hearing.mediation_id}
    await staff.do("room.join", **room, page_session="page-piao")


async def the_log_tells_the_row_and_no_names(together: Together) -> None:
    clauses = [{"first": "甲方还款。", "second": None}]
    await together.hearing.act("propose", clauses=clauses)
    async with together.hearing.center.app[STORE].works() as uow:
        events = await uow.events.of(f"mediation:{together.hearing.mediation_id}")
    told = str([event.data for event in events])
    assert "propose" in {event.type[:7] for event in events}
    for secret in ("张三", "还款", TITLE, together.zhang.seat["code"]):
        assert secret not in told
    _, faults = await verify(together.hearing.center.app[STORE].works, Rules())
    assert faults == []


POINT = {
    "mos": 4.3, "loss": 0.01, "round_trip_ms": 40, "jitter_ms": 3, "received_kbps": 300,
    "sent_kbps": 300, "freezes": 0, "frozen_ms": 0, "level": "good",
}  # fmt: skip


async def every_line_of_the_room_is_kept_once(together: Together) -> None:
    hearing, zhang, li = together.hearing, together.zhang, together.li
    frame = {
        "mediation_id": hearing.mediation_id, "page_session": "page-K01", "number": 1,
        "at": "2026-11-21T02:05:00Z", "points": [POINT, POINT | {"level": "weak"}],
    }  # fmt: skip
    engine = f"engine:{hearing.mediation_id}"
    for peer in ("kiosk:K02", "kiosk:K02", "staff:piao", engine, "kiosk:K09"):
        await zhang.socket.do("mediation.quality", **frame, peer_id=peer)
    person = await hearing.center.sign_in("piao")
    path = f"/api/mediations/{hearing.mediation_id}/quality"
    seats = {seat["seat_id"]: seat for seat in (await person.get(path))["seats"]}
    told = seats.pop(zhang.seat["seat_id"])
    figures = {line["towards"]: line["figures"] for line in told["lines"]}
    assert set(figures) == {li.seat["seat_id"], "engine", "mediator"}
    assert {(one["seconds"], one["weak"]) for one in figures.values()} == {(4.0, 0.5)}
    assert (told["role"], told["figures"]["seconds"], told["figures"]["weak"]) == ("party", 12, 0.5)
    assert [moment["level"] for moment in told["curve"]] == ["good", "weak"]
    assert not any(seat["figures"] or seat["curve"] or seat["lines"] for seat in seats.values())


async def the_office_sees_how_the_lines_were_and_no_names(together: Together) -> None:
    hearing = together.hearing
    office = await hearing.center.sign_in("zhao")
    (row,) = (await office.get("/api/mediation-usage"))["rows"]
    told = await office.get(f"/api/mediations/{hearing.mediation_id}/quality")
    assert (row["mediation_id"], row["state"], row["seats"]) == (hearing.mediation_id, "open", 4)
    assert (row["figures"]["seconds"], row["figures"]["weak"]) == (12, 0.5)
    for secret in ("张三", TITLE, together.zhang.seat["code"]):
        assert secret not in str(row) + str(told)


async def nobody_without_a_seat_tells_or_reads_of_its_lines(together: Together) -> None:
    hearing = together.hearing
    stranger = await (await hearing.center.device("K03")).connect()
    frame = {
        "mediation_id": hearing.mediation_id, "peer_id": "kiosk:K01", "page_session": "p",
        "number": 1, "at": "2026-11-21T02:05:00Z", "points": [POINT],
    }  # fmt: skip
    refused = await stranger.ask("mediation.quality", **frame)
    assert refused["code"] == "forbidden"
    li = await hearing.center.sign_in("li")
    await li.get(f"/api/mediations/{hearing.mediation_id}/quality", status=403)


async def test_a_hearing_from_the_first_word_to_the_last(together: Together) -> None:
    """One city for all of it: making one takes longer than any of these."""
    await four_connect_each_to_each(together)
    await only_the_mediator_leads(together)
    await another_kiosk_is_nobody_here(together)
    await who_takes_part_is_there_for_no_resident(together)
    await every_line_of_the_room_is_kept_once(together)
    await the_office_sees_how_the_lines_were_and_no_names(together)
    await nobody_without_a_seat_tells_or_reads_of_its_lines(together)
    await a_side_room_is_cut_off(together)
    await a_protected_person_is_seen_by_the_mediator(together)
    await codes_and_the_draft_are_the_mediators(together)
    await the_log_tells_the_row_and_no_names(together)
    await a_restart_changes_nothing(together)
