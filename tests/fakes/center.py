"""A center for the agent's tests: real sockets and the real wire, with the rules left out.

Tests move its one consultation by hand, refuse what they like, and stop and start it on the
same port; what it was told survives, as a real center's database would.
"""

import asyncio
import secrets
from base64 import urlsafe_b64decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TypeVar

from aiohttp import WSMsgType, web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel

from center.protocol.frames import Ack, Refusal, Request, Welcome
from center.protocol.kiosk_wire import (
    Challenge,
    ConsultationPush,
    ConsultationRequest,
    Heartbeat,
    KioskHello,
    Revoked,
    challenge_bytes,
    kiosk_to_center,
)
from center.protocol.mediation import AgreementAsk
from center.protocol.rest import Enrol, Enrolled, LineView, PageRecord, PageStored, Problem
from center.protocol.views import ConsultationView, IceServer, PageView
from center.protocol.words import (
    ConsultationState,
    ErrorCode,
    IceTransportPolicy,
    Language,
    PageStage,
)
from tests.support.patience import PATIENCE
from tests.support.processes import free_port

T = TypeVar("T")

PLACE = Enrolled(
    kiosk_id="K01",
    township="公园街道",
    hall="公园街道公共法律服务工作站",
    hall_phone="0433-2510001",
    languages=(Language.ZH, Language.KO, Language.EN),
)


