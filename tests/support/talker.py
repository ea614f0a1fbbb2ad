"""A synthetic caller: an aiortc peer that sends pre-encoded pictures and sound in real time."""

from types import TracebackType
from typing import Any, Self

from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)

from media.callers.tracks import ClipTrack, send_clip
from media.loopback import allow_loopback


class Talker:
    """Offers its tracks to somebody who answers; hangs up at the end of the block."""

    def __init__(self, *tracks: ClipTrack) -> None:
        allow_loopback()
        # As browsers do: with another policy aiortc loses a second video track.
        bundled = RTCBundlePolicy.MAX_BUNDLE
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=bundled))
        self.tracks = tracks
        for track in tracks:
            send_clip(self.connection, track)

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
