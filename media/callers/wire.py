"""One WebSocket to the center: requests that are answered, and the newest frame of each type."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientWebSocketResponse, WSMsgType

from media.callers.errors import GoneError, LateError, RefusedError

Frame = dict[str, Any]
Fits = Callable[[Frame], bool]
PATIENCE_S = 30.0
"""How long anything may take that must come."""


class Wire:
    """A socket; closed at the end of the block."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._answers: dict[int, asyncio.Future[Frame]] = {}
        self._newest: dict[str, Frame] = {}
        self._moved = asyncio.Condition()
        self._last_id = 0
        self._gone = False
        self._reading = asyncio.create_task(self._read())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        await self._socket.close()
        await self._reading

    async def hello(self, **frame: object) -> None:
        """Say who this is, and be welcome. Raises as `until`."""
        await self._say(frame)
        await self.until("welcome")

    async def ask(self, kind: str, **fields: object) -> None:
        """Send a request and wait until it was carried out.

        Raises:
            RefusedError: the center will not.
            GoneError: the socket is closed.
            LateError: no answer came.
        """
        self._last_id += 1
        number, answer = self._last_id, asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._say({"type": kind, "id": number} | fields)
                frame = await answer
        except TimeoutError:
            raise LateError(f"no answer to {kind}") from None
        finally:
            del self._answers[number]
        if frame["type"] == "error":
            raise RefusedError(f"{kind}: {frame['code']}: {frame['detail']}")

    async def until(
        self, kind: str, fits: Fits = lambda _: True, within_s: float = PATIENCE_S
    ) -> Frame:
        """The newest frame of this type, as soon as it fits.

        Raises:
            GoneError: the socket is closed.
            LateError: none came in time.
        """
        try:
            async with asyncio.timeout(within_s), self._moved:
                await self._moved.wait_for(lambda: self._gone or self._has(kind, fits))
        except TimeoutError:
            raise LateError(f"no {kind} that was waited for") from None
        if not self._has(kind, fits):
            raise GoneError(f"the center closed the socket before {kind}")
        return self._newest[kind]

    def _has(self, kind: str, fits: Fits) -> bool:
        return kind in self._newest and fits(self._newest[kind])

    async def _say(self, frame: Frame) -> None:
        try:
            await self._socket.send_json(frame)
        except ConnectionError as error:
            raise GoneError(str(error)) from error

    async def _read(self) -> None:
        async for message in self._socket:
            if message.type is WSMsgType.TEXT:
                await self._take(message.json())
        self._gone = True
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(GoneError("the center closed the socket"))
        async with self._moved:
            self._moved.notify_all()

    async def _take(self, frame: Frame) -> None:
        answer = self._answers.get(frame.get("re", 0))
        if answer is not None and not answer.done():
            answer.set_result(frame)
        async with self._moved:
            self._newest[frame["type"]] = frame
            self._moved.notify_all()
