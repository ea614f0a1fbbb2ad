"""What sockets refuse, and whom they cut."""

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from center.protocol.base import FRAME_LIMIT
from center.realtime.connection import BURST_FRAMES, HARD_FRAME_LIMIT
from tests.integration.center.conftest import Center, Socket, accepted, settings_for


async def refusal(socket: Socket, text: str) -> tuple[int | None, str]:
    await socket.ws.send_str(text)
    frame = await socket.until("error")
    return frame["re"], frame["code"]


@pytest.fixture
async def staff(center: Center) -> Socket:
    return await (await center.sign_in("jin")).connect()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no json", (None, "bad_frame")),
        ("[]", (None, "bad_frame")),
        ("null", (None, "bad_frame")),
        ("{}", (None, "bad_frame")),
        ('{"type": "ping"}', (None, "bad_frame")),
        ('{"type": "ping", "id": 0}', (None, "bad_frame")),
        ('{"type": "ping", "id": 7, "extra": 1}', (7, "bad_frame")),
        ('{"type": "duty.set", "id": 7, "state": "busy"}', (7, "bad_frame")),
        ('{"type": "no.such", "id": 8}', (8, "unknown_type")),
        ('{"type": "kiosk.heartbeat", "id": 8}', (8, "unknown_type")),
        ("[" * 50_000, (None, "bad_frame")),
        (json.dumps({"type": "ping", "id": 9, "x": "a" * FRAME_LIMIT}), (None, "frame_too_large")),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_a_bad_frame_is_refused_and_the_socket_lives(
    staff: Socket, text: str, expected: tuple[int | None, str]
) -> None:
    assert await refusal(staff, text) == expected
    await staff.do("ping")


async def test_a_binary_frame_is_refused(staff: Socket) -> None:
    await staff.ws.send_bytes(b"\x00")
    assert (await staff.until("error"))["code"] == "bad_frame"


async def test_ids_must_rise(staff: Socket) -> None:
    await staff.ws.send_str('{"type": "ping", "id": 5}')
    await staff.until("ack")
    for number in (5, 4):
        assert await refusal(staff, f'{{"type": "ping", "id": {number}}}') == (
            number,
            "out_of_order",
        )
    await staff.ws.send_str('{"type": "ping", "id": 6}')
    assert (await staff.until("ack"))["re"] == 6


async def test_a_flood_is_refused(staff: Socket) -> None:
    for _ in range(BURST_FRAMES + 50):
        await staff.post("ping")
    assert (await staff.until("error"))["code"] == "too_many_requests"


async def test_an_enormous_frame_ends_the_socket(staff: Socket) -> None:
    await staff.ws.send_str("a" * (HARD_FRAME_LIMIT + 1))
    assert await staff.closed() == 1009


@pytest.mark.parametrize(
    ("hello", "code", "close"),
    [
        ("{", "bad_frame", 4401),
        ('{"type": "ping", "id": 1}', "bad_frame", 4401),
        ('{"type": "staff.hello", "protocol": 99, "last_seq": 0}', "protocol_mismatch", 4406),
    ],
)
async def test_a_wrong_hello_is_refused_and_closed(
    center: Center, hello: str, code: str, close: int
) -> None:
    person = await center.sign_in("jin")
    socket = Socket(await center.http.ws_connect("/ws/staff", headers=person.headers))
    assert await refusal(socket, hello) == (None, code)
    assert await socket.closed() == close


async def test_silence_instead_of_hello_is_cut(data: Path) -> None:
    async with Center(settings_for(data), hello_seconds=0.05) as center:
        person = await center.sign_in("jin")
        for path, headers in (("/ws/staff", person.headers), ("/ws/kiosk", {})):
            socket = Socket(await center.http.ws_connect(path, headers=headers))
            assert (await socket.until("error"))["code"] == "hello_timeout"
            assert await socket.closed() == 4401


