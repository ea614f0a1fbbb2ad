"""One end of a call: sends a face and a voice, counts what comes, and decodes nothing."""

import asyncio
from dataclasses import dataclass, field

from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.rtp import RtpPacket

from media.callers import clips
from media.callers.tracks import ClipTrack, send_clip
from media.loopback import allow_loopback
from media.recording.frames import Wish
from media.recording.rtp import Unwrap
from media.recording.tap import Tap

SILENCE_MS = 400
"""From one packet to the next when nobody speaks (Opus' discontinuous transmission)."""


@dataclass(frozen=True, slots=True)
class Fare:
    """What each end sends: pictures a second (VP8, 320×240), and milliseconds from one packet of
    sound to the next: 20, 40 or 60 of speech, or `SILENCE_MS`."""

    fps: float = 15.0
    sound_ms: int = 20

    def tracks(self) -> tuple[ClipTrack, ClipTrack]:
        """Picture and sound."""
        packet_ms = 20 if self.sound_ms == SILENCE_MS else self.sound_ms
        return (
            ClipTrack("video", clips.pictures(), 1 / self.fps),
            ClipTrack("audio", clips.sound(milliseconds=packet_ms), self.sound_ms / 1000),
        )


@dataclass(slots=True)
class Tally:
    """Counts the packets of one track; a hole in their numbers is a lost one."""

    packets: int = 0
    _numbers: Unwrap = field(default_factory=lambda: Unwrap(16))
    _first: int | None = None
    _newest: int = 0

    @property
    def lost(self) -> int:
        """Packets that are missing among those that came."""
        return 0 if self._first is None else self._newest - self._first + 1 - self.packets

    def count(self, packet: RtpPacket) -> None:
        """Note a packet; one that was sent again counts once only where nobody asks for it."""
        number = self._numbers(packet.sequence_number)
        self._first = number if self._first is None else min(self._first, number)
        self._newest = max(self._newest, number)
        self.packets += 1


class Caller:
    """An end with nobody at it. It is silent until `speak`; what comes is counted all the time."""

    def __init__(self, fare: Fare) -> None:
        allow_loopback()
        # As browsers do; no servers must be said, null means a public one.
        bundled = RTCBundlePolicy.MAX_BUNDLE
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=bundled))
        self._connection.on("track", self._on_track)
        self._tracks = fare.tracks()
        for track in self._tracks:
            track.muted = True
            send_clip(self._connection, track)
        self._tallies: list[Tally] = []
        self.first_picture: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    @property
    def packets(self) -> int:
        """Packets that came."""
        return sum(tally.packets for tally in self._tallies)

    @property
    def lost(self) -> int:
        """Packets that did not."""
        return sum(tally.lost for tally in self._tallies)

    async def offer(self) -> str:
        """SDP with all candidates inside."""
        await self._connection.setLocalDescription(await self._connection.createOffer())
        return str(self._connection.localDescription.sdp)

    async def answer(self, offer: str) -> str:
        """SDP that answers the other end's offer, with all candidates inside."""
        await self._connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await self._connection.setLocalDescription(await self._connection.createAnswer())
        return str(self._connection.localDescription.sdp)

    async def take(self, answer: str) -> None:
        """The other end's answer."""
        await self._connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    def speak(self) -> None:
        """Begin to send."""
        for track in self._tracks:
            track.muted = False

    async def hang_up(self) -> None:
        """Close the connection."""
        for track in self._tracks:
            track.stop()
        await self._connection.close()

    def _on_track(self, track: MediaStreamTrack) -> None:
        receiver = next(
            t.receiver for t in self._connection.getTransceivers() if t.receiver.track is track
        )
        Tap(receiver, _Counter(self, track.kind))

    def _add(self, tally: Tally) -> None:
        self._tallies.append(tally)


class _Counter:
    """The sink of one track: the first whole picture is when a packet ends one."""

    def __init__(self, caller: Caller, kind: str) -> None:
        self._first = caller.first_picture if kind == "video" else None
        self._tally = Tally()
        caller._add(self._tally)  # noqa: SLF001

    def packet(self, packet: RtpPacket) -> None:
        if not packet.payload:
            return
        self._tally.count(packet)
        if self._first and packet.marker and not self._first.done():
            self._first.set_result(asyncio.get_running_loop().time())

    def report(self, ssrc: int, time: int, ntp: int) -> None:
        """Of no use here."""

    def wish(self) -> Wish | None:
        """Nothing: what is lost is to be seen."""
        return None
