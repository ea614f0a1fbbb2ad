"""What the recorder and one peer of the room have to say to each other.

The peer offers, the recorder answers: it is the polite side and never offers. aiortc cannot restart
ICE, so an offer with new ICE credentials, like a connection that was lost, makes the recorder begin
a new link, and the page then does the same.
"""

import json
import re
from typing import Protocol

from center.domain.errors import StorageFull
from center.protocol.words import Track
from center.realtime.channel import Body
from center.realtime.talk import Ends, Talk
from center.services.recording_ports import Offer, RecorderDownError, RefusedOfferError

_UFRAG = re.compile(r"^a=ice-ufrag:(\S+)", re.MULTILINE)
_MID = re.compile(r"^a=mid:(\S+)", re.MULTILINE)


class Booth(Protocol):
    """The recorder of this room, as one talk needs it."""

    async def answer(self, peer: str, offer: Offer) -> str: ...
    async def add_candidates(self, peer: str, candidates: list[str]) -> None: ...
    async def hang_up(self, peer: str) -> None: ...


class RecordedTalk(Talk):
    """With one who agreed to be recorded."""

    refusals = (*Talk.refusals, RecorderDownError, RefusedOfferError, StorageFull)

    def __init__(self, peer: str, ends: Ends, booth: Booth) -> None:
        super().__init__(peer, ends)
        self._booth = booth
        self._ufrag: str | None = None

    async def handle(self, link: int, body: Body) -> None:
        """See `Talk`."""
        if "description" in body:
            await self._answer(link, str(body["description"]["sdp"]))
        elif "candidates" in body:
            found = [json.dumps(candidate) for candidate in body["candidates"]]
            await self._booth.add_candidates(self.peer, found)
        elif "bye" in body:
            await self.hang_up()

    async def hang_up(self) -> None:
        """See `Talk`."""
        self._ufrag = None
        await self._booth.hang_up(self.peer)

    async def _answer(self, link: int, sdp: str) -> None:
        ufrag = found[1] if (found := _UFRAG.search(sdp)) else None
        if self._ufrag not in (None, ufrag):
            self.begin_anew()
            return
        # The media of an offer show the slots, in their order; see `local-tracks.ts`.
        names = dict(zip(_MID.findall(sdp), Track, strict=False))
        answer = await self._booth.answer(self.peer, Offer(sdp, names))
        self._ufrag = ufrag
        self.post(link, {"description": {"type": "answer", "sdp": answer}})
        self.post(link, {"sends": []})