@dataclass
class CenterDouble:
    """`start()`, `stop()`; what arrived is in the public fields."""

    code: str = "ENROL-ME-NOW"
    port: int = field(default_factory=free_port)
    skew: timedelta = timedelta()
    public_key: str | None = None
    revoked: bool = False
    silent: bool = False
    seq: int = 0
    requests: list[Request] = field(default_factory=list)
    heartbeats: list[Heartbeat] = field(default_factory=list)
    hellos: list[KioskHello] = field(default_factory=list)
    refuse: dict[type, ErrorCode] = field(default_factory=dict)
    unanswered: set[type] = field(default_factory=set)
    refuse_http: dict[str, ErrorCode] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    pages: list[tuple[str, str, PageRecord]] = field(default_factory=list)
    stages: list[tuple[str, PageStage]] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    refuse_blobs: set[str] = field(default_factory=set)
    begun: dict[str, bytearray] = field(default_factory=dict)
    begins: list[int] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    answer_blob: Callable[[str], Awaitable[object]] | None = None
    view: ConsultationView | None = None
    relays: tuple[IceServer, ...] = ()
    copies: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.changed = asyncio.Condition()
        self.flowing = asyncio.Event()
        self.flowing.set()
        self._sockets: set[web.WebSocketResponse] = set()
        self._runner: web.AppRunner | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        app = web.Application(client_max_size=2**25)
        app.router.add_post("/api/kiosks/enrol", self._enrol)
        app.router.add_get("/ws/kiosk", self._socket)
        app.router.add_get("/api/line", self._line)
        app.router.add_post("/api/agreements", self._agreement)
        app.router.add_get("/healthz", self._health)
        app.router.add_put("/api/blobs/{sha256}", self._blob)
        app.router.add_get("/api/blobs/{sha256}", self._arrival)
        app.router.add_put("/api/consultations/{ref}/pages/{sha256}", self._page)
        picture = "/api/consultations/{ref}/pages/{sha256}/pictures/{picture}"
        app.router.add_put(picture, self._page_picture)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        """As if killed: sockets are cut, nothing is said."""
        runner, self._runner = self._runner, None
        for socket in tuple(self._sockets):
            transport = socket._req.transport if socket._req else None
            if transport is not None:
                transport.abort()
        if runner is not None:
            await runner.cleanup()

    async def until(self, true: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something about what arrived is true."""
        async with asyncio.timeout(seconds), self.changed:
            await self.changed.wait_for(true)

    def said(self, kind: type) -> list[Request]:
        """The requests of one type, in their order."""
        return [request for request in self.requests if isinstance(request, kind)]

    def done(self, kind: type) -> list[Request]:
        """The same without repetitions, as the center's log has it."""
        once = {request.model_dump_json(exclude={"id"}): request for request in self.said(kind)}
        return list(once.values())

    async def show(self, state: ConsultationState, **changes: object) -> None:
        """Move the consultation and push it."""
        assert self.view is not None
        talk = self.view.talk_started_at
        if state is ConsultationState.ACTIVE and talk is None:
            talk = datetime.now(UTC)
        self.view = self.view.model_copy(
            update={"state": state, "talk_started_at": talk, **changes}
        )
        await self.push(self._pushed())

    async def push(self, frame: BaseModel) -> None:
        for socket in tuple(self._sockets):
            await socket.send_str(frame.model_dump_json())

    async def revoke(self) -> None:
        self.revoked = True
        await self.push(Revoked())
        for socket in tuple(self._sockets):
            await socket.close()

    def _pushed(self) -> ConsultationPush:
        assert self.view is not None
        self.seq += 1
        return ConsultationPush(seq=self.seq, consultation=self.view)

    async def _enrol(self, request: web.Request) -> web.Response:
        body = Enrol.model_validate_json(await request.read())
        if body.code != self.code:
            return _problem(ErrorCode.BAD_ENROLMENT_CODE, 403)
        self.public_key = body.public_key
        return web.Response(text=PLACE.model_dump_json())

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=not self.silent)
        await socket.prepare(request)
        nonce = secrets.token_urlsafe(32)
        await socket.send_str(Challenge(protocol=1, nonce=nonce).model_dump_json())
        hello = KioskHello.model_validate_json(await socket.receive_str())
        if self.revoked or not self._proves(hello, nonce):
            code = ErrorCode.KIOSK_REVOKED if self.revoked else ErrorCode.BAD_SIGNATURE
            refusal = Refusal(re=None, code=code, detail="not you")
            await socket.send_str(refusal.model_dump_json())
            await socket.close()
            return socket
        try:
            await self._welcome(socket, hello)
            await self._talk(socket)
        finally:
            self._sockets.discard(socket)
        return socket

    def _proves(self, hello: KioskHello, nonce: str) -> bool:
        key = Ed25519PublicKey.from_public_bytes(_bytes(self.public_key or ""))
        try:
            key.verify(_bytes(hello.signature), challenge_bytes(nonce, hello.kiosk_id))
        except InvalidSignature:
            return False
        return True

    async def _welcome(self, socket: web.WebSocketResponse, hello: KioskHello) -> None:
        welcome = Welcome(
            seq=self.seq,
            resumed=hello.last_seq > 0,
            center_time=datetime.now(UTC) + self.skew,
            upload_token="token",
        )
        await socket.send_str(welcome.model_dump_json())
        if self.view is not None and hello.last_seq < self.seq:
            push = ConsultationPush(seq=self.seq, consultation=self.view)
            await socket.send_str(push.model_dump_json())
        self._sockets.add(socket)
        await self._note(self.hellos, hello)  # only now: what a test pushes next reaches this kiosk

    async def _talk(self, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._answer(socket, kiosk_to_center.validate_json(message.data))

    async def _answer(self, socket: web.WebSocketResponse, request: Request) -> None:
        if isinstance(request, Heartbeat):
            await self._note(self.heartbeats, request)
            return
        await self._note(self.requests, request)
        code = self.refuse.get(type(request))
        if code is not None:
            refusal = Refusal(re=request.id, code=code, detail="as told")
            await socket.send_str(refusal.model_dump_json())
            return
        if isinstance(request, ConsultationRequest) and self.view is None:
            self.view = _queued(request)
            await socket.send_str(self._pushed().model_dump_json())
        if not self.silent and type(request) not in self.unanswered:
            await socket.send_str(Ack(re=request.id).model_dump_json())

    async def _line(self, _: web.Request) -> web.Response:
        policy = IceTransportPolicy.ALL
        line = LineView(ice_servers=self.relays, ice_transport_policy=policy)
        return web.Response(text=line.model_dump_json())

    async def _agreement(self, request: web.Request) -> web.Response:
        ask = AgreementAsk.model_validate_json(await request.read())
        copy = self.copies.get((ask.number, ask.code))
        return web.Response(body=copy) if copy else _problem(ErrorCode.NOT_FOUND, 404)

    async def _health(self, request: web.Request) -> web.Response:
        await self._note(self.reached, request.path)
        return web.Response()

    async def _arrival(self, request: web.Request) -> web.Response:
        name = request.match_info["sha256"]
        there = {"stored": name in self.blobs, "size": len(self.begun.get(name, b""))}
        return web.json_response(there)

    async def _blob(self, request: web.Request) -> web.Response:
        name = request.match_info["sha256"]
        whole = request.headers.get("Content-Range")
        begin = int(whole.removeprefix("bytes ").partition("-")[0]) if whole else 0
        self.begins.append(begin)
        data = self.begun[name] = self.begun.get(name, bytearray())[:begin]
        async for chunk in request.content.iter_any():
            data += chunk
            async with self.changed:
                self.changed.notify_all()
            await self.flowing.wait()
        refusal = await self._keep(name, bytes(data))
        return refusal or web.json_response({"sha256": name, "size": len(data)})

    async def _keep(self, name: str, data: bytes) -> web.Response | None:
        if sha256(data).hexdigest() != name:
            return _problem(ErrorCode.HASH_MISMATCH, 422)
        await self._note(self.sent, name)
        if self.answer_blob is not None:
            await self.answer_blob(name)
        if name in self.refuse_blobs:
            return _problem(ErrorCode.STORAGE_FULL, 507)
        self.blobs[name] = data
        return None

    async def _page_picture(self, request: web.Request) -> web.Response:
        form = await request.post()
        record, picture = form["record"], form["picture"]
        assert isinstance(record, bytearray | bytes)
        assert isinstance(picture, bytearray | bytes)
        refusal = await self._keep(request.match_info["picture"], bytes(picture))
        return refusal or await self._page_as(request, bytes(record))

    async def _page(self, request: web.Request) -> web.Response:
        return await self._page_as(request, await request.read())

    async def _page_as(self, request: web.Request, body: bytes) -> web.Response:
        ref, name = request.match_info["ref"], request.match_info["sha256"]
        if name in self.refuse_http:
            return _problem(self.refuse_http[name], 422)
        record = PageRecord.model_validate_json(body)
        stage = self._stage(name, record)
        if all(page[1] != name for page in self.pages):
            await self._note(self.pages, (ref, name, record))
        position = [page[1] for page in self.pages].index(name) + 1
        page = PageView(
            position=position,
            sha256=name,
            captured_at=record.captured_at,
            received_at=datetime.now(UTC),
            width=record.width,
            height=record.height,
            verdict=record.verdict,
            codes=record.codes,
            stage=stage,
        )
        await self._note(self.stages, (name, stage))
        return web.Response(text=PageStored(seq=self.seq, page=page).model_dump_json())

    def _stage(self, name: str, record: PageRecord) -> PageStage:
        if {name, record.clean_sha256} <= set(self.blobs):
            return PageStage.WHOLE
        assert {record.clean_sha256, record.preview_sha256} & set(self.blobs)
        return PageStage.CLEAN if record.clean_sha256 in self.blobs else PageStage.PREVIEW

    async def _note(self, where: list[T], what: T) -> None:
        async with self.changed:
            where.append(what)
            self.changed.notify_all()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _problem(code: ErrorCode, status: int) -> web.Response:
    problem = Problem(title=code, status=status, code=code, detail="as told")
    return web.Response(
        status=status, text=problem.model_dump_json(), content_type="application/problem+json"
    )


def _queued(request: ConsultationRequest) -> ConsultationView:
    return ConsultationView(
        consultation_id=f"c-{request.client_ref[:8]}",
        number="YJ-20261121-0007",
        state=ConsultationState.WAITING,
        language=request.language,
        matter=request.matter,
        requested_at=datetime.now(UTC),
        place=None,
        lawyer=None,
        deadline=None,
        talk_started_at=None,
        pages=(),
        cause=None,
        rating=None,
        slip_code="123456",
        answer_promised_at=None,
    )
