"""One WebSocket: typed frames in, a bounded outbox with one writer out.

Only the writer task touches the sending half. Everybody else calls `send`, which never waits: a
client that does not read fast enough fills its outbox and is cut, and resumes when it comes back.
"""

import asyncio
import itertools
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from aiohttp import WSMsgType, web
from pydantic import BaseModel, TypeAdapter, ValidationError

from center.protocol.base import FRAME_LIMIT
from center.protocol.frames import Ack, Refusal, Request
from center.protocol.words import ErrorCode
from config.logging import bind_connection

log = logging.getLogger(__name__)

FrameT = TypeVar("FrameT", bound=BaseModel)
RequestT = TypeVar("RequestT", bound=Request)

HARD_FRAME_LIMIT = 4 * FRAME_LIMIT
"""Above this a frame is not even read: the socket is closed with 1009. Between, it is refused."""

BURST_FRAMES = 200
"""Frames a client may send at once: a joining page trickles dozens of candidates."""

FRAMES_A_SECOND = 50.0
"""Frames a client may send in the long run."""

CLOSE_SHUTDOWN = 1001
CLOSE_FAILED = 1011
CLOSE_HELLO = 4401
CLOSE_REVOKED = 4403
CLOSE_PROTOCOL = 4406
CLOSE_REPLACED = 4409

_numbers = itertools.count(1)


class FrameRefused(Exception):
    """A frame that could not be read; `re` is its request id when that much was legible."""

    def __init__(self, code: ErrorCode, detail: str, re: int | None = None) -> None:
        super().__init__(detail)
        self.code, self.detail, self.re = code, detail[:400], re


class TokenBucket:
    """Allows `burst` at once and `rate` a second in the long run."""

    def __init__(self, rate: float, burst: int, time: Callable[[], float]) -> None:
        self._rate, self._burst, self._time = rate, burst, time
        self._tokens, self._at = float(burst), time()

    def take(self) -> bool:
        """Whether one more is allowed now."""
        now = self._time()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


def parse(adapter: TypeAdapter[FrameT], text: str) -> FrameT:
    """A typed frame.

    Raises:
        FrameRefused: frame_too_large, bad_frame or unknown_type.
    """
    if len(text.encode()) > FRAME_LIMIT:
        raise FrameRefused(ErrorCode.FRAME_TOO_LARGE, f"more than {FRAME_LIMIT} bytes")
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        raise _refusal(error, text) from None


def _refusal(error: ValidationError, text: str) -> FrameRefused:
    first = error.errors(include_input=False, include_url=False)[0]
    code = ErrorCode.UNKNOWN_TYPE if first["type"] == "union_tag_invalid" else ErrorCode.BAD_FRAME
    where = ".".join(str(part) for part in first["loc"])
    return FrameRefused(code, f"{where}: {first['msg']}" if where else first["msg"], _id_of(text))


def _id_of(text: str) -> int | None:
    """The request id of a frame that is otherwise wrong, so that the refusal can name it."""
    try:
        frame: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    value = frame.get("id") if isinstance(frame, dict) else None
    return value if type(value) is int and 1 <= value < 2**53 else None


class Bulletin:
    """A frame that many get: what it says and how it is sent are written once for all of them."""

    def __init__(self, frame: BaseModel, view: BaseModel) -> None:
        self.text, self.content = frame.model_dump_json(), view.model_dump_json()


