"""The agent's door to the kiosk page: one page at a time, and the newest one wins."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import WSCloseCode, WSMsgType, web
from pydantic import ValidationError

from center.protocol.base import FRAME_LIMIT, HELLO_SECONDS
from kiosk.messages import (
    PAGE_PROTOCOL_VERSION,
    AgentToPage,
    PageAlive,
    PageHello,
    PageRefusal,
    PageToAgent,
    page_to_agent,
)
from kiosk.words import NoticeCode

log = logging.getLogger(__name__)

OUTBOX = 128
HARD_LIMIT = 4 * FRAME_LIMIT
"""A frame over `FRAME_LIMIT` is refused in words, one over this closes the socket, bytes."""
REPLACED = 4409
"""Tells the older window not to come back; see `CloseCode` of the shared socket."""
SLOW = 4002


def _ignore(*_: object) -> None:
    return None


@dataclass(slots=True)
class PageListeners:
    """Told on the event loop, must not block."""

    arrived: Callable[[str], None] = _ignore
    gone: Callable[[], None] = _ignore
    frame: Callable[[PageToAgent], None] = _ignore


class _Sitting:
    """One socket with its one writer."""

    def __init__(self, socket: web.WebSocketResponse, session: str) -> None:
        self.socket, self.session = socket, session
        self._outbox: asyncio.Queue[str] = asyncio.Queue(OUTBOX)
        self._writer = asyncio.create_task(self._write())

    def send(self, frame: AgentToPage) -> None:
        try:
            self._outbox.put_nowait(frame.model_dump_json())
        except asyncio.QueueFull:
            log.warning("the page does not read; its socket is cut")
            self.cut(SLOW)

    def cut(self, code: int) -> None:
        """Close from our side; the page may come back."""
        self._writer.cancel()
        self._closing = asyncio.create_task(self.socket.close(code=code))

    def crowded(self) -> bool:
        return self._outbox.qsize() > OUTBOX // 2

    async def _write(self) -> None:
        try:
            while True:
                await self.socket.send_str(await self._outbox.get())
        except ConnectionError:
            return


class PageDoor:
    """Serves `/ws/page`."""

    def __init__(self, silence_s: float) -> None:
        self._silence = silence_s
        self._sitting: _Sitting | None = None
        self._heard = 0.0
        self.listeners = PageListeners()

    @property
    def session(self) -> str | None:
        """The page instance that is there; null when none is."""
        return self._sitting.session if self._sitting else None

    def alive(self) -> bool:
        """Whether the page has been heard lately."""
        return self._sitting is not None and time.monotonic() - self._heard < self._silence

    def cut_if_silent(self) -> None:
        """A page that hangs loses its socket; a living script will come back."""
        if self._sitting is not None and not self.alive():
            log.warning("the page is silent; its socket is cut")
            self._sitting.cut(WSCloseCode.GOING_AWAY)

    def send(self, frame: AgentToPage, droppable: bool = False) -> None:
        """To the page that is there; a droppable frame is left out when it reads slowly."""
        if self._sitting is not None and not (droppable and self._sitting.crowded()):
            self._sitting.send(frame)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One socket, from hello to its end."""
        socket = web.WebSocketResponse(max_msg_size=HARD_LIMIT, heartbeat=self._silence)
        await socket.prepare(request)
        session = await self._hello(socket)
        if session is None:
            return socket
        sitting = self._enter(socket, session)
        try:
            await self._read(sitting)
        finally:
            self._leave(sitting)
        return socket

    async def _hello(self, socket: web.WebSocketResponse) -> str | None:
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                message = await socket.receive()
            hello = page_to_agent.validate_json(message.data)
            if isinstance(hello, PageHello) and hello.protocol == PAGE_PROTOCOL_VERSION:
                return hello.page_session
            detail = "hello of this protocol comes first"
        except (TimeoutError, ValidationError, TypeError) as error:
            detail = f"no hello: {type(error).__name__}"
        if not socket.closed:
            refusal = PageRefusal(code=NoticeCode.BAD_FRAME, detail=detail)
            await socket.send_str(refusal.model_dump_json())
            await socket.close(code=WSCloseCode.POLICY_VIOLATION)
        return None

    def _enter(self, socket: web.WebSocketResponse, session: str) -> _Sitting:
        if self._sitting is not None:
            self._sitting.cut(REPLACED)
        self._sitting = _Sitting(socket, session)
        self._heard = time.monotonic()
        self.listeners.arrived(session)
        return self._sitting

    def _leave(self, sitting: _Sitting) -> None:
        sitting.cut(WSCloseCode.OK)
        if self._sitting is sitting:
            self._sitting = None
            self.listeners.gone()

    async def _read(self, sitting: _Sitting) -> None:
        async for message in sitting.socket:
            if sitting is not self._sitting:
                return
            self._heard = time.monotonic()
            if message.type is WSMsgType.TEXT:
                self._take(sitting, message.data)
            else:
                self._refuse(sitting, NoticeCode.BAD_FRAME, "text frames only")

    def _take(self, sitting: _Sitting, text: str) -> None:
        if len(text.encode()) > FRAME_LIMIT:
            self._refuse(sitting, NoticeCode.FRAME_TOO_LARGE, f"limit {FRAME_LIMIT} bytes")
            return
        try:
            frame = page_to_agent.validate_json(text)
        except ValidationError as error:
            self._refuse(sitting, NoticeCode.BAD_FRAME, error.errors()[0]["msg"])
            return
        if isinstance(frame, PageHello):
            self._refuse(sitting, NoticeCode.BAD_FRAME, "hello was said")
        elif not isinstance(frame, PageAlive):
            self.listeners.frame(frame)

    @staticmethod
    def _refuse(sitting: _Sitting, code: NoticeCode, detail: str) -> None:
        sitting.send(PageRefusal(code=code, detail=detail))
