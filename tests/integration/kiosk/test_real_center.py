"""The agent and the real center: one visit, with the center and the agent restarted in it."""

import asyncio
import contextlib
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, web

from center.app import create_app
from center.protocol.frames import Ack, Refusal, Request
from center.protocol.kiosk_wire import ConsultationRate, MessageLeave
from config.settings import CenterSettings, Settings
from kiosk.identity import enrol
from kiosk.serving import Served
from tests.integration.kiosk.page import Hall, Page, scan, to_papers
from tests.support.city import Admin
from tests.support.patience import PATIENCE
from tests.support.processes import free_port


@dataclass
class RealCenter:
    """`center.app` on a port that stays the same when it is started again."""

    data: Path
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self._runner: web.AppRunner | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Again, too; one that runs goes on."""
        if self._runner is not None:
            return
        settings = Settings(
            demo=True, center=CenterSettings(data=self.data, port=self.port, shutdown_s=0.1)
        )
        self._runner = web.AppRunner(create_app(settings), shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    def logged(self, kind: str) -> list[dict[str, Any]]:
        """The data of all events of one type in the log of the newest consultation."""
        newest = "SELECT stream FROM events WHERE type = 'requested' ORDER BY seq DESC LIMIT 1"
        with contextlib.closing(sqlite3.connect(self.data / "center.db")) as database:
            (stream,) = database.execute(newest).fetchone()
            events = "SELECT data FROM events WHERE type = ? AND stream = ?"
            return [json.loads(data) for (data,) in database.execute(events, (kind, stream))]


class Lawyer(Admin):
    """A lawyer's socket: goes on duty and does what the test says."""

    def __init__(self, origin: str) -> None:
        super().__init__(origin, "jin")
        self._frames: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._id = 0

    async def __aenter__(self) -> "Lawyer":
        await super().__aenter__()
        return self

    @asynccontextmanager
    async def on_duty(self) -> AsyncIterator[None]:
        headers = {"Cookie": self._cookie, "Origin": self._origin}
        url = f"{self._origin}/ws/staff"
        async with self._http.ws_connect(url, headers=headers) as self._socket:
            reader = asyncio.create_task(self._read(self._socket))
            hello = {"type": "staff.hello", "protocol": 1, "last_seq": 0}
            await self._socket.send_str(json.dumps(hello))
            await self.say("duty.set", state="available")
            yield
            reader.cancel()

    async def say(self, kind: str, **fields: object) -> None:
        self._id += 1
        await self._socket.send_str(json.dumps({"type": kind, "id": self._id, **fields}))

    async def hears(self, kind: str) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            while True:
                frame = await self._frames.get()
                if frame["type"] == kind and (kind != "consultation.offer" or frame["offer"]):
                    return frame

    async def _read(self, socket: ClientWebSocketResponse) -> None:
        async for message in socket:
            self._frames.put_nowait(json.loads(message.data))


@pytest.fixture
async def center(seeded_city: Path, tmp_path: Path) -> AsyncIterator[RealCenter]:
    center = RealCenter(Path(shutil.copytree(seeded_city, tmp_path / "center")))
    await center.start()
    yield center
    await center.stop()


@pytest.fixture
async def hall(center: RealCenter, tmp_path: Path) -> Hall:
    hall = Hall(tmp_path / "kiosk", center.origin)
    async with Admin(center.origin) as admin, ClientSession() as http:
        code = await admin.enrolment_code("K01")
        await enrol(http, center.origin, code, hall.data)
    return hall


class LostAnswer:
    """The center does what it was asked, and its answer to one kind of request never arrives."""

    def __init__(self, served: Served, kind: type[Request]) -> None:
        self._link, self._kind, self.lost = served.agent.link, kind, asyncio.Event()
        self.agent_life = served.life
        self._answered = self._link._answered
        vars(self._link)["_answered"] = self._lose

    def _lose(self, answer: Ack | Refusal) -> None:
        asked = next((r for r in self._link.waiting() if r.id == answer.re), None)
        if isinstance(asked, self._kind):
            self.lost.set()
        else:
            self._answered(answer)


async def _talk(page: Page, lawyer: Lawyer) -> None:
    """The lawyer takes the offer, and both see each other."""
    cid = (await lawyer.hears("consultation.offer"))["offer"]["consultation_id"]
    await lawyer.say("offer.accept", consultation_id=cid)
    await lawyer.say("room.join", room_id=cid, page_session="lawyer-page")
    await page.on("call")
    await page.until(lambda: page.state["room"] is not None)
    await page.until(lambda: any(peer["online"] for peer in page.state["room"]["peers"]))
    await page.send("page.media", state="up")
    await lawyer.say("media.report", consultation_id=cid, state="up")
    await page.until(lambda: page.state["consultation"]["state"] == "active")


async def _wait(page: Page) -> None:
    await to_papers(page)
    await page.touch("call_lawyer")
    await page.until(lambda: page.state["consultation"] is not None)


async def _line_down(center: RealCenter, page: Page, down: bool) -> None:
    if down:
        await center.stop()
        await page.until(lambda: page.state["link"] != "online")


async def _kill(page: Page, answer: LostAnswer, down: bool) -> None:
    """At home again, so that all that is left of the visit is what it owes."""
    if not down:
        await asyncio.wait_for(answer.lost.wait(), PATIENCE)
    await page.touch("finish")
    await page.on("home")
    answer.agent_life.cancel()


