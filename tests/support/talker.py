"""A synthetic caller: an aiortc peer that sends pre-encoded pictures and sound in real time."""

import asyncio
from fractions import Fraction
from types import TracebackType
from typing import Any, Self

from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError
from av import Packet

from media.loopback import allow_loopback


class ClipTrack(MediaStreamTrack):
    """Encoded frames, over and over, one each `period` seconds; the key frame at the beginning of
    the clip comes again only when it is asked for, as browsers do it."""

    def __init__(self, kind: str, clip: tuple[bytes, ...], period: float) -> None:
        super().__init__()
        self.kind = kind
        self.clip, self._period = clip, period
        self._begin: float | None = None
        self._next = self._ticks = self.sent = 0
        self.muted = False
        self.keys_asked = 0
        self._moved = asyncio.Condition()

    async def recv(self) -> Packet:  # type: ignore[type-arg]
        """The next frame, when its time has come."""
        await self._wait()
        while self.muted:
            await self._wait()
        if self.readyState != "live":
            raise MediaStreamError
        packet = Packet(self.clip[self._next])
        packet.time_base = Fraction(1, 90_000 if self.kind == "video" else 48_000)
        packet.pts = round(self._ticks * self._period / packet.time_base)
        self._next = self._next + 1 if self._next + 1 < len(self.clip) else 1
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

    async def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        if self._begin is None:
            self._begin = loop.time()
        self._ticks += 1
        await asyncio.sleep(self._begin + self._ticks * self._period - loop.time())


class Talker:
    """Offers its tracks to somebody who answers; hangs up at the end of the block."""

    def __init__(self, *tracks: ClipTrack) -> None:
        allow_loopback()
        # As browsers do: with another policy aiortc loses a second video track.
        bundled = RTCBundlePolicy.MAX_BUNDLE
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=bundled))
        self.tracks = tracks
        for track in tracks:
            sender: Any = self.connection.addTrack(track)
            sender._send_keyframe = track.key_frame

    async def offer(self) -> str:
        """SDP with all candidates inside."""
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return str(self.connection.localDescription.sdp)

    async def take(self, answer: str) -> None:
        """The other side's answer."""
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    def mids(self) -> dict[str, str]:
        """The kind of each track by its `mid`, once there is an offer."""
        return {str(t.mid): t.kind for t in self.connection.getTransceivers()}

    def sender(self, kind: str) -> Any:
        """The sender of a kind, internals and all, for tests that misbehave."""
        return next(s for s in self.connection.getSenders() if s.kind == kind)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        await self.connection.close()
