"""What the recorder and one peer of the room have to say to each other.

The peer offers, the recorder answers: it is the polite side and never offers. aiortc cannot restart
ICE, so an offer with new ICE credentials, like a connection that was lost, makes the recorder begin
a new link, and the page then does the same.
"""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from center.domain.errors import StorageFull
from center.realtime.recorder.channel import Body, Channel, opened
from center.services.recording_ports import Offer, RecorderDownError, RefusedOfferError

log = logging.getLogger(__name__)

SLOTS = ("face.audio", "face.video", "desk.video")
"""What the media of an offer show, in their order; see `local-tracks.ts`."""

WAITING_LIMIT = 64
"""Bodies of one peer that may wait for the recorder."""

_UFRAG = re.compile(r"^a=ice-ufrag:(\S+)", re.MULTILINE)
_MID = re.compile(r"^a=mid:(\S+)", re.MULTILINE)


class Booth(Protocol):
    """The recorder of this room, as one talk needs it."""

    async def answer(self, peer: str, offer: Offer) -> str: ...
    async def add_candidates(self, peer: str, candidates: list[str]) -> None: ...
    async def hang_up(self, peer: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Ends:
    """Where the talk takes place: room, session of the recorder, and how the peer is sent to."""

    room_id: str
    session: str
    send: Callable[[str], None]


class Talk:
    """One peer's; bodies are handled one at a time, in their order."""

    def __init__(self, peer: str, ends: Ends, booth: Booth) -> None:
        self._peer, self._ends, self._booth = peer, ends, booth
        self._links = 0
        self._channel = self._link()
        self._page = ""
        self._ufrag: str | None = None
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

    def _link(self) -> Channel:
        self._links += 1
        mine = self._ends.room_id, self._ends.session, self._links
        link = self._links
        return Channel(mine, self._ends.send, lambda body: self._heard(link, body))

    def _renew(self) -> None:
        self._channel.close()
        self._channel = self._link()
        self._ufrag = None
        self._later(lambda: self._booth.hang_up(self._peer))

    def _heard(self, link: int, body: Body) -> None:
        self._later(lambda: self._handle(link, body))

    def _later(self, what: Callable[[], Awaitable[None]]) -> None:
        try:
            self._todo.put_nowait(what)
        except asyncio.QueueFull:
            log.warning("%s says more to the recorder than it can take", self._peer)

    async def _work(self) -> None:
        while True:
            what = await self._todo.get()
            try:
                await what()
            except RecorderDownError as error:
                log.warning("recorder: %s", error)
            except (RefusedOfferError, StorageFull, ValueError, LookupError, TypeError) as error:
                log.warning("%s is not recorded: %r", self._peer, error)

    async def _handle(self, link: int, body: Body) -> None:
        if link != self._links:
            return
        if "description" in body:
            await self._answer(link, str(body["description"]["sdp"]))
        elif "candidates" in body:
            found = [json.dumps(candidate) for candidate in body["candidates"]]
            await self._booth.add_candidates(self._peer, found)
        elif "bye" in body:
            await self._booth.hang_up(self._peer)

    async def _answer(self, link: int, sdp: str) -> None:
        ufrag = found[1] if (found := _UFRAG.search(sdp)) else None
        if self._ufrag not in (None, ufrag):
            self.begin_anew()
            return
        names = dict(zip(_MID.findall(sdp), SLOTS, strict=False))
        answer = await self._booth.answer(self._peer, Offer(sdp, names))
        self._ufrag = ufrag
        if link == self._links:
            self._channel.post({"description": {"type": "answer", "sdp": answer}})
            self._channel.post({"sends": []})
