"""Janus' API over a WebSocket: one session on one server, its handles, and what is heard of them.

Protocol: https://janus.conf.meetecho.com/docs/rest (the WebSocket transport carries the same JSON,
with a `transaction` that the answer repeats). An `ack` is the answer to what has no result; to a
message for a plugin it only says that the result comes later, as an event.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Self

import aiohttp

from config.settings import JanusServer

log = logging.getLogger(__name__)

CONNECT_S = 1.5
"""How long a server may take to answer the first time."""
ANSWER_S = 1.5
"""How long a server may take to answer anything else; a longer silence is its end."""
KEEP_ALIVE_S = 1.0
"""Time between two signs of life; a dead server is noticed this and `ANSWER_S` later."""

PLUGIN = "janus.plugin.videoroom"

ACKED = frozenset({"keepalive", "trickle"})
"""Requests without a result."""

Frame = dict[str, Any]
Hear = Callable[[str], None]
"""Told what happens to a handle without being asked: `webrtcup`, `hangup`, …"""


class JanusDownError(Exception):
    """The server is not there, went away, or does not answer in time."""


class JanusRefusedError(Exception):
    """The server answered that it will not do it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the plugin said, and the SDP that came with it."""

    data: Mapping[str, Any]
    sdp: str | None


class Janus:
    """A session; it ends for good when the server is lost. Make it with `connect`."""

    def __init__(self, server: JanusServer) -> None:
        self.server = server
        self.lost = asyncio.Event()
        self._http = aiohttp.ClientSession()
        self._socket: aiohttp.ClientWebSocketResponse
        self._session_id: int | None = None
        self._asked: dict[str, tuple[str, asyncio.Future[Frame]]] = {}
        self._handles: dict[int, Hear] = {}
        self._living: asyncio.Task[None] | None = None

    @classmethod
    async def connect(cls, server: JanusServer) -> Self:
        """A new session. Raises JanusDownError, JanusRefusedError."""
        janus = cls(server)
        try:
            await janus._begin()
        except BaseException:
            await janus.close()
            raise
        return janus

    async def close(self) -> None:
        """End the session; its handles, and all media through them, end with it."""
        if self._session_id is not None:
            with suppress(JanusDownError, JanusRefusedError):
                await self.ask("destroy")
        await self.let_go()

    async def let_go(self) -> None:
        """Hear no more of the session; the media go on for its `reclaim_session_timeout`."""
        if self._living is not None:
            self._living.cancel()
            await asyncio.gather(self._living, return_exceptions=True)
        self._end()
        await self._http.close()

    async def attach(self, hear: Hear) -> "Handle":
        """A new handle of the VideoRoom plugin. Raises JanusDownError, JanusRefusedError."""
        reply = await self.ask("attach", plugin=PLUGIN)
        number: int = reply["data"]["id"]
        self._handles[number] = hear
        return Handle(self, number)

    def forget(self, number: int) -> None:
        """Hear no more of a handle."""
        self._handles.pop(number, None)

    async def ask(self, kind: str, **fields: Any) -> Frame:
        """The reply to a request.

        Raises:
            JanusDownError: no reply in time; the session is over.
            JanusRefusedError: an error was the reply.
        """
        if self.lost.is_set():
            raise JanusDownError(self.server.url)
        transaction = token_hex(8)
        reply: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        reply.add_done_callback(_seen)
        self._asked[transaction] = kind, reply
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._socket.send_json(self._request(kind, transaction, fields))
            # Unlike a timeout around it, this keeps an answer that came while the loop was busy.
            await asyncio.wait({reply}, timeout=ANSWER_S)
        except (TimeoutError, ConnectionError) as error:
            self._end()
            raise JanusDownError(f"{self.server.url} does not listen") from error
        finally:
            del self._asked[transaction]
        if not reply.done():
            self._end()
            raise JanusDownError(f"{self.server.url} does not answer")
        return _granted(reply.result())

    def _request(self, kind: str, transaction: str, fields: Frame) -> Frame:
        secret = self.server.secret.get_secret_value()
        session = {} if self._session_id is None else {"session_id": self._session_id}
        known = {"janus": kind, "transaction": transaction, "apisecret": secret}
        return known | session | fields

    async def _begin(self) -> None:
        try:
            async with asyncio.timeout(CONNECT_S):
                self._socket = await self._http.ws_connect(
                    self.server.url, protocols=("janus-protocol",)
                )
        except (TimeoutError, OSError, aiohttp.ClientError) as error:
            raise JanusDownError(f"{self.server.url}: {error!r}") from error
        self._living = asyncio.create_task(self._live())
        self._session_id = (await self.ask("create"))["data"]["id"]

    async def _live(self) -> None:
        beating = asyncio.create_task(self._beat())
        try:
            async for message in self._socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._heard(message.json())
        finally:
            beating.cancel()
            self._end()

    async def _beat(self) -> None:
        with suppress(JanusDownError, JanusRefusedError):
            while True:
                await asyncio.sleep(KEEP_ALIVE_S)
                await self.ask("keepalive")
        self._end()

    def _heard(self, frame: Frame) -> None:
        kind = frame["janus"]
        asked, reply = self._asked.get(frame.get("transaction", ""), ("", None))
        if reply is not None and (kind != "ack" or asked in ACKED):
            if not reply.done():
                reply.set_result(frame)
        elif kind == "timeout" and "sender" not in frame:
            self._end()
        elif hear := self._handles.get(frame.get("sender", 0)):
            hear(kind)

    def _end(self) -> None:
        self.lost.set()
        for _, reply in self._asked.values():
            if not reply.done():
                reply.set_exception(JanusDownError(f"{self.server.url} is gone"))


class Handle:
    """One conversation with the plugin, and at most one connection to a page."""

    def __init__(self, janus: Janus, number: int) -> None:
        self._janus, self._number = janus, number

    async def tell(self, request: str, sdp: tuple[str, str] | None = None, **body: Any) -> Answer:
        """The plugin's answer; `sdp` is the type and text of a description.

        Raises:
            JanusDownError, JanusRefusedError: see `Janus.ask`.
        """
        jsep = {} if sdp is None else {"jsep": {"type": sdp[0], "sdp": sdp[1]}}
        reply = await self._janus.ask(
            "message", handle_id=self._number, body={"request": request, **body}, **jsep
        )
        return Answer(_data(reply), reply.get("jsep", {}).get("sdp"))

    async def trickle(self, candidates: Sequence[Mapping[str, Any]]) -> None:
        """The page's candidates. Raises JanusDownError, JanusRefusedError."""
        await self._janus.ask("trickle", handle_id=self._number, candidates=list(candidates))

    async def detach(self) -> None:
        """End the conversation and the connection. Raises JanusDownError, JanusRefusedError."""
        self._janus.forget(self._number)
        await self._janus.ask("detach", handle_id=self._number)


def _seen(reply: asyncio.Future[Frame]) -> None:
    """Whoever asked and was cancelled does not look at it."""
    if not reply.cancelled():
        reply.exception()


def _granted(frame: Frame) -> Frame:
    if frame["janus"] == "error":
        raise JanusRefusedError(f"{frame['error']['code']} {frame['error']['reason']}")
    return frame


def _data(frame: Frame) -> Mapping[str, Any]:
    data: Mapping[str, Any] = frame["plugindata"]["data"]
    if "error_code" in data:
        raise JanusRefusedError(f"{data['error_code']} {data['error']}")
    return data
