"""What a line is measured against before a call: bytes both ways with a limit, and relays to try;
and the record that the pages of a talk make of theirs."""

from typing import Any

from center.protocol.quality import BATCH_POINTS
from center.web.handlers.line import LINE_LIMIT
from tests.integration.center.conftest import Call, Center

POINT = {
    "mos": 4.2, "loss": 0.0, "round_trip_ms": 20, "jitter_ms": 1, "received_kbps": 500,
    "sent_kbps": 500, "freezes": 0, "frozen_ms": 0, "level": "good",
}  # fmt: skip


async def test_bytes_go_both_ways_and_no_more_than_the_limit(center: Center) -> None:
    person = await center.sign_in("jin")
    for asked, status in ((0, 200), (1000, 200), (LINE_LIMIT, 200), (LINE_LIMIT + 1, 422)):
        url = f"/api/line/data?bytes={asked}"
        async with center.http.get(url, headers=person.headers) as answer:
            assert (answer.status, len(await answer.read()) == asked) == (status, status == 200)
    for size, status in ((0, 200), (LINE_LIMIT, 200), (LINE_LIMIT + 1, 413)):
        async with center.http.post(
            "/api/line/data", data=bytes(size), headers=person.headers
        ) as answer:
            assert answer.status == status


async def test_a_kiosk_measures_with_its_token(center: Center) -> None:
    device = await center.device("K03")
    await (await device.connect()).ws.close()
    async with center.http.get("/api/line/data?bytes=7", headers=device.bearer) as answer:
        assert len(await answer.read()) == 7
    async with center.http.get("/api/line", headers=device.bearer) as answer:
        assert (await answer.json())["ice_servers"] == []


async def test_a_page_is_told_of_the_relays_to_try(center: Center) -> None:
    found = await (await center.sign_in("jin")).get("/api/line")
    assert found == {"ice_servers": [], "ice_transport_policy": "all"}


def report(call: Call, number: int = 1, points: int = 3, **changed: Any) -> dict[str, Any]:
    known = {"page_session": "page-1", "at": "2026-11-22T08:00:00Z", "points": [POINT] * points}
    return known | {"consultation_id": call.consultation_id, "number": number} | changed


async def test_both_sides_of_a_talk_keep_a_record_that_the_office_reads(
    center: Center, call: Call
) -> None:
    await call.kiosk.do("quality.report", **report(call))
    await call.staff.do("quality.report", **report(call))
    await call.staff.do("quality.report", **report(call))
    office = await center.sign_in("zhao")
    detail = await office.get(f"/api/usage/{call.consultation_id}")
    seconds = {side["side"]: side["figures"]["seconds"] for side in detail["quality"]}
    assert seconds == {"kiosk": 6.0, "staff": 6.0}
    assert detail["row"]["mos"] == 4.2


async def test_others_and_too_much_are_refused(center: Center, call: Call) -> None:
    stranger = await (await center.sign_in("li")).connect()
    refused = await stranger.ask("quality.report", **report(call))
    assert (refused["type"], refused["code"]) == ("error", "forbidden")
    for changed in ({"points": BATCH_POINTS + 1}, {"points": 0}, {"number": 0}):
        answer = await call.staff.ask("quality.report", **report(call, **changed))
        assert (answer["type"], answer["code"]) == ("error", "bad_frame")
