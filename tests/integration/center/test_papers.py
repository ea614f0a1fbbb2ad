"""Papers while talking, over real sockets: shown, drawn, pointed at, kept, and nobody else's."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import cv2
import numpy as np
import pytest

from tests.integration.center.conftest import Call, Center, Frame

BOX = [[0.25, 0.5], [0.75, 0.625]]


async def scanned(call: Call) -> str:
    """A page of the call, stored and registered; its name."""
    data = cv2.imencode(".jpg", np.full((48, 64, 3), 200, np.uint8))[1].tobytes()
    name = hashlib.sha256(data).hexdigest()
    http, bearer = call.device.center.http, call.device.bearer
    async with http.put(f"/api/blobs/{name}", data=data, headers=bearer) as answer:
        assert answer.status == 200, await answer.text()
    record = {
        "captured_at": datetime.now(UTC).isoformat(),
        "clean_sha256": name,
        "width": 64,
        "height": 48,
        "quad": None,
        "sharpness": 1.0,
        "verdict": [],
        "codes": [],
    }
    url = f"/api/consultations/{call.consultation_id}/pages/{name}"
    async with http.put(url, json=record, headers=bearer) as answer:
        assert answer.status == 200, await answer.text()
    return name


def circle(page: str, mark_id: str = "m-1") -> dict[str, Any]:
    return {"mark_id": mark_id, "sha256": page, "kind": "circle", "points": BOX}


def named(call: Call) -> dict[str, str]:
    return {"consultation_id": call.consultation_id}


async def sheet_of(frames: Any) -> Any:
    return (await frames.shows("sheet.state", lambda f: f["view"] is not None))["view"]


def with_marks(count: int) -> Any:
    return lambda f: len(f["page"]["marks"]) == count


async def test_a_page_lies_on_both_screens_until_the_resident_closes_it(call: Call) -> None:
    page = await scanned(call)
    sheet = {"show": "page", "sha256": page, "rotation": 90}
    await call.staff.do("sheet.show", **named(call), sheet=sheet)
    seen = await sheet_of(call.kiosk)
    assert seen["sheet"] == sheet
    assert await sheet_of(call.staff) == seen
    await call.kiosk.do("sheet.close", **named(call), sheet_id=seen["sheet_id"])
    for side in (call.kiosk, call.staff):
        await side.shows("sheet.state", lambda f: f["view"] is None)
    await call.kiosk.do("sheet.close", **named(call), sheet_id=seen["sheet_id"])


async def test_a_text_is_kept_encrypted_and_out_of_the_log(center: Center, call: Call) -> None:
    words = "请带上身份证和欠条"
    sheet = {"show": "text", "text": words, "language": "zh"}
    await call.staff.do("sheet.show", **named(call), sheet=sheet)
    assert (await sheet_of(call.kiosk))["sheet"] == sheet
    await call.staff.do("mark.put", **named(call), mark=circle(await scanned(call)))
    database = b"".join(
        path.read_bytes() for path in center.settings.center.data.glob("*.db*") if path.is_file()
    )
    assert call.consultation_id.encode() in database
    assert words.encode() not in database
    assert b"m-1" in database
    assert b"0.625" not in database


async def test_both_draw_and_each_takes_back_its_own(call: Call) -> None:
    page = await scanned(call)
    await call.staff.do("mark.put", **named(call), mark=circle(page))
    ink = {"mark_id": "m-2", "sha256": page, "kind": "ink", "points": [[0, 0], [0.123456, 1]]}
    await call.kiosk.do("mark.put", **named(call), mark=ink)
    await call.kiosk.do("mark.put", **named(call), mark=ink)
    seen = await call.kiosk.shows("marks.state", with_marks(2))
    staffs, kiosks = seen["page"]["marks"]
    assert (staffs["author"], staffs["points"]) == ("staff", BOX)
    assert (kiosks["author"], kiosks["points"]) == ("kiosk", [[0.0, 0.0], [0.1235, 1.0]])
    assert (await call.staff.shows("marks.state", with_marks(2)))["page"] == seen["page"]
    refused = await call.kiosk.ask("mark.take_back", **named(call), mark_id="m-1")
    assert refused["code"] == "forbidden"
    await call.kiosk.do("mark.take_back", **named(call), mark_id="m-2")
    left = await call.staff.shows("marks.state", with_marks(1))
    assert left["page"]["marks"] == [staffs]


async def test_the_pointer_reaches_the_other_side_and_is_kept_nowhere(
    center: Center, call: Call
) -> None:
    await call.join()
    page, before = await scanned(call), await center.head_seq()
    for side, other in ((call.staff, call.kiosk), (call.kiosk, call.staff)):
        for at in ([0.1, 0.2], [0.3, 0.4], None):
            await side.do("pointer.move", room_id=call.consultation_id, sha256=page, at=at)
        moved = await other.until("pointer.moved", lambda f: f["at"] is None)
        assert moved["sha256"] == page
        assert "seq" not in moved
    assert await center.head_seq() == before


async def test_who_comes_back_sees_everything_again(center: Center, call: Call) -> None:
    page = await scanned(call)
    await call.staff.do("mark.put", **named(call), mark=circle(page))
    sheet = {"show": "page", "sha256": page, "rotation": 0}
    await call.staff.do("sheet.show", **named(call), sheet=sheet)
    await center.stop()
    await center.start()
    lawyer = await center.sign_in("jin")
    for socket in (await call.device.connect(), await lawyer.connect()):
        assert (await sheet_of(socket))["sheet"] == sheet
        await socket.shows("marks.state", with_marks(1))


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("mark.put", {"mark": circle("f" * 64)}, "not_found"),
        ("mark.put", {"mark": circle("a" * 64) | {"points": [[0, 0], [1.5, 1]]}}, "bad_frame"),
        ("mark.put", {"mark": circle("a" * 64) | {"points": [[0, 0]] * 3}}, "bad_frame"),
        (
            "mark.put",
            {"mark": circle("a" * 64) | {"kind": "ink", "points": [[0, 0]] * 65}},
            "bad_frame",
        ),
        ("mark.take_back", {"mark_id": "nobody"}, "not_found"),
        ("sheet.show", {"sheet": {"show": "page", "sha256": "f" * 64, "rotation": 0}}, "not_found"),
        ("sheet.show", {"sheet": {"show": "text", "text": " ", "language": "zh"}}, "bad_frame"),
        (
            "sheet.show",
            {"sheet": {"show": "text", "text": "x" * 601, "language": "zh"}},
            "bad_frame",
        ),
    ],
)
async def test_what_makes_no_sense_is_refused(
    call: Call, kind: str, fields: dict[str, Any], code: str
) -> None:
    assert (await call.staff.ask(kind, **named(call), **fields))["code"] == code


async def test_nothing_of_one_talk_is_for_anybody_else(center: Center, call: Call) -> None:
    await call.join()
    page = await scanned(call)
    lawyer = await (await center.sign_in("li")).connect()
    supervisor = await (await center.sign_in("zhao")).connect()
    neighbour = await (await center.device("K02")).connect()
    room = {"room_id": call.consultation_id}
    asked = (
        ("sheet.close", named(call) | {"sheet_id": "s1"}),
        ("mark.put", named(call) | {"mark": circle(page)}),
        ("mark.take_back", named(call) | {"mark_id": "m-1"}),
        ("pointer.move", room | {"sha256": page, "at": [0.5, 0.5]}),
    )
    for stranger, codes in (
        (lawyer, {"forbidden", "not_in_room"}),
        (supervisor, {"forbidden"}),
        (neighbour, {"not_found", "not_in_room"}),
    ):
        for kind, fields in asked:
            assert (await stranger.ask(kind, **fields))["code"] in codes, kind
    sheet = {"show": "page", "sha256": page, "rotation": 0}
    for stranger in (lawyer, supervisor):
        refused = await stranger.ask("sheet.show", **named(call), sheet=sheet)
        assert refused["code"] == "forbidden"
    refused = await call.kiosk.ask("sheet.show", **named(call), sheet=sheet)
    assert refused["code"] == "unknown_type"
    await call.staff.do("sheet.show", **named(call), sheet=sheet)
    await call.staff.do("mark.put", **named(call), mark=circle(page))
    await call.staff.do("pointer.move", **room, sha256=page, at=[0.5, 0.5])
    await call.staff.shows("sheet.state", lambda f: f["view"] is not None)
    await call.staff.shows("marks.state", with_marks(1))
    await call.kiosk.shows("pointer.moved")
    for stranger in (lawyer, supervisor, neighbour):
        await heard_nothing(stranger)


async def heard_nothing(stranger: Any) -> None:
    """What was pushed to those concerned would be here before the answer to a later request."""
    await stranger.ask("room.absent", room_id="nowhere")
    papers = {"sheet.state", "marks.state", "pointer.moved"}
    assert not papers & {frame["type"] for frame in stranger.seen}


async def test_after_the_talk_nothing_is_drawn_and_the_marks_stay(
    center: Center, call: Call
) -> None:
    page = await scanned(call)
    await call.staff.do("mark.put", **named(call), mark=circle(page))
    sheet = {"show": "page", "sha256": page, "rotation": 0}
    await call.staff.do("sheet.show", **named(call), sheet=sheet)
    await call.staff.do("consultation.hang_up", **named(call))
    await call.staff.shows("sheet.state", lambda f: f["view"] is None)
    for side in (call.staff, call.kiosk):
        refused = await side.ask("mark.put", **named(call), mark=circle(page, "m-9"))
        assert refused["code"] == "illegal_transition"
    lawyer = await (await center.sign_in("jin")).connect()
    kept: Frame = await lawyer.shows("marks.state")
    assert [mark["mark_id"] for mark in kept["page"]["marks"]] == ["m-1"]
