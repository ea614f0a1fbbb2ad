"""The whole agent: a page on its socket, a camera on the bench, a center that comes and goes."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, WSMsgType
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from center.protocol.base import FRAME_LIMIT
from center.protocol.frames import MediaReport, RoomJoin
from center.protocol.kiosk_wire import (
    ConsultationHangUp,
    ConsultationLeave,
    ConsultationRate,
    ConsultationRequest,
    DeskCaptureAsked,
)
from center.protocol.words import CameraStatus, ErrorCode
from center.protocol.words import ConsultationState as State
from config.settings import JourneySettings
from tests.integration.kiosk.page import Hall, open_hall, scan, to_papers
from tests.support.patience import PATIENCE


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with open_hall(tmp_path) as hall:
        yield hall


async def test_a_visit_from_the_first_touch_to_the_verified_wipe(hall: Hall) -> None:
    center = hall.center
    async with hall.agent() as served, hall.page(served) as page:
        await to_papers(page)
        await page.touch("open_scan")
        await page.hears("desk.track")
        await scan(page, hall.bench, 180)
        assert (await page.hears("desk.captured"))["position"] == 1
        thumb = f"{served.origin}/visit/pages/1/thumb"
        async with ClientSession() as http, http.get(thumb) as reply:
            assert (reply.status, await reply.read()) == (200, b"thumb")
        await page.touch("scan_done")
        await page.on("wait")
        await page.until(lambda: page.state["pages"][0]["sent"])
        request = center.said(ConsultationRequest)[0]
        assert isinstance(request, ConsultationRequest)
        assert (request.language, request.matter, request.called_as) == ("ko", "labour", "朴女士")

        await center.show(State.CONNECTING)
        await page.on("call")
        await center.until(lambda: len(center.said(RoomJoin)) == 1)
        await page.send("page.media", state="up")
        await center.until(lambda: len(center.said(MediaReport)) == 1)
        await center.show(State.ACTIVE)
        await page.until(lambda: page.state["consultation"]["state"] == "active")
        hall.bench.shade = 150
        assert center.view is not None
        ask = DeskCaptureAsked(seq=99, consultation_id=center.view.consultation_id)
        await center.push(ask)
        await page.until(lambda: len(page.state["pages"]) == 2 and page.state["pages"][1]["sent"])
        assert [ref for ref, _, _ in center.pages] == [center.view.consultation_id] * 2

        await page.touch("hang_up")
        await page.on("rate")
        await page.touch("rate", score=5)
        await page.on("slip")
        assert page.state["slip"]["qr_text"] == "JIUJIN:YJ-20261121-0007:123456"
        slip = f"{served.origin}/visit/slip.svg"
        async with ClientSession() as http, http.get(slip) as reply:
            assert reply.content_type == "image/svg+xml"
        await page.until(lambda: page.state["wiped"])
        await center.until(lambda: len(center.said(ConsultationRate)) == 1)
        assert len(center.said(ConsultationHangUp)) == 1
        assert hall.private_files() == []
        await page.touch("finish")
        await page.on("home")
        assert (page.state["matter"], page.state["pages"], page.state["slip"]) == (None, [], None)
        async with ClientSession() as http, http.get(slip) as reply:
            assert reply.status == 404


async def test_killed_in_the_middle_the_agent_comes_back_in_the_same_visit(hall: Hall) -> None:
    async with hall.agent() as served, hall.page(served) as page:
        await to_papers(page)
        await page.touch("open_scan")
        await page.hears("desk.track")
        await scan(page, hall.bench, 180)
        await hall.center.stop()
        await page.touch("scan_done")
        await page.on("wait")
        served.life.cancel()
    await hall.center.start()
    async with hall.agent() as served, hall.page(served, "page-2") as page:
        await page.until(lambda: page.state["consultation"] is not None)
        assert (page.state["screen"], page.state["matter"]) == ("wait", "labour")
        await page.until(lambda: page.state["pages"][0]["sent"])
        assert len(hall.center.said(ConsultationRequest)) == 1
        await page.touch("finish")
        await hall.center.until(lambda: len(hall.center.said(ConsultationLeave)) == 1)


async def test_the_center_restarts_in_the_middle_of_a_talk(hall: Hall) -> None:
    center = hall.center
    async with hall.agent() as served, hall.page(served) as page:
        await to_papers(page)
        await page.touch("call_lawyer")
        await page.until(lambda: page.state["consultation"] is not None)
        await center.show(State.ACTIVE)
        await page.on("call")
        await page.send("page.media", state="up")
        await center.until(lambda: len(center.said(MediaReport)) == 1)
        await center.stop()
        await page.until(lambda: page.state["link"] != "online")
        assert page.state["screen"] == "call"
        await center.start()
        await center.until(lambda: len(center.said(RoomJoin)) == 2)
        await center.until(lambda: len(center.said(MediaReport)) == 2)
        assert page.state["screen"] == "call"


async def test_pages_given_before_leaving_arrive_and_only_then_it_is_wiped(hall: Hall) -> None:
    center = hall.center
    async with hall.agent() as served, hall.page(served) as page:
        await to_papers(page)
        await page.touch("call_lawyer")
        await page.until(lambda: page.state["consultation"] is not None)
        await page.touch("open_scan")
        await page.hears("desk.track")
        await center.stop()
        await scan(page, hall.bench, 140)
        await page.touch("finish")
        await page.on("home")
        assert not page.state["wiped"]
        assert page.state["pages"] == []
        await center.start()
        await page.until(lambda: page.state["wiped"])
        assert len(center.pages) == 1
        assert hall.private_files() == []


async def test_a_page_that_finds_leftovers_is_asked_again(hall: Hall) -> None:
    async with hall.agent() as served, hall.page(served) as page:
        page.wipes = False
        await page.touch("start", intent="lookup")
        await page.touch("finish")
        await page.hears("page.wipe")
        await page.wiped("localStorage:draft")
        await page.until(lambda: sum(f["type"] == "page.wipe" for f in page.frames) == 2)
        assert not page.state["wiped"]
        await page.wiped()
        await page.until(lambda: page.state["wiped"])


async def test_a_refused_page_has_to_be_laid_down_again(hall: Hall) -> None:
    async with hall.agent() as served, hall.page(served) as page:
        await page.touch("start", intent="scan")
        await page.touch("consent", agreed=True)
        await page.hears("desk.track")
        await scan(page, hall.bench, 100)
        name = served.agent.owner.journey.visit
        assert name is not None
        hall.center.refuse_http[name.pages[0].sha256] = ErrorCode.IMAGE_TRUNCATED
        await page.touch("call_lawyer")
        await page.until(lambda: [n["code"] for n in page.state["notices"]] == ["page_refused"])
        assert page.state["pages"] == []


async def test_a_refused_request_says_so(hall: Hall) -> None:
    hall.center.refuse[ConsultationRequest] = ErrorCode.CONFLICT
    async with hall.agent() as served, hall.page(served) as page:
        await to_papers(page)
        await page.touch("call_lawyer")
        await page.until(lambda: [n["code"] for n in page.state["notices"]] == ["center_refused"])
        assert page.state["screen"] == "papers"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (CameraStatus.DARK, "camera_dark"),
        (CameraStatus.UNPLUGGED, "camera_unplugged"),
        (CameraStatus.MISSING, "camera_missing"),
        (CameraStatus.STALLED, "camera_stalled"),
    ],
)
async def test_a_camera_in_trouble_is_said_and_loses_nothing(
    hall: Hall, fault: CameraStatus, code: str
) -> None:
    async with hall.agent() as served, hall.page(served) as page:
        await to_papers(page)
        await page.touch("open_scan")
        await page.hears("desk.track")
        await scan(page, hall.bench, 180)
        hall.bench.fault = fault
        await page.until(lambda: [n["code"] for n in page.state["notices"]] == [code])
        await hall.center.until(lambda: hall.center.heartbeats[-1].health.camera is fault)
        await page.touch("capture_now")
        hall.bench.fault = None
        await page.until(lambda: page.state["camera"] == "ok")
        assert len(page.state["pages"]) == 1
        await scan(page, hall.bench, 160)


async def test_a_full_spool_is_said_and_the_visit_goes_on(hall: Hall) -> None:
    async with hall.agent() as served, hall.page(served) as page:
        await to_papers(page)
        await page.touch("open_scan")
        await page.hears("desk.track")
        served.agent.spool._limit = 10
        await page.touch("capture_now")
        await page.until(lambda: [n["code"] for n in page.state["notices"]] == ["disk_full"])
        served.agent.spool._limit = 10**9
        await scan(page, hall.bench, 170)
        await page.touch("scan_done")
        await page.until(lambda: page.state["pages"][0]["sent"])


async def test_a_wrong_clock_is_shown_and_not_trusted(hall: Hall) -> None:
    hall.center.skew = timedelta(hours=5)
    async with hall.agent() as served, hall.page(served) as page:
        await page.until(lambda: page.state["clock_skewed"])
        assert served.agent.clock.skew < timedelta(hours=-4)
        await page.touch("start", intent="scan")
        await page.on("consent")
        assert page.state["idle_warning_until"] is None


async def test_a_revoked_kiosk_is_out_of_service_and_empty(hall: Hall) -> None:
    async with hall.agent() as served, hall.page(served) as page:
        await to_papers(page)
        await page.touch("open_scan")
        await page.hears("desk.track")
        await scan(page, hall.bench, 180)
        await hall.center.revoke()
        await page.on("out_of_service")
        await page.until(lambda: page.state["wiped"])
        assert served.agent.link.token is None
        assert hall.private_files() == []


async def test_an_untouched_visit_is_asked_and_wiped(tmp_path: Path) -> None:
    patience = JourneySettings(idle_warning_s=0.1, idle_end_s=0.1)
    async with (
        open_hall(tmp_path, patience) as hall,
        hall.agent() as served,
        hall.page(served) as page,
    ):
        await page.touch("start", intent="scan")
        await page.until(lambda: any(frame.get("idle_warning_until") for frame in page.frames))
        await page.on("home")
        await page.until(lambda: page.state["wiped"])


# --- the page's socket ----------------------------------------------------------------------


async def test_bad_frames_are_refused_in_words_and_change_nothing(hall: Hall) -> None:
    async with hall.agent() as served, hall.page(served) as page:
        for text in ("no json", '{"type": "unknown"}', '{"type": "page.touch", "touch": {}}'):
            await page.socket.send_str(text)
        await page.socket.send_bytes(b"bytes")
        await page.touch("hang_up")
        big = json.dumps({"type": "page.signal", "to": "x", "payload": "x" * FRAME_LIMIT})
        await page.socket.send_str(big)
        await page.until(lambda: sum(f["type"] == "page.error" for f in page.frames) == 6)
        codes = [f["code"] for f in page.frames if f["type"] == "page.error"]
        assert sorted(codes) == ["bad_frame"] * 4 + ["frame_too_large", "not_now"]
        assert page.state["screen"] == "home"


async def test_the_newest_page_wins(hall: Hall) -> None:
    async with (
        hall.agent() as served,
        hall.page(served) as old,
        hall.page(served, "page-2") as new,
    ):
        await old._reader
        assert old.socket.close_code == 4409
        await new.touch("start", intent="scan")
        await new.on("consent")


async def test_hello_comes_first(hall: Hall) -> None:
    async with hall.agent() as served, ClientSession() as http:
        socket = await http.ws_connect(f"{served.origin}/ws/page")
        await socket.send_str('{"type": "page.alive"}')
        assert json.loads((await socket.receive()).data)["code"] == "bad_frame"
        assert (await socket.receive()).type is WSMsgType.CLOSE


async def test_other_names_and_origins_are_turned_away(hall: Hall) -> None:
    async with hall.agent() as served, ClientSession() as http:
        url = f"{served.origin}/healthz"
        for headers, status in (
            ({}, 200),
            ({"Origin": served.origin}, 200),
            ({"Origin": "http://evil.example"}, 403),
            ({"Host": "evil.example"}, 421),
        ):
            async with http.get(url, headers=headers) as reply:
                assert reply.status == status, headers


async def test_files_stay_inside_and_carry_the_policy(hall: Hall) -> None:
    async with hall.agent() as served, ClientSession() as http:
        async with http.get(f"{served.origin}/__init__.py") as reply:
            assert reply.status == 200
            policy = reply.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert f"ws://{served.origin.removeprefix('http://')}" in policy
        async with http.get(f"{served.origin}/..%2Fconftest.py") as reply:
            assert reply.status == 404


async def test_the_desk_reaches_the_page(hall: Hall) -> None:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    connection.addTransceiver("video", direction="recvonly")
    track: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    connection.on("track", track.set_result)
    await connection.setLocalDescription(await connection.createOffer())
    async with hall.agent() as served, hall.page(served) as page:
        await page.send("desk.offer", sdp=connection.localDescription.sdp)
        answer = (await page.hears("desk.answer"))["sdp"]
        await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        frame = await asyncio.wait_for((await track).recv(), PATIENCE)
        assert (frame.width, frame.height) == (320, 240)
        await page.send("desk.offer", sdp="nonsense")
        await page.hears("desk.failed")
    await connection.close()
