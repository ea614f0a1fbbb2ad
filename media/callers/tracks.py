"""A track of frames that were encoded beforehand; that `recv()` may return packets is official."""

import asyncio
from fractions import Fraction
from typing import Any

from aiortc import MediaStreamTrack, RTCPeerConnection
from aiortc.mediastreams import MediaStreamError
from av import Packet

from media.keyframes import on_asked

TIME_BASE = {"video": Fraction(1, 90_000), "audio": Fraction(1, 48_000)}


class ClipTrack(MediaStreamTrack):
    """Encoded frames, over and over, one each `period` seconds; the key frame at the beginning of
    the clip comes again only when it is asked for, as browsers do it. Muted it waits."""

    def __init__(self, kind: str, clip: tuple[bytes, ...], period: float) -> None:
        super().__init__()
        self.kind = kind
        self.clip, self.period = clip, period
        self._begin: float | None = None
        self._due = 0.0
        self._next = self.sent = self.keys_asked = 0
        self._open, self._moved = asyncio.Event(), asyncio.Condition()
        self._open.set()

    @property
    def muted(self) -> bool:
        """Whether nothing is sent."""
        return not self._open.is_set()

    @muted.setter
    def muted(self, muted: bool) -> None:
        (self._open.clear if muted else self._open.set)()

    async def recv(self) -> "Packet[Any]":
        """The next frame, when its time has come; the first at once.

        Raises:
            MediaStreamError: the track was stopped.
        """
        await self._open.wait()
        await self._turn()
        if self.readyState != "live":
            raise MediaStreamError
        packet = self._packet()
        self.sent += 1
        async with self._moved:
            self._moved.notify_all()
        return packet

    async def until_sent(self, count: int) -> None:
        """Wait until so many more were sent than by now."""
        wanted = self.sent + count
        async with self._moved:
            await self._moved.wait_for(lambda: self.sent >= wanted)

    def key_frame(self) -> None:
        """Begin the clip again, with its key frame."""
        self.keys_asked += 1
        self._next = 0

    def stop(self) -> None:
        super().stop()
        self._open.set()

    async def _turn(self) -> None:
        """A late frame is made up for by the next one; a pause is not."""
        now = asyncio.get_running_loop().time()
        if self._begin is None:
            self._begin = self._due = now
            return
        self._due = max(self._due + self.period, now - self.period)
        await asyncio.sleep(self._due - now)

    def _packet(self) -> "Packet[Any]":
        packet: Packet[Any] = Packet(self.clip[self._next])
        packet.time_base = TIME_BASE[self.kind]
        packet.pts = round((self._due - (self._begin or 0.0)) / packet.time_base)
        self._next = self._next + 1 if self._next + 1 < len(self.clip) else 1
        return packet


def send_clip(connection: RTCPeerConnection, track: ClipTrack) -> None:
    """Have the connection send this clip, and begin it anew when the other end asks for it."""
    on_asked(connection.addTrack(track), track.key_frame)
