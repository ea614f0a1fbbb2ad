"""What a peer that lives in this process and one page of the room have to say to each other.

The page speaks as it does with another page: in envelopes, numbered for a pair of links. A page
that was loaded anew, or that began a later link, begins the talk anew; this side asks for that with
`begin_anew`. Bodies are handled one at a time, in their order.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from center.realtime.channel import Body, Channel, opened

log = logging.getLogger(__name__)

WAITING_LIMIT = 64
"""Bodies of one page that may wait to be handled."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Where the talk takes place: room, session of this end, and how the page is sent to."""

    room_id: str
    session: str
    send: Callable[[str], object]


class Talk(ABC):
    """With the page of one peer."""

    refusals: tuple[type[Exception], ...] = (ValueError, LookupError, TypeError)
    """What a body may be answered with; it is logged, and the talk goes on."""

    def __init__(self, peer: str, ends: Ends) -> None:
        self.peer, self._ends = peer, ends
        self._links = 0
        self._channel = self._link()
        self._page = ""
        self._todo: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue(WAITING_LIMIT)
        self._working = asyncio.create_task(self._work())

    def take(self, payload: str) -> None:
        """Hear a payload of the relay."""
        envelope = opened(payload)
        if envelope is None:
            return
        if self._channel.is_new(envelope):
            self._renew()
        self._page = envelope.session
        self._channel.take(envelope)

    def begin_anew(self) -> None:
        """Ask the page for a new connection."""
        self._renew()
        if self._page:
            self._channel.address(self._page)
            self._channel.post({"sends": []})

    async def close(self) -> None:
        """Say and hear nothing more."""
        self._channel.close()
        self._working.cancel()
        await asyncio.gather(self._working, return_exceptions=True)

    @abstractmethod
    async def handle(self, link: int, body: Body) -> None:
        """One body that was said over the present link."""

    @abstractmethod
    async def hang_up(self) -> None:
        """The connection, if there is one, is over."""

    def is_present(self, link: int) -> bool:
        """Whether the talk has not gone on to another link."""
        return link == self._links

    def post(self, link: int, body: Body) -> None:
        """Say something, unless the talk has gone on to another link."""
        if self.is_present(link):
            self._channel.post(body)

    def _link(self) -> Channel:
        self._links += 1
        mine = self._ends.room_id, self._ends.session, self._links
        link = self._links
        return Channel(mine, self._ends.send, lambda body: self._heard(link, body))

    def _renew(self) -> None:
        self._channel.close()
        self._channel = self._link()
        self.later(self.hang_up)

    def _heard(self, link: int, body: Body) -> None:
        self.later(lambda: self._handle(link, body))

    def later(self, what: Callable[[], Awaitable[None]]) -> None:
        """Do something when what was heard before has been handled."""
        try:
            self._todo.put_nowait(what)
        except asyncio.QueueFull:
            log.warning("%s says more than can be taken", self.peer)

    async def _work(self) -> None:
        while True:
            what = await self._todo.get()
            try:
                await what()
            except self.refusals as error:
                log.warning("%s is not served: %r", self.peer, error)

    async def _handle(self, link: int, body: Body) -> None:
        if self.is_present(link):
            await self.handle(link, body)
