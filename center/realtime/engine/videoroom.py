"""A room of Janus' VideoRoom plugin: made anew for each use, closed to whoever has no keys.

https://janus.conf.meetecho.com/docs/videoroom. Its number, PIN and secret are made of the room's id
and the API's secret and leave this process only towards the server; so a center that was started
anew can end what the one before left. A page that publishes offers, one that watches is offered to.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from secrets import token_hex
from typing import Any, Self

from center.domain.rooms import Tracks
from center.protocol.words import Track
from center.realtime.engine.janus import Handle, Janus, JanusRefusedError

ROOM_BITS = 52
"""JSON readers take larger integers for floats."""

SMALL, LARGE = 0, 1
"""Janus counts the sizes of a picture from the smallest; see `FACE_SIZES` in local-tracks.ts."""

CODECS: Mapping[str, Any] = {"audiocodec": "opus", "videocodec": "vp8"}


@dataclass(frozen=True, slots=True)
class Feed:
    """What somebody publishes: its number in the room, the `mid` of each slot it has, and the name
    by which pages know it."""

    number: int
    mids: tuple[str, ...]
    name: str = field(default_factory=partial(token_hex, 8))


def _made(secret: str, room_id: str, what: str) -> str:
    """Hexadecimal, the same each time."""
    return hmac.new(secret.encode(), f"{what}\n{room_id}".encode(), hashlib.sha256).hexdigest()


class VideoRoom:
    """A room that exists on its server until the session ends or it is destroyed."""

    def __init__(self, janus: Janus, handle: Handle, room_id: str) -> None:
        self.janus, self._handle = janus, handle
        made = partial(_made, janus.server.secret.get_secret_value(), room_id)
        self._number = int(made("number"), 16) % 2**ROOM_BITS or 1
        self._pin, self._secret = made("pin"), made("secret")

    @classmethod
    async def create(cls, janus: Janus, room_id: str, people: int) -> Self:
        """A new room for so many who publish, in place of the one that may have been left here.

        Raises:
            JanusDownError, JanusRefusedError.
        """
        room = cls(janus, await janus.attach(_deaf), room_id)
        with suppress(JanusRefusedError):
            await room.destroy()
        folder = janus.server.recordings
        kept: dict[str, Any] = {} if folder is None else {"rec_dir": str(folder)}
        await room._handle.tell(
            "create",
            room=room._number,
            pin=room._pin,
            secret=room._secret,
            is_private=True,
            publishers=people,
            permanent=False,
            notify_joining=False,
            **CODECS,
            **kept,
        )
        return room

    async def destroy(self) -> None:
        """Everybody is out. Raises JanusDownError, JanusRefusedError."""
        await self._handle.tell("destroy", room=self._number, secret=self._secret)

    async def publisher(self, hear: Callable[[str], None]) -> "Publisher":
        """A place to publish from. Raises JanusDownError, JanusRefusedError."""
        return Publisher(await self.janus.attach(hear), self._number, self._pin)

    async def watcher(self, feed: Feed, hear: Callable[[str], None]) -> "Watcher":
        """A connection that will bring a feed to somebody, with its offer.

        Raises:
            JanusDownError, JanusRefusedError: the latter also when the feed is gone.
        """
        handle = await self.janus.attach(hear)
        streams = [{"feed": feed.number, "mid": mid} for mid in feed.mids]
        joined = await handle.tell(
            "join",
            ptype="subscriber",
            room=self._number,
            pin=self._pin,
            streams=streams,
            autoupdate=False,
        )
        mids = tuple(str(stream["mid"]) for stream in joined.data["streams"])
        return Watcher(handle, mids, _greeted_by_janus(joined.sdp or ""))


class Publisher:
    """Somebody who sends."""

    def __init__(self, handle: Handle, room: int, pin: str) -> None:
        self._handle = handle
        self._joining = {"ptype": "publisher", "room": room, "pin": pin}
        self.feed: Feed | None = None

    async def answer(self, sdp: str) -> str:
        """The answer to a first offer, or to one that restarts ICE.

        Raises:
            JanusDownError, JanusRefusedError: the latter also for a bad description.
        """
        if self.feed is not None:
            return (await self._handle.tell("configure", ("offer", sdp))).sdp or ""
        answer = await self._handle.tell("joinandconfigure", ("offer", sdp), **self._joining)
        self.feed = Feed(answer.data["id"], _mids(answer.data["streams"]))
        return answer.sdp or ""

    async def record(self, name: str | None) -> None:
        """Keep what is sent in files that begin so, one a slot; None: keep nothing, and what was
        kept is whole when this returns. Raises JanusDownError, JanusRefusedError."""
        file: dict[str, Any] = {} if name is None else {"filename": name}
        await self._handle.tell("configure", record=name is not None, **file)

    async def trickle(self, candidates: Sequence[Mapping[str, Any]]) -> None:
        """See `Handle`."""
        await self._handle.trickle(candidates)

    async def close(self) -> None:
        """See `Handle.detach`."""
        await self._handle.detach()


class Watcher:
    """One who receives a feed, and of it what is allowed: nothing flows before `start`."""

    def __init__(self, handle: Handle, mids: Sequence[str], offer: str) -> None:
        self.offer = offer
        self._handle, self._mids = handle, dict(zip(Track, mids, strict=False))
        # What Janus does of itself.
        self._done = dict.fromkeys(self._mids, (True, LARGE))

    async def allow(self, tracks: Tracks, *, small: bool) -> None:
        """Forward these and nothing else, of a picture in two sizes the small or the large one.

        Again is cheap.

        Raises:
            JanusDownError, JanusRefusedError: it is not certain.
        """
        size = SMALL if small else LARGE
        wanted = {slot: (slot in tracks, size) for slot in self._mids}
        if wanted == self._done:
            return
        streams = [
            {"mid": self._mids[slot], "send": send, "substream": substream}
            for slot, (send, substream) in wanted.items()
        ]
        await self._handle.tell("configure", streams=streams)
        self._done = wanted

    async def start(self, sdp: str) -> None:
        """The page's answer. Raises JanusDownError, JanusRefusedError."""
        await self._handle.tell("start", ("answer", sdp))

    async def trickle(self, candidates: Sequence[Mapping[str, Any]]) -> None:
        """See `Handle`."""
        await self._handle.trickle(candidates)

    async def close(self) -> None:
        """See `Handle.detach`."""
        await self._handle.detach()


def _greeted_by_janus(offer: str) -> str:
    """The same offer by which Janus begins the DTLS handshake, when it has a path.

    Pages have one earlier, and Janus drops what comes before its own: a page that began would wait
    for its repetitions, which come ever later.
    """
    return offer.replace("a=setup:actpass", "a=setup:active")


def _mids(streams: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    ordered = sorted(streams, key=lambda stream: int(stream["mindex"]))
    return tuple(str(stream["mid"]) for stream in ordered)


def _deaf(_: str) -> None:
    """Nothing happens to a handle without a connection."""
