"""The one place that reaches into aiortc: packets and sender reports out of a receiver, undecoded.

aiortc has no official way to encoded frames
(https://github.com/aiortc/aiortc/blob/main/src/aiortc/rtcrtpreceiver.py, `_handle_rtp_packet`); its
jitter buffer holds sound back by 320 ms for each lost packet, and it asks for a packet only once.
So the buffer is replaced by a sink, its NACKs are turned off, and ours leave by its own methods.
Bandwidth estimates, receiver reports and retransmission stay aiortc's. Nothing reaches its decoder.
`tests/integration/media/test_tap.py` fails when these internals move; the version is pinned.
"""
# ruff: noqa: SLF001

from typing import Any, Protocol, cast

from aiortc import RTCRtpReceiver
from aiortc.codecs import CODECS
from aiortc.rtcrtpparameters import (
    RTCRtcpFeedback,
    RTCRtpCodecCapability,
    RTCRtpCodecParameters,
    RTCRtpReceiveParameters,
)
from aiortc.rtp import AnyRtcpPacket, RtcpSrPacket, RtpPacket

from media.recording.frames import Wish
from media.recording.rtp import Codec

MAX_SOURCES = 8
"""SSRCs of one track: its own, that of retransmissions, a few that came and went."""
MAX_ASKED = 200
"""Packets asked for in one NACK."""
_KNOWN = {codec.value.lower(): codec for codec in Codec}


class Sink(Protocol):
    """Where a track's packets go."""

    def packet(self, packet: RtpPacket) -> None:
        """A packet arrived; retransmissions look like the original."""

    def report(self, ssrc: int, time: int, ntp: int) -> None:
        """An RTCP sender report: RTP time (32 bits) and NTP time (64 bits) of one moment."""

    def wish(self) -> Wish | None:
        """What the sender should be asked for now."""


class Tap:
    """One receiver whose packets go to `sink`; put on before the receiver starts."""

    def __init__(self, receiver: RTCRtpReceiver, sink: Sink) -> None:
        self._receiver = inside = cast("Any", receiver)
        self._sink = sink
        self._codecs: dict[int, Codec | None] = {}
        self._sources: set[int] = set()
        self._declared: set[int] = set()
        self.refused = 0
        self._rtp, self._rtcp = inside._handle_rtp_packet, inside._handle_rtcp_packet
        inside._RTCRtpReceiver__jitter_buffer = _NoBuffer(sink)
        inside._RTCRtpReceiver__nack_generator = None
        self._receive, inside.receive = inside.receive, self._on_receive
        inside._handle_rtp_packet = self._on_rtp
        inside._handle_rtcp_packet = self._on_rtcp

    def codec(self, payload_type: int) -> Codec | None:
        """What a payload type was negotiated as; null when it is nothing we keep."""
        if payload_type not in self._codecs:
            found = self._receiver._RTCRtpReceiver__codecs.get(payload_type)
            self._codecs[payload_type] = _KNOWN.get(found.name.lower()) if found else None
        return self._codecs[payload_type]

    async def ask(self) -> None:
        """Send what the sink wishes for."""
        wish = self._sink.wish()
        if wish and wish.again:
            await self._receiver._send_rtcp_nack(wish.ssrc, wish.again[:MAX_ASKED])
        if wish and wish.key:
            await self._receiver._send_rtcp_pli(wish.ssrc)

    async def _on_receive(self, parameters: RTCRtpReceiveParameters) -> None:
        """Note the sources that the session description declares, where it does."""
        for encoding in parameters.encodings:
            self._declared.add(encoding.ssrc)
            self._declared |= {encoding.rtx.ssrc} if encoding.rtx else set()
        await self._receive(parameters)

    async def _on_rtp(self, packet: RtpPacket, arrival_time_ms: int) -> None:
        if packet.ssrc not in self._sources and not self._admit(packet.ssrc):
            return
        await self._rtp(packet, arrival_time_ms)
        await self.ask()

    def _admit(self, ssrc: int) -> bool:
        """Whether a source may belong to this track."""
        if ssrc not in (self._declared or {ssrc}) or len(self._sources) >= MAX_SOURCES:
            self.refused += 1
            self._forget(ssrc)
            return False
        self._sources.add(ssrc)
        return True

    async def _on_rtcp(self, packet: AnyRtcpPacket) -> None:
        if isinstance(packet, RtcpSrPacket):
            info = packet.sender_info
            self._sink.report(packet.ssrc, info.rtp_timestamp, info.ntp_timestamp)
        await self._rtcp(packet)

    def _forget(self, ssrc: int) -> None:
        """aiortc remembers every SSRC it ever saw."""
        self._receiver.transport._rtp_router.ssrc_table.pop(ssrc, None)


class _NoBuffer:
    """In the place of aiortc's `JitterBuffer`: hands on, keeps nothing, completes no frame."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def add(self, packet: RtpPacket) -> tuple[bool, None]:
        self._sink.packet(packet)
        return False, None


def accepted() -> list[RTCRtpCodecCapability]:
    """The codecs of pictures that a recorder takes, for `setCodecPreferences`."""
    there = RTCRtpReceiver.getCapabilities("video")
    return [c for c in there.codecs if c.name in {"VP8", "VP9", "rtx"}] if there else []


def allow_vp9() -> None:
    """From now on connections of this process accept VP9, which only a tap can take."""
    if any(codec.name == "VP9" for codec in CODECS["video"]):
        return
    free = max(codec.payloadType or 0 for codec in CODECS["video"]) + 1
    CODECS["video"] += [
        RTCRtpCodecParameters(
            mimeType="video/VP9",
            clockRate=90_000,
            payloadType=free,
            rtcpFeedback=[
                RTCRtcpFeedback(type="nack"),
                RTCRtcpFeedback(type="nack", parameter="pli"),
                RTCRtcpFeedback(type="goog-remb"),
            ],
        ),
        RTCRtpCodecParameters(
            mimeType="video/rtx", clockRate=90_000, payloadType=free + 1, parameters={"apt": free}
        ),
    ]
