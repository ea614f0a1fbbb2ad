"""A resident at a kiosk and a lawyer at a console, as far as the center can tell.

As real pages do it (ADR 0027), both enter the room and connect while it rings, send nothing until
the acceptance opens the room, and tell the center every twenty seconds how good the line is.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress

from media.callers.caller import Fare
from media.callers.errors import CallersError
from media.callers.record import Book, End
from media.callers.room import Room
from media.callers.wire import Fits, Frame, Wire

FOREVER_S = 1e9
Talked = Callable[[], Awaitable[object]]


class Kiosk:
    """A resident who comes again and again."""

    def __init__(self, wire: Wire, book: Book, fare: Fare) -> None:
        self._wire, self._book, self._fare = wire, book, fare

    async def visit(self, talked: Talked) -> None:
        """Ask for a lawyer, talk until `talked` returns, hang up, rate, and see it closed. What
        goes wrong in the call is written into its record.

        Raises:
            CallersError: it never became a call.
        """
        await self._wire.ask(
            "consultation.request",
            client_ref=f"callers-{uuid.uuid4().hex}",
            language="zh",
            matter="labour",
            consent_version="1",
        )
        mine = await self._wire.until("consultation.state", _is_open)
        consultation_id = mine["consultation"]["consultation_id"]
        end = self._book.residents[consultation_id] = End()
        with end.failing():
            await self._consult(consultation_id, end, talked)
        if end.failure:
            await _let_go(self._wire, consultation_id)

    async def _consult(self, consultation_id: str, end: End, talked: Talked) -> None:
        wire, consultation = self._wire, {"consultation_id": consultation_id}
        async with Room(wire, consultation_id, self._fare, end) as room:
            await room.invite()
            await room.talk()
            await talked()
            await wire.ask("consultation.hang_up", **consultation)
        await wire.until("consultation.state", lambda f: f["consultation"]["state"] == "closed")
        await wire.ask("consultation.rate", **consultation, score=5)  # and the kiosk hears no more
        end.closed = True


class Lawyer:
    """Somebody on duty who answers everything that rings, after `ring_s` seconds."""

    def __init__(self, wire: Wire, book: Book, fare: Fare, ring_s: float) -> None:
        self._wire, self._book, self._fare, self._ring_s = wire, book, fare, ring_s

    async def go_on_duty(self) -> None:
        """Be available from now on.

        Raises:
            CallersError: the center will not have it, or went away.
        """
        await self._wire.ask("duty.set", state="available")

    async def serve(self) -> None:
        """Answer, until cancelled or the socket is closed."""
        before: set[str] = set()
        while True:
            ringing = await self._wire.until(
                "consultation.offer",
                lambda f: f["offer"] is not None and f["offer"]["consultation_id"] not in before,
                FOREVER_S,
            )
            consultation_id = ringing["offer"]["consultation_id"]
            before.add(consultation_id)
            end = self._book.lawyers.setdefault(consultation_id, End())
            with end.failing():
                await self._consult(consultation_id, end)
            if end.failure:
                await self._clean(consultation_id)

    async def _consult(self, consultation_id: str, end: End) -> None:
        wire, consultation = self._wire, {"consultation_id": consultation_id}
        ring = asyncio.create_task(asyncio.sleep(self._ring_s))
        async with Room(wire, consultation_id, self._fare, end) as room:
            await room.answer()
            await ring
            end.accepted_at = asyncio.get_running_loop().time()
            await wire.ask("offer.accept", **consultation)
            await room.talk()
            await wire.until("consultation.state", _over(consultation_id), FOREVER_S)
        await self._file(consultation_id)
        await wire.until("consultation.state", lambda f: f["consultation"] is None)

    async def _clean(self, consultation_id: str) -> None:
        """Be free for the next, whatever there was."""
        await _let_go(self._wire, consultation_id)
        with suppress(CallersError):
            await self._file(consultation_id)

    async def _file(self, consultation_id: str) -> None:
        await self._wire.ask(
            "consultation.file",
            consultation_id=consultation_id,
            advice="–",
            notes="",
            outcome="advice",
        )


async def _let_go(wire: Wire, consultation_id: str) -> None:
    for kind in ("consultation.hang_up", "consultation.leave"):
        with suppress(CallersError):
            await wire.ask(kind, consultation_id=consultation_id)


def _is_open(frame: Frame) -> bool:
    return frame["consultation"]["state"] in {"waiting", "offered"}


def _over(consultation_id: str) -> Fits:
    def fits(frame: Frame) -> bool:
        mine = frame["consultation"] or {}
        state = mine.get("consultation_id"), mine.get("state")
        return state == (consultation_id, "wrap_up")

    return fits
