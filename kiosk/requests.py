"""What the center was asked and has not answered yet, in its order.

All of it is idempotent, so after a reconnect it is simply said again.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from center.protocol.frames import Ack, Refusal, Request
from center.protocol.words import ErrorCode
from kiosk.backoff import Backoff
from kiosk.outbox import alike

LONGEST_PAUSE_S = 3600.0
_FAILED = frozenset({ErrorCode.INTERNAL, ErrorCode.STORAGE_FULL, ErrorCode.TOO_MANY_REQUESTS})
"""The center could not do it now; it may do it later."""


@dataclass(slots=True)
class _Pending:
    request: Request
    patience: Backoff | None
    sent: bool = False


class Requests:
    """`send` puts a request on the line and says whether there is one; `pause_s` is the first wait
    before a request is repeated that the center failed at."""

    def __init__(self, send: Callable[[Request], bool], pause_s: float) -> None:
        self._send, self._pause_s = send, pause_s
        self._pending: list[_Pending] = []

    def add(self, request: Request, *, insist: bool) -> None:
        """Ask, unless the same is asked already; `insist`: also when the center failed at it."""
        if any(alike(kept.request, request) for kept in self._pending):
            return
        kept = _Pending(request, Backoff(self._pause_s, LONGEST_PAUSE_S) if insist else None)
        self._pending.append(kept)
        self._say(kept)

    def again(self) -> None:
        """There is a new line: say everything on it."""
        for kept in self._pending:
            self._say(kept)

    def answered(self, frame: Ack | Refusal) -> Request | None:
        """The request that is settled by this, if there is one."""
        kept = next((kept for kept in self._pending if kept.request.id == frame.re), None)
        if kept is None:
            return None
        if kept.patience and isinstance(frame, Refusal) and frame.code in _FAILED:
            pause = kept.patience.next()
            asyncio.get_running_loop().call_later(pause, self._ask_again, kept)
            return None
        self._pending.remove(kept)
        return kept.request

    def withdraw(self, match: Callable[[Request], bool]) -> bool:
        """Unsay a waiting request; false when it may already have been heard, or was not there."""
        for kept in self._pending:
            if match(kept.request) and not kept.sent:
                self._pending.remove(kept)
                return True
        return False

    def forget(self, request: Request) -> None:
        """Stop asking, whether it was heard or not."""
        self._pending = [kept for kept in self._pending if not alike(kept.request, request)]

    def amend(self, change: Callable[[Request], Request]) -> None:
        """Change what waits, so that nothing personal is kept for the next time."""
        for kept in self._pending:
            kept.request = change(kept.request)

    def waiting(self) -> tuple[Request, ...]:
        """What is not answered."""
        return tuple(kept.request for kept in self._pending)

    def clear(self) -> None:
        """Ask nothing any more."""
        self._pending.clear()

    def _ask_again(self, kept: _Pending) -> None:
        if kept in self._pending:
            self._say(kept)

    def _say(self, kept: _Pending) -> None:
        kept.sent = self._send(kept.request) or kept.sent
