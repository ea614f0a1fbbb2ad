"""A mediation over the wire: who comes in, who connects to whom, what nobody else may do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest

from center.app import STORE
from center.commands.verify_log import verify
from center.domain.rules import Rules
from center.protocol.mediation_acts import PHOTO_LIMIT
from center.services.clock import SystemClock
from center.services.guesses import TRIES
from tests.integration.center.conftest import Center, Device, Frame, Socket
from tests.integration.store.test_evidence import name_of, picture

TITLE = "张三与李四借款纠纷"
ALL = ["desk.video", "face.audio", "face.video"]
TALK = ["face.audio", "face.video"]


@dataclass
class Hearing:
    """The mediator's socket and the mediation it leads."""

    center: Center
    staff: Socket
    mediation_id: str
    number: str

    async def act(self, do: str, **fields: Any) -> None:
        await self.staff.do("mediation.act", **self.of(do, **fields))

    def of(self, do: str, **fields: Any) -> dict[str, Any]:
        return {"mediation_id": self.mediation_id, "act": {"do": do, **fields}}

    async def view(self, fits: Callable[[Frame], bool] = bool) -> Frame:
        """As the mediator sees it, as soon as it fits."""
        told = [f for f in self.staff.seen if f["type"] == "mediations.state"]
        newest = told[-1] if told else {"mediations": []}
        if not _fits(newest, fits):
            newest = await self.staff.until("mediations.state", lambda f: _fits(f, fits))
        view: Frame = newest["mediations"][0]
        return view

    async def invite(self, name: str, role: str = "party", **more: Any) -> Frame:
        """The seat's view, with its code."""
        await self.act("invite", **{"role": role, "name": name, "language": "zh", **more})
        view = await self.view(lambda m: m["seats"][-1]["name"] == name)
        seat: Frame = view["seats"][-1]
        return seat


def _fits(frame: Frame, fits: Callable[[Frame], bool]) -> bool:
    return bool(frame["mediations"]) and fits(frame["mediations"][0])


@dataclass
class Resident:
    """A kiosk with somebody who has a seat."""

    hearing: Hearing
    device: Device
    socket: Socket
    seat: Frame

    async def act(self, do: str, **fields: Any) -> Frame:
        return await self.socket.ask("mediation.act", **self.hearing.of(do, **fields))

    async def until(self, fits: Callable[[Frame], bool]) -> Frame:
        """The mediation as it is seen here, as soon as it fits."""
        told = [f for f in self.socket.seen if f["type"] == "mediation.state"]
        newest: Frame = told[-1] if told else {"mediation": None}
        if not (newest["mediation"] and fits(newest["mediation"])):
            newest = await self.socket.until(
                "mediation.state", lambda f: bool(f["mediation"]) and fits(f["mediation"])
            )
        view: Frame = newest["mediation"]
        return view


async def convened(center: Center) -> Hearing:
    person = await center.sign_in("piao")
    staff = await person.connect()
    body = {"title": TITLE, "matter": "debt", "language": "zh", "second_language": "ko"}
    made = await person.post("/api/mediations", body, status=201)
    return Hearing(center, staff, made["mediation_id"], made["number"])


async def come(hearing: Hearing, kiosk_id: str, name: str, **more: Any) -> Resident:
    """Invited, at the kiosk, waiting."""
    seat = await hearing.invite(name, **more)
    device = await hearing.center.device(kiosk_id)
    socket = await device.connect()
    await socket.do("mediation.join", number=hearing.number, code=seat["code"])
    return Resident(hearing, device, socket, seat)


async def enter(resident: Resident, kiosk_id: str) -> None:
    """Admitted, with its page in the room."""
    await resident.hearing.act("admit", seat_id=resident.seat["seat_id"])
    room = {"room_id": resident.hearing.mediation_id}
    await resident.socket.do("room.join", **room, page_session=f"page-{kiosk_id}")


@dataclass
class Together:
    """Mediator, two parties, and an interpreter in one room."""

    hearing: Hearing
    zhang: Resident
    li: Resident
    interpreter: Socket


