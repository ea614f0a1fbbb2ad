"""A room as one synthetic page is in it: enters, connects, talks, and says how the line is."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from media.callers.caller import Caller, Fare
from media.callers.errors import CallersError, LateError
from media.callers.record import End
from media.callers.wire import PATIENCE_S, Frame, Wire

QUALITY_S = 20.0
_POINT = {
    "mos": 4.3,
    "loss": 0.0,
    "round_trip_ms": 20,
    "jitter_ms": 3,
    "received_kbps": 300,
    "sent_kbps": 300,
    "freezes": 0,
    "frozen_ms": 0,
    "level": "good",
}


class Room:
    """The room of one consultation. `end` is told what was received."""

    def __init__(self, wire: Wire, room_id: str, fare: Fare, end: End) -> None:
        self._wire, self._room_id, self._end = wire, room_id, end
        self._page = uuid.uuid4().hex
        self._caller = Caller(fare)
        self._reports = 0
        self._telling = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._ask("room.join", page_session=self._page)
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        await self._telling.aclose()
        self._end.packets, self._end.lost = self._caller.packets, self._caller.lost
        await self._caller.hang_up()

    async def invite(self) -> None:
        """Offer a connection to whoever comes, and take their answer."""
        other = await self._other()
        await self._signal(other, offer=await self._caller.offer())
        await self._caller.take(await self._signalled("answer"))

    async def answer(self) -> None:
        """Answer the other's offer."""
        answer = await self._caller.answer(await self._signalled("offer"))
        await self._signal(await self._other(), answer=answer)

    async def talk(self) -> None:
        """Send as soon as the room is open, see the other, and say so.

        Raises:
            LateError: no picture came.
        """
        await self._wire.until("room.state", lambda f: self._is(f) and f["room"]["open"])
        self._end.let_in_at = asyncio.get_running_loop().time()
        self._caller.speak()
        try:
            async with asyncio.timeout(PATIENCE_S):
                self._end.first_picture_at = await self._caller.first_picture
        except TimeoutError:
            raise LateError("no picture") from None
        await self._wire.ask("media.report", consultation_id=self._room_id, state="up")
        await self._telling.enter_async_context(every(QUALITY_S, self._tell_quality))

    async def _other(self) -> str:
        here = await self._wire.until("room.state", lambda f: self._is(f) and _somebody(f))
        return str(here["room"]["peers"][0]["peer_id"])

    async def _signal(self, to: str, **body: str) -> None:
        await self._ask("room.signal", to=to, payload=json.dumps(body))

    async def _signalled(self, what: str) -> str:
        def fits(frame: Frame) -> bool:
            return frame["room_id"] == self._room_id and what in json.loads(frame["payload"])

        return str(json.loads((await self._wire.until("room.signalled", fits))["payload"])[what])

    async def _tell_quality(self) -> None:
        self._reports += 1
        await self._wire.ask(
            "quality.report",
            consultation_id=self._room_id,
            page_session=self._page,
            number=self._reports,
            at=datetime.now(UTC).isoformat(),
            points=[_POINT] * round(QUALITY_S / 2),
        )

    async def _ask(self, kind: str, **fields: object) -> None:
        await self._wire.ask(kind, room_id=self._room_id, **fields)

    def _is(self, frame: Frame) -> bool:
        return bool(frame["room"]["room_id"] == self._room_id)


def _somebody(frame: Frame) -> bool:
    return any(peer["online"] for peer in frame["room"]["peers"])


@asynccontextmanager
async def every(seconds: float, act: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Do something again and again meanwhile; what goes wrong with it is for others to notice."""

    async def again() -> None:
        with suppress(CallersError):
            while True:
                await asyncio.sleep(seconds)
                await act()

    task = asyncio.create_task(again())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
