"""The reliable channel between two pages, for an end that lives in this process.

Envelopes and rules are those of `center/ui/shared/src/rtc/signal-channel.ts`: bodies are numbered
for one pair of links, delivered once and in order, acknowledged cumulatively, and sent again until
they are. Of two links of one page the later has the larger number.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

RESEND_FIRST_S, RESEND_MOST_S = 1.0, 8.0
HELD_LIMIT = 256

Body = dict[str, Any]


class Envelope(BaseModel):
    """One payload of the relay; without a body only its `ack` counts."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    room: str
    session: str
    to_session: str
    link: int
    to_link: int
    n: int
    ack: int
    body: Body | None = None


def opened(payload: str) -> Envelope | None:
    """The envelope in a payload; None when it is none."""
    try:
        return Envelope.model_validate_json(payload)
    except ValidationError:
        return None


class Channel:
    """What is said to and heard from one link of one page; an answer acknowledges."""

    def __init__(
        self,
        mine: tuple[str, str, int],
        send: Callable[[str], object],
        deliver: Callable[[Body], None],
    ) -> None:
        """`mine`: room, session of this end, number of this link."""
        self._room, self._session, self.link = mine
        self._send, self._deliver = send, deliver
        self._to_session, self.to_link = "", 0
        self._sent = self._delivered = 0
        self._unacked: dict[int, Body] = {}
        self._held: dict[int, Body] = {}
        self._pause = RESEND_FIRST_S
        self._timer: asyncio.TimerHandle | None = None

    def is_new(self, envelope: Envelope) -> bool:
        """Whether it comes from a later link than the one this channel speaks with."""
        other_page = self._to_session not in ("", envelope.session)
        return other_page or 0 < self.to_link < envelope.link

    def post(self, body: Body) -> None:
        """Say something that must arrive."""
        self._sent += 1
        self._unacked[self._sent] = body
        self._transmit(self._sent, body)
        if self._timer is None:
            self._schedule()

    def address(self, session: str) -> None:
        """The page to speak with, before it was heard."""
        self._to_session = session

    def take(self, envelope: Envelope) -> None:
        """Hear an envelope; what is not meant for this link is ignored."""
        if not self._concerns(envelope):
            return
        self._to_session, self.to_link = envelope.session, envelope.link
        self._acknowledged(envelope.ack)
        if envelope.body is None:
            return
        if envelope.n > self._delivered and len(self._held) < HELD_LIMIT:
            self._held[envelope.n] = envelope.body
        self._deliver_held()
        self._transmit(0, None)

    def close(self) -> None:
        """Say nothing more."""
        self._unacked.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _concerns(self, envelope: Envelope) -> bool:
        here = (envelope.room, envelope.to_session) == (self._room, self._session)
        late = envelope.link < self.to_link or envelope.to_link not in (0, self.link)
        return here and not late

    def _deliver_held(self) -> None:
        while (body := self._held.pop(self._delivered + 1, None)) is not None:
            self._delivered += 1
            self._deliver(body)

    def _acknowledged(self, up_to: int) -> None:
        before = len(self._unacked)
        self._unacked = {n: body for n, body in self._unacked.items() if n > up_to}
        if len(self._unacked) < before:
            self._pause = RESEND_FIRST_S
            self._schedule()

    def _schedule(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        if self._unacked:
            self._timer = asyncio.get_running_loop().call_later(self._pause, self._resend)

    def _resend(self) -> None:
        self._pause = min(RESEND_MOST_S, self._pause * 2)
        for n, body in self._unacked.items():
            self._transmit(n, body)
        self._schedule()

    def _transmit(self, n: int, body: Body | None) -> None:
        envelope = Envelope(
            room=self._room,
            session=self._session,
            to_session=self._to_session,
            link=self.link,
            to_link=self.to_link,
            n=n,
            ack=self._delivered,
            body=body,
        )
        self._send(envelope.model_dump_json(exclude_none=True))
