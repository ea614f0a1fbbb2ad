"""What Janus and a page have to say to each other, in the words that two pages use.

A page keeps one link on which it sends, and one for each person it receives from. On the first the
page offers and Janus answers, also when ICE is to be restarted; on the others Janus offers as soon
as the page has said a word, and a page that wants another path gets a connection anew.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from center.domain.rooms import ALL_TRACKS, Tracks
from center.protocol.words import Track
from center.realtime.channel import Body
from center.realtime.engine.janus import JanusDownError, JanusRefusedError
from center.realtime.engine.reports import Report, report_in
from center.realtime.engine.videoroom import Feed, Publisher, VideoRoom, Watcher
from center.realtime.talk import Ends, Talk

log = logging.getLogger(__name__)

REFUSALS = (*Talk.refusals, JanusDownError, JanusRefusedError)

HUNG_UP = "hangup"
UP = "webrtcup"
SLOW = "slowlink"

PEOPLE: Tracks = frozenset({Track.FACE_AUDIO, Track.FACE_VIDEO})
"""What is always wanted of everybody; papers only while somebody looks at them."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one page may have of a feed: these tracks, of which `sent` are there, and a `small`
    picture where there are many."""

    tracks: Tracks
    sent: Tracks
    small: bool


class EngineTalk(Talk):
    """`reported` is told when the page's `report` is another one."""

    refusals = REFUSALS

    def __init__(self, peer: str, ends: Ends, reported: Callable[[], None]) -> None:
        super().__init__(peer, ends)
        self.report: Report | None = None
        self._reported = reported
        self._told: Report | None = None

    def tell(self, report: Report) -> None:
        """Of the far end of the page's link; again is cheap."""
        if report != self._told:
            self._told = report
            self.post(self._links, {"quality": report.model_dump()})

    async def handle(self, link: int, body: Body) -> None:
        """See `Talk`."""
        if report := report_in(body):
            self.report = report
            self._reported()

    async def hang_up(self) -> None:
        """See `Talk`."""
        self.report = self._told = None


class SendingTalk(EngineTalk):
    """With a page about what it sends; `changed` is told when `feed` or `sends` are others."""

    def __init__(
        self,
        peer: str,
        ends: Ends,
        reported: Callable[[], None],
        room: VideoRoom,
        changed: Callable[[], None],
    ) -> None:
        super().__init__(peer, ends, reported)
        self.feed: Feed | None = None
        self.sends: Tracks = frozenset()
        self._wanted = PEOPLE
        self._room, self._changed = room, changed
        self._publisher: Publisher | None = None
        self._kept: str | None = None
        self._turn = asyncio.Lock()

    def want(self, tracks: Tracks) -> None:
        """Nobody has a use for anything but this; again is cheap."""
        if tracks != self._wanted:
            self._wanted = tracks
            self._say_wanted(self._links)

    @property
    def keeps(self) -> bool:
        """Whether what is sent is kept, or may be."""
        return self._kept is not None

    async def record(self, name: str | None) -> None:
        """Keep what is sent under this name, once something is; None: nothing, done when this
        returns.

        Raises:
            JanusDownError, JanusRefusedError: it is not certain.
        """
        async with self._turn:
            kept = f"{name}.{self.feed.name}" if name and self.feed else None
            if self._publisher is None or kept == self._kept:
                return
            # Janus takes another name only for a recording that it begins.
            if self._kept:
                await self._publisher.record(None)
            self._kept = None
            if kept:
                await self._publisher.record(kept)
            self._kept = kept

    async def handle(self, link: int, body: Body) -> None:
        """See `Talk`."""
        if "description" in body:
            await self._answer(link, str(body["description"]["sdp"]))
        elif "candidates" in body and self._publisher is not None:
            await self._publisher.trickle(body["candidates"])
        elif "sends" in body:
            self.sends = _tracks(body["sends"])
            self._changed()
        elif "bye" in body:
            await self.hang_up()
        else:
            await super().handle(link, body)

    async def hang_up(self) -> None:
        """See `Talk`."""
        await super().hang_up()
        publisher, self._publisher = self._publisher, None
        self._kept = None
        if self.feed is not None:
            self.feed = None
            self._changed()
        if publisher is not None:
            await publisher.close()

    async def _answer(self, link: int, sdp: str) -> None:
        if self._publisher is None:
            self._publisher = await self._room.publisher(lambda what: self._happened(link, what))
        answer = await self._publisher.answer(sdp)
        self.post(link, {"description": {"type": "answer", "sdp": answer}})
        self._say_wanted(link)
        self.post(link, {"sends": []})

    def _say_wanted(self, link: int) -> None:
        self.post(link, {"watches": sorted(self._wanted)})

    def _happened(self, link: int, what: str) -> None:
        """Whoever subscribed before the connection is up would be refused."""
        if what == UP and self._publisher is not None:
            self.feed = self._publisher.feed
            self._changed()
        elif what == HUNG_UP and self.is_present(link):
            self.begin_anew()


