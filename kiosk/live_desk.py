"""The live desk on the page: its picture as a track over loopback, and what the tracker sees."""

import asyncio
import logging

from config.settings import MediaSettings
from kiosk.desk import Desk, Sight
from kiosk.messages import DeskAnswer, DeskFailed
from kiosk.messages import DeskTrack as DeskTrackFrame
from kiosk.page import PageDoor
from media.desk import DeskTrack
from media.peer import DeskPeer, OfferRefusedError

log = logging.getLogger(__name__)

TRACK_PERIOD_S = 0.1


class LiveDesk:
    """Between the desk and the page."""

    def __init__(self, desk: Desk, door: PageDoor, media: MediaSettings) -> None:
        self._desk, self._door = desk, door
        self._media = media
        self._peer = DeskPeer(self._begin)
        self._track: DeskTrack | None = None
        self._sight_at = 0.0

    async def answer(self, sdp: str) -> None:
        """Answer the page's offer, or say that there is no desk now."""
        try:
            self._door.send(DeskAnswer(sdp=await self._peer.answer(sdp)))
        except OfferRefusedError as error:
            log.warning("desk offer refused: %s", error)
            self._door.send(DeskFailed(camera=self._desk.status))

    def need(self, *, on: bool) -> None:
        """Whether the page has a use for pictures: to read and to encode them fills a processor."""
        self._desk.look(on=on)
        if self._track is not None:
            self._track.need(on=on)

    def _begin(self) -> DeskTrack:
        self._track = DeskTrack(self._desk.picture, self._media)
        self._desk.look(on=True)
        return self._track

    async def close(self) -> None:
        """Hang up; the next offer makes a new connection."""
        await self._peer.close()

    def seen(self, sight: Sight) -> None:
        """What the tracker sees, at most ten times a second; that it takes a page, at once."""
        now = asyncio.get_running_loop().time()
        if now - self._sight_at < TRACK_PERIOD_S and not sight.capture:
            return
        self._sight_at = now
        frame = DeskTrackFrame(
            coach=sight.coach, progress=sight.progress, quad=sight.quad, camera=self._desk.status
        )
        self._door.send(frame, droppable=True)