class Connection:
    """A socket after its handshake with HTTP and before its hello."""

    def __init__(self, request: web.Request, kind: str, outbox_frames: int) -> None:
        self.name = f"{kind}-{next(_numbers)}"
        self._request = request
        self._limit = outbox_frames
        self._socket = web.WebSocketResponse(
            max_msg_size=HARD_FRAME_LIMIT, heartbeat=20.0, compress=False, timeout=1.0
        )
        self.ended = asyncio.Event()
        self._outbox: deque[str] = deque()
        self._newest: dict[str, str] = {}
        self._wake = asyncio.Event()
        self._close: tuple[int, str] | None = None
        self._last_id = 0
        self._sent: dict[str, BaseModel | str | None] = {}
        self._bucket = TokenBucket(FRAMES_A_SECOND, BURST_FRAMES, asyncio.get_running_loop().time)

    @property
    def closing(self) -> bool:
        """Whether nothing more will be sent."""
        return self._close is not None

    async def open(self) -> web.WebSocketResponse:
        """Finish the HTTP upgrade; log lines of this task carry the connection's name."""
        bind_connection(self.name)
        await self._socket.prepare(self._request)
        return self._socket

    def send(self, frame: BaseModel) -> None:
        """Queue a frame; a full outbox cuts the client."""
        if self._close is None:
            self._put(frame.model_dump_json())

    def send_view(self, key: str, frame: BaseModel, view: BaseModel | None) -> None:
        """Queue a frame unless the client was already sent this very view under `key`.

        Without a view the frame always goes out, and so does the next one under its key.
        """
        if view is not None and self._sent.get(key) == view:
            return
        self._sent[key] = view
        self.send(frame)

    def post(self, key: str, bulletin: Bulletin) -> None:
        """The same for what many get; a full outbox cuts the client as well."""
        if self._close is None and self._sent.get(key) != bulletin.content:
            self._sent[key] = bulletin.content
            self._put(bulletin.text)

    def send_newest(self, key: str, frame: BaseModel) -> None:
        """Queue a frame of which only the newest is of use: under one `key` at most one waits, so
        a slow client gets fewer and is never cut for them."""
        if self._close is None:
            self._newest[key] = frame.model_dump_json()
            self._wake.set()

    def close(self, code: int, reason: str) -> None:
        """Close after what is queued was sent."""
        if self._close is None:
            self._close = (code, reason)
            self._wake.set()

    def _put(self, text: str) -> None:
        if len(self._outbox) >= self._limit:
            self._cut()
            return
        self._outbox.append(text)
        self._wake.set()

    def _cut(self) -> None:
        log.warning("slow client cut: %d frames unread on %s", len(self._outbox), self.name)
        self._close = (1013, "slow")
        self._outbox.clear()
        self._newest.clear()
        self._wake.set()
        if self._request.transport is not None:
            self._request.transport.abort()

    async def write(self) -> None:
        """The one writer; returns when the socket is closed from our side."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._outbox or self._newest:
                await self._socket.send_str(self._next())
            if self._close is not None:
                code, reason = self._close
                await self._socket.close(code=code, message=reason.encode())
                return

    def _next(self) -> str:
        if self._outbox:
            return self._outbox.popleft()
        return self._newest.pop(next(iter(self._newest)))

    async def abandon(self) -> None:
        """Close without waiting for the client's goodbye."""
        if not self._socket.closed:
            code, reason = self._close or (CLOSE_SHUTDOWN, "gone")
            await self._socket.close(code=code, message=reason.encode(), drain=False)

    async def receive(self, adapter: TypeAdapter[FrameT]) -> FrameT:
        """The next frame.

        Raises:
            FrameRefused: it is not a frame of this union.
            ConnectionResetError: the socket is closed.
        """
        message = await self._socket.receive()
        if message.type is WSMsgType.TEXT:
            return parse(adapter, message.data)
        if message.type is WSMsgType.BINARY:
            raise FrameRefused(ErrorCode.BAD_FRAME, "frames are text")
        raise ConnectionResetError("socket closed")

    async def requests(self, adapter: TypeAdapter[RequestT]) -> AsyncIterator[RequestT]:
        """Well-formed requests in rising order of id; everything else is refused on the spot."""
        while True:
            try:
                frame = await self.receive(adapter)
                self._admit(frame)
            except FrameRefused as refused:
                self.refuse(refused.re, refused.code, refused.detail)
            except ConnectionResetError:
                return
            else:
                yield frame

    def _admit(self, frame: Request) -> None:
        if frame.id <= self._last_id:
            detail = f"id {frame.id} after {self._last_id}"
            raise FrameRefused(ErrorCode.OUT_OF_ORDER, detail, frame.id)
        self._last_id = frame.id
        if not self._bucket.take():
            raise FrameRefused(ErrorCode.TOO_MANY_REQUESTS, "slow down", frame.id)

    def ack(self, re: int) -> None:
        """Tell the client that its request was carried out."""
        self.send(Ack(re=re))

    def refuse(self, re: int | None, code: ErrorCode, detail: str) -> None:
        """Tell the client that its frame changed nothing, and why."""
        log.info("refused %s: %s", code, detail)
        self.send(Refusal(re=re, code=code, detail=detail[:400]))