class ReceivingTalk(EngineTalk):
    """With a page about what it receives of one other: of what the room's rule allows, what it
    watches; `reported` is told of a change of that too."""

    def __init__(
        self,
        peer: str,
        ends: Ends,
        reported: Callable[[], None],
        room: VideoRoom,
        feed: Feed,
        share: Share,
    ) -> None:
        super().__init__(peer, ends, reported)
        self.feed, self.share = feed, share
        self._room = room
        self._watches = ALL_TRACKS
        self._asked = 0
        self._watcher: Watcher | None = None
        self._slow = False
        self._turn = asyncio.Lock()

    @property
    def gets(self) -> Tracks:
        """What is forwarded, as far as there is something."""
        return self.share.tracks & self._watches if self._watcher else frozenset()

    async def allow(self, share: Share) -> None:
        """Forward this and nothing else from now on, done when this returns; without a connection
        as soon as there is one.

        Raises:
            JanusDownError, JanusRefusedError: it is not certain that nothing else is forwarded.
        """
        before, self.share = self.share, share
        if share != before:
            await self._apply()

    async def handle(self, link: int, body: Body) -> None:
        """See `Talk`."""
        watches = "watches" in body
        if watches:
            self._watches = _tracks(body["watches"])
        if self._asked != link:
            await self._ask(link)
        elif watches:
            await self._apply()
        if "description" in body:
            await self._described(str(body["description"]["type"]), str(body["description"]["sdp"]))
        elif "candidates" in body and self._watcher is not None:
            await self._watcher.trickle(body["candidates"])
        elif "bye" in body:
            await self.hang_up()
        else:
            await super().handle(link, body)

    async def hang_up(self) -> None:
        """See `Talk`."""
        await super().hang_up()
        watcher, self._watcher = self._watcher, None
        self._watches = ALL_TRACKS
        self._reported()
        if watcher is not None:
            await watcher.close()

    async def _ask(self, link: int) -> None:
        self._asked = link
        watcher = await self._room.watcher(self.feed, lambda what: self._happened(link, what))
        self._watcher = watcher
        await self._apply()
        self.post(link, {"description": {"type": "offer", "sdp": watcher.offer}})

    async def _described(self, kind: str, sdp: str) -> None:
        if kind == "offer":
            self.begin_anew()
        elif self._watcher is not None:
            await self._watcher.start(sdp)

    async def _apply(self) -> None:
        async with self._turn:
            if self._watcher is None:
                return
            small = self.share.small or self._slow
            await self._watcher.allow(self.gets, small=small)
        self.post(self._asked, {"sends": sorted(self.share.tracks & self.share.sent)})
        self._reported()

    def _happened(self, link: int, what: str) -> None:
        """A line that loses packets gets the small picture; it alone, and until it is made anew."""
        if what == HUNG_UP and self.is_present(link):
            self.begin_anew()
        elif what == SLOW and not self._slow:
            log.info("%s loses packets: small picture of feed %d", self.peer, self.feed.number)
            self._slow = True
            self.later(self._apply)


def _tracks(names: Iterable[str]) -> Tracks:
    return frozenset(map(Track, names))