@pytest.fixture
async def together(center: Center) -> Together:
    hearing = await convened(center)
    zhang = await come(hearing, "K01", "张三")
    li = await come(hearing, "K02", "李四", language="ko")
    seat = await hearing.invite("金明淑", role="interpreter", staff_id="jin")
    interpreter = await (await center.sign_in("jin")).connect()
    await interpreter.do("mediation.act", **hearing.of("arrive"))
    await hearing.act("open")
    await enter(zhang, "K01")
    await enter(li, "K02")
    await hearing.act("admit", seat_id=seat["seat_id"])
    room = {"room_id": hearing.mediation_id}
    await interpreter.do("room.join", **room, page_session="page-jin")
    await hearing.staff.do("room.join", **room, page_session="page-piao")
    return Together(hearing, zhang, li, interpreter)


def peers(frame: Frame) -> dict[str, list[str]]:
    """Whom a room.state names, and what may be sent to them."""
    return {peer["peer_id"]: peer["send"] for peer in frame["room"]["peers"]}


async def room_of(socket: Socket, *expected: str) -> dict[str, list[str]]:
    """The room once it names exactly these peers, whose pages are all there."""
    names = {f"{'kiosk' if who.startswith('K') else 'staff'}:{who}" for who in expected}

    def fits(frame: Frame) -> bool:
        return set(peers(frame)) == names and all(p["online"] for p in frame["room"]["peers"])

    return peers(await socket.until("room.state", fits))


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


async def the_end_empties_the_room(together: Together) -> None:
    await together.hearing.act("end")
    await together.li.socket.until("mediation.state", lambda f: f["mediation"] is None)
    refused = await together.li.socket.ask(
        "room.join", room_id=together.hearing.mediation_id, page_session="late"
    )
    assert refused["code"] == "not_in_room"
    await together.interpreter.do("duty.set", state="available")
    person = await together.hearing.center.sign_in("piao")
    past = await person.get("/api/mediations")
    assert [m["state"] for m in past["mediations"]] == ["ended"]


async def a_revoked_kiosk_is_out(together: Together) -> None:
    admin = await together.hearing.center.sign_in("admin")
    await admin.post("/api/kiosks/K01/revoke", {})
    await together.hearing.view(
        lambda m: [s["state"] for s in m["seats"]] == ["admitted", "left", "admitted", "admitted"]
    )


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


async def words_are_forgotten_in_time(together: Together) -> None:
    work = together.hearing.center.app[STORE].works
    later = SystemClock().now() + timedelta(days=1)
    async with work() as uow:
        assert await uow.mediations.delete_words(later) == 1
        await uow.commit()
        assert (await uow.mediations.words(together.hearing.mediation_id)).names == {}


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
    lines = (await person.get(path))["lines"]
    me, other = zhang.seat["seat_id"], li.seat["seat_id"]
    expected = {(me, other), (me, "engine"), (me, "mediator")}
    assert {(line["seat_id"], line["towards"]) for line in lines} == expected
    assert {(line["figures"]["seconds"], line["figures"]["weak"]) for line in lines} == {(4.0, 0.5)}
    assert {len(line["curve"]) for line in lines} == {2}


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
    await nobody_without_a_seat_tells_or_reads_of_its_lines(together)
    await a_side_room_is_cut_off(together)
    await a_protected_person_is_seen_by_the_mediator(together)
    await codes_and_the_draft_are_the_mediators(together)
    await the_log_tells_the_row_and_no_names(together)
    await a_restart_changes_nothing(together)


def strokes(seed: int) -> dict[str, Any]:
    """A signature, another for each seed."""
    return {"lines": [[[i / 40, (i * seed % 17) / 17] for i in range(30)]]}


