"""What `media.recording.tap` touches inside aiortc is still there and still means the same."""

import asyncio

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.codecs import CODECS, depayload, get_capabilities
from aiortc.mediastreams import MediaStreamTrack
from aiortc.rtp import RtpPacket

from media.callers import clips
from media.callers.tracks import ClipTrack
from media.recording.frames import Wish
from media.recording.rtp import Codec
from media.recording.tap import Tap, accepted, allow_vp9
from tests.support.patience import PATIENCE
from tests.support.talker import Talker


class _Sink:
    """Notes what comes, and wishes what it is told."""

    def __init__(self) -> None:
        self.packets: asyncio.Queue[RtpPacket] = asyncio.Queue()
        self.reports: asyncio.Queue[tuple[int, int, int]] = asyncio.Queue()
        self.wishes: list[Wish] = []

    def packet(self, packet: RtpPacket) -> None:
        self.packets.put_nowait(packet)

    def report(self, ssrc: int, time: int, ntp: int) -> None:
        self.reports.put_nowait((ssrc, time, ntp))

    def wish(self) -> Wish | None:
        return self.wishes.pop() if self.wishes else None


class _Tapped:
    """A receiving connection whose video is tapped."""

    def __init__(self) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.sink = _Sink()
        self.connection.on("track", self._on_track)

    async def answer(self, talker: Talker) -> None:
        offer = RTCSessionDescription(await talker.offer(), "offer")
        await self.connection.setRemoteDescription(offer)
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        await talker.take(self.connection.localDescription.sdp)

    def _on_track(self, track: MediaStreamTrack) -> None:
        self.receiver = self.connection.getTransceivers()[0].receiver
        self.track = track
        self.tap = Tap(self.receiver, self.sink)


async def test_packets_reports_and_wishes_pass_and_nothing_is_decoded() -> None:
    face, tapped = ClipTrack("video", clips.pictures(), 0.04), _Tapped()
    async with Talker(face) as talker, asyncio.timeout(PATIENCE):
        await tapped.answer(talker)
        packets = [await tapped.sink.packets.get() for _ in range(5)]
        numbers = [packet.sequence_number for packet in packets]
        assert numbers == [(numbers[0] + n) & 0xFFFF for n in range(5)]
        assert [tapped.tap.codec(p.payload_type) for p in packets] == [Codec.VP8] * 5
        ssrc, _, ntp = await tapped.sink.reports.get()
        assert ssrc == packets[0].ssrc
        assert ntp > 0

        tapped.sink.wishes.append(Wish(packets[0].ssrc, [numbers[1]], key=True))
        while (again := await tapped.sink.packets.get()).sequence_number != numbers[1]:
            pass
        assert (again.ssrc, again.payload) == (packets[1].ssrc, packets[1].payload)
        while not face.keys_asked:
            await tapped.sink.packets.get()

        inside = vars(tapped.receiver)
        assert inside["_RTCRtpReceiver__decoder_queue"].empty()
        assert vars(tapped.track)["_queue"].empty()
        stats = await tapped.receiver.getStats()
        assert any(s.type == "inbound-rtp" and s.packetsReceived > 0 for s in stats.values())
    await tapped.connection.close()


def test_vp9_is_offered_and_left_alone() -> None:
    allow_vp9()
    allow_vp9()
    names = [codec.name for codec in CODECS["video"]]
    assert names.count("VP9") == 1
    assert {codec.name for codec in accepted()} == {"VP8", "VP9", "rtx"}
    there = get_capabilities("video")
    assert "H264" in {codec.name for codec in there.codecs}
    vp9 = next(codec for codec in CODECS["video"] if codec.name == "VP9")
    assert depayload(vp9, b"\x08whole") == b"\x08whole"
    types = [codec.payloadType for codec in CODECS["video"]]
    assert len(types) == len(set(types))
