"""From the packets of one track to its frames, and what to ask the sender for meanwhile.

A picture depends on those before it. A packet still missing after a second of asking breaks the
chain: from there on frames are dropped, and a key frame is asked for every half second until one
comes. Sound depends on nothing: it waits a fifth of a second for packets that took another way.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from aiortc.rtp import RtpPacket

from media.recording.payloads import Part, read_part
from media.recording.rtp import Codec, Frame, Sequence, Unwrap

PICTURE_PATIENCE_S = 1.0
SOUND_PATIENCE_S = 0.2
ASK_AGAIN_S = 0.2
KEY_AGAIN_S = 0.5
SILENCE_S = 2.0
"""Another source may take over a track when the first has been silent for so long."""
MAX_FRAME = 4_000_000
"""Bytes of one frame; libvpx makes 1080p key frames of a tenth of this."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the sender should do: send these packets again, or begin anew with a key frame."""

    ssrc: int
    again: list[int] = field(default_factory=list)
    key: bool = False


class TrackFrames:
    """One track of a peer: packets in, whole frames out, in order and complete.

    `codec_of` tells what a payload type was negotiated as; null when it is nothing we keep.
    """

    def __init__(self, kind: str, codec_of: Callable[[int], Codec | None]) -> None:
        self._picture = kind == "video"
        self._codec_of = codec_of
        self._ssrc: int | None = None
        self._heard = float("-inf")
        self._builder = _Builder(self._picture)
        self._sequence = self._fresh()
        self._times = Unwrap(32)
        self._key_asked = float("-inf")
        self.sources = 0
        self.strangers = 0

    @property
    def lost(self) -> int:
        """Packets of the present source that never came."""
        return self._sequence.lost

    @property
    def ssrc(self) -> int | None:
        """The source this track follows."""
        return self._ssrc

    def add(self, packet: RtpPacket, now: float) -> list[Frame]:
        """Frames that are whole with this packet."""
        if self._codec_of(packet.payload_type) is None or not self._ours(packet.ssrc, now):
            return []
        if self._sequence.put(packet, now):
            self._builder.broken()
        return self.release(now)

    def release(self, now: float) -> list[Frame]:
        """Frames that are free by now, since what they waited for came or is given up."""
        frames = self._built()
        while self._sequence.give_up(now):
            self._builder.broken()
            frames += self._built()
        return frames

    def time(self, value: int) -> int:
        """An RTP time of the present source, unwrapped."""
        return self._times.near(value)

    def wish(self, now: float) -> Wish | None:
        """What to ask for now; null when there is nothing."""
        if not self._picture or self._ssrc is None:
            return None
        again = self._sequence.ask(now, ASK_AGAIN_S)
        key = self._builder.waits and now - self._key_asked >= KEY_AGAIN_S
        if key:
            self._key_asked = now
        return Wish(self._ssrc, again, key) if again or key else None

    def _built(self) -> list[Frame]:
        frames = []
        for packet in self._sequence.take():
            codec = self._codec_of(packet.payload_type)
            whole = self._builder.add(packet, codec) if codec else None
            if codec and whole:
                frames.append(Frame(codec, self._times(packet.timestamp), *whole))
        return frames

    def _ours(self, ssrc: int, now: float) -> bool:
        """One source at a time: a second one with our payload type is a collision or an attack."""
        if ssrc != self._ssrc:
            if self._ssrc is not None and now - self._heard < SILENCE_S:
                self.strangers += 1
                return False
            self._ssrc = ssrc
            self.sources += 1
            self._sequence, self._times = self._fresh(), Unwrap(32)
            self._builder = _Builder(self._picture)
        self._heard = now
        return True

    def _fresh(self) -> Sequence:
        return Sequence(PICTURE_PATIENCE_S if self._picture else SOUND_PATIENCE_S)


class _Builder:
    """Joins the parts of a frame; drops everything up to a key frame when the chain is broken."""

    def __init__(self, picture: bool) -> None:
        self._picture = picture
        self.waits = picture
        self._parts: list[bytes] = []
        self._bytes = 0
        self._key = False

    def broken(self) -> None:
        """Something is missing before the next packet."""
        self.waits = self._picture
        self._drop()

    def add(self, packet: RtpPacket, codec: Codec) -> tuple[bool, bytes] | None:
        """Whether it is a key frame, and the bytes, of the frame that this packet ends."""
        if not packet.payload:  # padding, sent to probe the line
            return None
        try:
            part = read_part(codec, packet.payload)
        except (ValueError, IndexError):
            self.broken()
            return None
        if not self._picture:
            return True, part.data
        return self._picture_part(packet, part)

    def _picture_part(self, packet: RtpPacket, part: Part) -> tuple[bool, bytes] | None:
        if part.first and not self._parts:
            self._key = part.key
            self.waits = self.waits and not part.key
        if self.waits or (not self._parts and not part.first):
            self.waits = True
            return None
        self._parts.append(part.data)
        self._bytes += len(part.data)
        if self._bytes > MAX_FRAME:
            self.broken()
        if not packet.marker or not self._parts:
            return None
        whole = self._key, b"".join(self._parts)
        self._drop()
        return whole

    def _drop(self) -> None:
        self._parts, self._bytes = [], 0