async def _delivered(center: RealCenter, hall: Hall) -> None:
    """A fresh agent says what the killed one owed, and keeps nothing of it."""
    await center.start()
    async with hall.agent() as served:
        nothing_owed, link = asyncio.Event(), served.agent.link
        answered = link.listeners.answer

        def answer(request: Request, refusal: Refusal | None) -> None:
            answered(request, refusal)
            if not link.waiting():
                nothing_owed.set()

        link.listeners.answer = answer
        async with hall.page(served, "page-2") as page:
            assert page.state["screen"] == "home"
            await asyncio.wait_for(nothing_owed.wait(), PATIENCE)
            await page.touch("start", intent="lookup")
            await page.on("lookup")
            await page.touch("finish")
            await page.on("home")
            await page.until(lambda: page.state["wiped"])
    assert [path for path in (hall.data / "spool").rglob("*") if path.is_file()] == []


async def test_a_visit_with_a_real_center(center: RealCenter, hall: Hall) -> None:
    async with contextlib.AsyncExitStack() as stack:
        served = await stack.enter_async_context(hall.agent())
        page = await stack.enter_async_context(hall.page(served))
        await to_papers(page)
        await page.touch("open_scan")
        await page.hears("desk.track")
        await scan(page, hall.bench, 180)
        await page.touch("scan_done")
        await page.until(lambda: page.state["consultation"] is not None)
        assert page.state["consultation"]["place"]["position"] == 1
        await page.until(lambda: page.state["pages"][0]["sent"])

        lawyer = await stack.enter_async_context(Lawyer(center.origin))
        await stack.enter_async_context(lawyer.on_duty())
        await _talk(page, lawyer)
        peer = page.state["room"]["peers"][0]["peer_id"]
        await page.send("page.signal", to=peer, payload="an offer")
        assert (await lawyer.hears("room.signalled"))["payload"] == "an offer"

        await page.touch("open_scan")
        await scan(page, hall.bench, 120)
        await page.until(lambda: page.state["pages"][1]["sent"])
        await page.touch("hang_up")
        await page.on("rate")
        await page.touch("rate", score=4)
        await page.on("slip")
        await page.until(lambda: page.state["wiped"])
        assert page.state["slip"]["number"].startswith("YJ-")
        await hall.emptied()


async def test_both_restart_while_the_resident_waits(center: RealCenter, hall: Hall) -> None:
    async with hall.agent() as served, hall.page(served) as page:
        await to_papers(page)
        await page.touch("call_lawyer")
        await page.until(lambda: page.state["consultation"] is not None)
        number = page.state["consultation"]["number"]
        await center.stop()
        await page.until(lambda: page.state["link"] == "offline")
        await page.touch("open_scan")
        await page.hears("desk.track")
        await scan(page, hall.bench, 150)
    await center.start()
    async with hall.agent() as served, hall.page(served, "page-2") as page:
        await page.until(lambda: page.state["link"] == "online")
        assert (page.state["screen"], len(page.state["pages"])) == ("scan", 1)
        await page.until(lambda: page.state["pages"][0]["sent"])
        assert page.state["consultation"]["number"] == number
        await page.touch("finish")
        await page.on("home")
        await page.until(lambda: page.state["wiped"])
        await page.touch("start", intent="lookup")
        await page.on("lookup")
        ask = {"number": number, "slip_code": "000000"}
        await page.touch("ask_lookup", ask=ask)
        await page.until(lambda: [n["code"] for n in page.state["notices"]] == ["lookup_not_found"])


async def test_a_revoked_kiosk_is_cut_off_at_once(center: RealCenter, hall: Hall) -> None:
    async with hall.agent() as served, hall.page(served) as page:
        await page.until(lambda: page.state["link"] == "online")
        async with Admin(center.origin) as admin:
            await admin.post("/api/kiosks/K01/revoke")
        await page.on("out_of_service")


@pytest.mark.parametrize("down", [True, False])
async def test_what_was_given_counts_once_though_the_agent_was_killed(
    center: RealCenter, hall: Hall, down: bool
) -> None:
    """The center was down when it was given, or did it and could not say so."""
    async with hall.agent() as served, hall.page(served) as page:
        answer = LostAnswer(served, MessageLeave)
        await _wait(page)
        await _line_down(center, page, down)
        await page.touch("leave_message", text="the landlord keeps my deposit", phone=None)
        await page.on("message" if down else "slip")
        await _kill(page, answer, down)
    await _delivered(center, hall)
    assert len(center.logged("message_left")) == 1
    assert center.logged("left") == []

    async with (
        hall.agent() as served,
        hall.page(served) as page,
        Lawyer(center.origin) as lawyer,
    ):
        answer = LostAnswer(served, ConsultationRate)
        await _wait(page)
        async with lawyer.on_duty():
            await _talk(page, lawyer)
            await _line_down(center, page, down)
            await page.touch("hang_up")
            await page.on("rate")
            await page.touch("rate", score=2)
            await page.on("slip")
            await page.until(lambda: page.state["wiped"])
            await _kill(page, answer, down)
    await _delivered(center, hall)
    assert center.logged("rated") == [{"score": 2}]
    assert len(center.logged("hung_up")) == 1
