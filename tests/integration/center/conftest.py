"""A real center on a real port with a real SQLite file, and clients that speak its wire."""

import asyncio
import base64
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from center import keys
from center.app import create_app
from center.protocol.kiosk_wire import challenge_bytes
from config.settings import CenterSettings, Settings
from tests.support.patience import PATIENCE

PASSWORD = "jiujin-demo"

Frame = dict[str, Any]


class Socket:
    """One end of a WebSocket: requests with rising ids, and what came and was not yet asked for."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws
        self.seen: list[Frame] = []
        self._id = 0

    async def next(self) -> Frame:
        """The next frame; raises ConnectionError with the close code when there is none."""
        message = await asyncio.wait_for(self.ws.receive(), PATIENCE)
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise ConnectionError(f"closed with {self.ws.close_code}")
        frame: Frame = message.json()
        self.seen.append(frame)
        return frame

    async def until(self, kind: str, fits: Callable[[Frame], bool] = lambda _: True) -> Frame:
        """The next frame of this type that fits."""
        while True:
            frame = await self.next()
            if frame["type"] == kind and fits(frame):
                return frame

    async def shows(self, kind: str, fits: Callable[[Frame], bool] = lambda _: True) -> Frame:
        """The newest frame of this type as soon as it fits; it may have come before an ack."""
        told = [frame for frame in self.seen if frame["type"] == kind]
        return told[-1] if told and fits(told[-1]) else await self.until(kind, fits)

    async def post(self, kind: str, **fields: Any) -> int:
        """Send a request; its id."""
        self._id += 1
        await self.ws.send_json({"type": kind, "id": self._id, **fields})
        return self._id

    async def ask(self, kind: str, **fields: Any) -> Frame:
        """Send a request and wait for its ack or error; frames in between stay in `seen`."""
        number = await self.post(kind, **fields)
        while True:
            frame = await self.next()
            if frame["type"] in ("ack", "error") and frame["re"] == number:
                return frame

    async def do(self, kind: str, **fields: Any) -> None:
        """A request that must succeed."""
        answer = await self.ask(kind, **fields)
        assert answer["type"] == "ack", answer

    def newest(self, kind: str) -> Frame:
        """The newest frame of a type that came so far."""
        return next(frame for frame in reversed(self.seen) if frame["type"] == kind)

    async def closed(self) -> int | None:
        """Wait for the end; the close code."""
        async with asyncio.timeout(PATIENCE):
            while True:
                message = await self.ws.receive()
                if message.type is aiohttp.WSMsgType.CLOSE:
                    return int(message.data)
                if message.type is not aiohttp.WSMsgType.TEXT:
                    return self.ws.close_code
                self.seen.append(message.json())


@dataclass
class Device:
    """A kiosk's agent, as far as the wire is concerned."""

    center: "Center"
    kiosk_id: str
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    token: str = ""

    @property
    def public_key(self) -> str:
        return _b64(self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def enrol(self) -> None:
        """With a code that the admin issues."""
        admin = await self.center.sign_in("admin")
        code = await admin.post(f"/api/kiosks/{self.kiosk_id}/code", {}, status=201)
        body = {"code": code["code"], "public_key": self.public_key}
        async with self.center.http.post("/api/kiosks/enrol", json=body) as answer:
            assert answer.status == 200, await answer.text()

    async def knock(self) -> tuple[Socket, Frame]:
        """An open socket and its challenge."""
        socket = Socket(await self.center.http.ws_connect("/ws/kiosk"))
        return socket, await socket.until("challenge")

    async def hello(self, socket: Socket, nonce: str, last_seq: int = 0, **changed: Any) -> None:
        """Answer the challenge."""
        signature = _b64(self.key.sign(challenge_bytes(nonce, self.kiosk_id)))
        frame = {
            "type": "kiosk.hello",
            "protocol": 1,
            "kiosk_id": self.kiosk_id,
            "signature": signature,
            "last_seq": last_seq,
            "kiosk_time": datetime.now(UTC).isoformat(),
        }
        await socket.ws.send_json(frame | changed)

    async def connect(self, last_seq: int = 0, **changed: Any) -> Socket:
        """A welcomed socket."""
        socket, challenge = await self.knock()
        await self.hello(socket, challenge["nonce"], last_seq, **changed)
        self.token = (await socket.until("welcome"))["upload_token"]
        return socket


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Person:
    """A signed-in staff member's browser."""

    center: "Center"
    cookie: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": self.cookie, "Origin": self.center.origin}

    async def get(self, path: str, status: int = 200) -> Any:
        async with self.center.http.get(path, headers=self.headers) as answer:
            assert answer.status == status, await answer.text()
            return await answer.json()

    async def post(self, path: str, body: Any, status: int = 200) -> Any:
        async with self.center.http.post(path, json=body, headers=self.headers) as answer:
            assert answer.status == status, await answer.text()
            return await answer.json()

    async def connect(self, last_seq: int = 0) -> Socket:
        """A welcomed socket."""
        socket = Socket(await self.center.http.ws_connect("/ws/staff", headers=self.headers))
        await socket.ws.send_json({"type": "staff.hello", "protocol": 1, "last_seq": last_seq})
        await socket.until("welcome")
        return socket


class Center:
    """The server; may be stopped and started again on the same data and port."""

    def __init__(
        self, settings: Settings, hello_seconds: float = 5.0, host: str = "127.0.0.1"
    ) -> None:
        self.settings = settings
        self._host = host
        self.port = 0
        self.http: aiohttp.ClientSession
        self.app: web.Application
        self._hello_seconds = hello_seconds
        self._runner: web.AppRunner | None = None
        self._cookies: dict[str, str] = {}

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.start()
        self.http = aiohttp.ClientSession(self.origin, cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.http.close()
        await self.stop()

    async def start(self) -> None:
        self.app = create_app(self.settings, hello_seconds=self._hello_seconds)
        self._runner = web.AppRunner(self.app, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def sign_in(self, username: str) -> Person:
        """One argon2 a name and test; the session is used again."""
        if username not in self._cookies:
            body = {"username": username, "password": PASSWORD}
            headers = {"Origin": self.origin}
            async with self.http.post("/api/session", json=body, headers=headers) as answer:
                assert answer.status == 200, await answer.text()
                self._cookies[username] = answer.headers["Set-Cookie"].partition(";")[0]
        return Person(self, self._cookies[username])

    async def device(self, kiosk_id: str = "K01") -> Device:
        """An enrolled kiosk."""
        device = Device(self, kiosk_id)
        await device.enrol()
        return device

    async def on_duty(self, username: str = "jin") -> Socket:
        """A lawyer's socket, available."""
        socket = await (await self.sign_in(username)).connect()
        await socket.do("duty.set", state="available")
        return socket

    async def head_seq(self) -> int:
        return await self.app[keys.VIEWS].head_seq()


def settings_for(folder: Path, **center: Any) -> Settings:
    """Demo settings on this folder; nobody reads the pages."""
    return Settings(demo=True, center=CenterSettings(data=folder, **{"read_pages": False} | center))


@pytest.fixture
def data(seeded_city: Path, tmp_path: Path) -> Path:
    """A copy of the city for one test."""
    return Path(shutil.copytree(seeded_city, tmp_path / "center"))


@pytest.fixture
async def center(data: Path) -> AsyncIterator[Center]:
    async with Center(settings_for(data)) as running:
        yield running


REQUEST: dict[str, Any] = {
    "client_ref": "visit-1",
    "language": "zh",
    "matter": "labour",
    "called_as": "老王",
    "consent_version": "1",
}


@dataclass
class Call:
    """A consultation that a lawyer accepted; both have a socket."""

    consultation_id: str
    device: Device
    kiosk: Socket
    staff: Socket

    async def join(self) -> None:
        """Both pages enter the room."""
        room = {"room_id": self.consultation_id}
        await self.kiosk.do("room.join", **room, page_session="k-1")
        await self.staff.do("room.join", **room, page_session="s-1")

    async def talk(self) -> None:
        """Both pages report media."""
        report = {"consultation_id": self.consultation_id, "state": "up"}
        await self.kiosk.do("media.report", **report)
        await self.staff.do("media.report", **report)


@pytest.fixture
async def call(center: Center) -> Call:
    return await accepted(center)


async def accepted(center: Center) -> Call:
    """K01's resident asks, and jin accepts."""
    device = await center.device()
    kiosk = await device.connect()
    staff = await center.on_duty("jin")
    await kiosk.do("consultation.request", **REQUEST)
    offer = await staff.until("consultation.offer", lambda f: f["offer"] is not None)
    consultation_id = offer["offer"]["consultation_id"]
    await staff.do("offer.accept", consultation_id=consultation_id)
    await kiosk.until("consultation.state", lambda f: f["consultation"]["state"] == "connecting")
    return Call(consultation_id, device, kiosk, staff)