async def nothing_is_sealed_before_all_have_signed(together: Together) -> None:
    hearing, zhang, li = together.hearing, together.zhang, together.li
    piao = await hearing.center.sign_in("piao")
    seal = f"/api/mediations/{hearing.mediation_id}/seal"
    clauses = [{"first": "还款一万元。", "second": "만원을 갚는다."}, {"first": "再无争议。"}]
    await hearing.act("propose", clauses=clauses)
    told = await li.until(lambda m: m["agreement"] is not None)
    assert [c["second"] for c in told["agreement"]["clauses"]] == ["만원을 갚는다.", None]
    edition = told["agreement"]["edition"]
    early = await zhang.act("sign", edition=edition, strokes=strokes(3))
    assert early["code"] == "illegal_transition"
    for party in (zhang, li):
        for clause in (1, 2):
            answer = await party.act("confirm", edition=edition, clause=clause)
            assert answer["type"] == "ack"
    assert (await zhang.act("sign", edition=edition, strokes=strokes(3)))["type"] == "ack"
    assert (await li.act("sign", edition=edition, strokes=strokes(3)))["code"] == "conflict"
    assert (await li.act("sign", edition=edition, strokes={"lines": []}))["code"] == "bad_frame"
    await piao.post(seal, {}, status=409)
    assert (await li.act("sign", edition=edition, strokes=strokes(5)))["type"] == "ack"
    await a_signer_is_photographed_only_if_they_will(together, edition)
    # Who has signed stays a party, even if they are sent back to wait before the document is made.
    await hearing.act("dismiss", seat_id=li.seat["seat_id"])
    await piao.post(seal, {})
    sealed = await zhang.until(lambda m: bool(m["agreement"] and m["agreement"]["sealed_at"]))
    assert sealed["agreement"]["sha256"]
    await hearing.act("admit", seat_id=li.seat["seat_id"])


async def a_signer_is_photographed_only_if_they_will(together: Together, edition: int) -> None:
    hearing, zhang, li = together.hearing, together.zhang, together.li
    center, device = hearing.center, zhang.device
    small, large = picture(64), picture(64) + bytes(PHOTO_LIMIT) + b"\xff\xd9"
    for data in (small, large):
        blob = f"/api/blobs/{name_of(data)}"
        async with center.http.put(blob, data=data, headers=device.bearer) as answer:
            assert answer.status == 200
    for sha256, code in (("0" * 64, "blob_missing"), (name_of(large), "image_too_large")):
        refused = await zhang.act("photograph", edition=edition, sha256=sha256)
        assert refused["code"] == code
    taken = await zhang.act("photograph", edition=edition, sha256=name_of(small))
    assert taken["type"] == "ack"
    again = await li.act("photograph", edition=edition, sha256=name_of(small))
    assert again["code"] == "conflict", "another signer, another picture"
    assert (await li.act("refuse_photo", edition=edition))["type"] == "ack"
    told = await li.until(lambda m: len(m["agreement"]["photos"]) == 2)
    assert [photo["taken"] for photo in told["agreement"]["photos"]] == [True, False]
    async with center.app[STORE].works() as uow:
        events = await uow.events.of(f"mediation:{hearing.mediation_id}")
        assert await uow.retention.unnamed([name_of(small)]) == ()
    assert [e.type for e in events[-2:]] == ["photographed", "photo_refused"]


async def copies_go_to_those_of_it_only(together: Together) -> None:
    hearing = together.hearing
    center, path = hearing.center, f"/api/mediations/{hearing.mediation_id}/agreement.pdf"
    for name, status in (("piao", 200), ("jin", 200), ("li", 403)):
        person = await center.sign_in(name)
        async with center.http.get(path, headers=person.headers) as answer:
            assert answer.status == status
            pdf = await answer.read()
            assert pdf.startswith(b"%PDF") is (status == 200)
        if status == 200:
            document = pypdfium2.PdfDocument(pdf)
            assert len(document) == 2, "the picture as it was taken is behind the form"
            text = document[0].get_textpage().get_text_bounded()
            assert ("张三" in text, "李四" in text) == (True, True)
    kiosk = await center.device("K03")
    await (await kiosk.connect()).ws.close()
    right, wrong = together.li.seat["code"], "000000"
    for code, status in ((right, 200), *[(wrong, 404)] * TRIES, (wrong, 429), (right, 429)):
        ask = {"number": hearing.number, "code": code}
        async with center.http.post("/api/agreements", json=ask, headers=kiosk.bearer) as answer:
            assert answer.status == status


async def test_how_a_hearing_ends(together: Together) -> None:
    await nothing_is_sealed_before_all_have_signed(together)
    await copies_go_to_those_of_it_only(together)
    await a_revoked_kiosk_is_out(together)
    await the_end_empties_the_room(together)
    await words_are_forgotten_in_time(together)