async def test_a_client_that_does_not_read_is_cut(
    data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Center(settings_for(data, outbox_frames=8)) as center:
        call = await accepted(center)
        await call.join()
        transport: Any = call.kiosk.ws._response.connection.transport  # type: ignore[union-attr]
        transport.pause_reading()
        room = {"room_id": call.consultation_id, "to": "kiosk:K01", "payload": "x" * 96_000}
        with caplog.at_level(logging.WARNING, "center.realtime.connection"):
            codes = [(await call.staff.ask("room.signal", **room)).get("code") for _ in range(150)]
        assert "slow client cut" in caplog.text
        assert codes[0] is None
        assert codes[-1] == "peer_absent"
        await (await call.device.connect()).until("room.state")


async def test_all_pages_of_a_person_hear_of_their_duty(center: Center) -> None:
    person = await center.sign_in("jin")
    one, other = await person.connect(), await person.connect()
    await one.do("duty.set", state="available")
    for socket in (one, other):
        await socket.shows("duty.state", lambda f: f["duty"]["state"] == "available")


async def test_a_wrong_signature_is_refused(center: Center) -> None:
    device = await center.device()
    socket, challenge = await device.knock()
    await device.hello(socket, "another nonce")
    assert (await socket.until("error"))["code"] == "bad_signature"
    assert await socket.closed() == 4401
    stranger, challenge = await device.knock()
    await device.hello(stranger, challenge["nonce"], kiosk_id="K02")
    assert (await stranger.until("error"))["code"] == "bad_signature"


async def test_a_recorded_answer_opens_no_second_socket(center: Center) -> None:
    device = await center.device()
    first, challenge = await device.knock()
    second, _ = await device.knock()
    await device.hello(first, challenge["nonce"])
    await first.until("welcome")
    await device.hello(second, challenge["nonce"])
    assert (await second.until("error"))["code"] == "bad_signature"


async def test_a_newer_socket_of_a_kiosk_replaces_the_older(center: Center) -> None:
    device = await center.device()
    older = await device.connect()
    newer = await device.connect()
    assert await older.closed() == 4409
    fleet = await (await center.sign_in("zhao")).get("/api/kiosks")
    assert [k["online"] for k in fleet["kiosks"] if k["kiosk_id"] == "K01"] == [True]
    answer = await newer.ask("consultation.leave", consultation_id="none")
    assert answer["code"] == "not_found"


async def test_revoking_cuts_the_kiosk_at_once_and_for_good(center: Center) -> None:
    device = await center.device()
    kiosk = await device.connect()
    watcher = await (await center.sign_in("zhao")).connect()
    admin = await center.sign_in("admin")
    view = await admin.post("/api/kiosks/K01/revoke", {})
    assert view["status"] == "revoked"
    assert await kiosk.closed() == 4403
    assert kiosk.seen[-1] == {"type": "kiosk.revoked"}
    await watcher.until("fleet.state", lambda f: f["kiosk"]["status"] == "revoked")
    socket, challenge = await device.knock()
    await device.hello(socket, challenge["nonce"])
    assert (await socket.until("error"))["code"] == "kiosk_revoked"
    data = {"number": "YJ-20260101-0001", "slip_code": "000000"}
    async with center.http.post("/api/lookup", json=data, headers=device.bearer) as answer:
        assert answer.status == 401


async def test_what_a_kiosk_says_of_itself_is_shown_and_its_clock_not_trusted(
    center: Center,
) -> None:
    device = await center.device()
    fast = datetime.now(UTC) + timedelta(hours=3)
    kiosk = await device.connect(kiosk_time=fast.isoformat())
    health = {
        "camera": "ok",
        "page_alive": True,
        "disk_free_mb": 100,
        "spool_pages": 0,
        "cpu_percent": 1.0,
        "memory_percent": 1.0,
        "uptime_s": 1,
        "version": "0.1.0",
        "empty_desk": "moved",
    }
    await kiosk.do("kiosk.heartbeat", kiosk_time=fast.isoformat(), health=health)
    listed = await (await center.sign_in("zhao")).get("/api/kiosks")
    view = next(k for k in listed["kiosks"] if k["kiosk_id"] == "K01")
    assert view["clock_skew_s"] == pytest.approx(3 * 3600, abs=30)
    assert view["health"]["empty_desk"] == "moved"
    assert abs(datetime.fromisoformat(view["last_seen_at"]) - datetime.now(UTC)) < timedelta(
        minutes=1
    )


async def test_tokens_are_renewed_before_they_end(data: Path) -> None:
    async with Center(settings_for(data, auth={"upload_token_s": 0.4})) as center:
        device = await center.device()
        kiosk = await device.connect()
        fresh = await kiosk.until("kiosk.token")
        assert fresh["upload_token"].startswith("K01~")
