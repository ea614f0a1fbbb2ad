"""The desk over a real loopback connection, with aiortc at the page's end as well."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import numpy as np
import pytest
from aioice import ice
from aiortc import (
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpReceiver,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import VideoFrame

from config.settings import MediaSettings
from media.desk import DeskTrack
from media.letterbox import SURROUND, Picture, letterbox
from media.peer import DeskPeer, OfferRefusedError
from tests.support.patience import PATIENCE

SETTINGS = MediaSettings(desk_fps=10, desk_width=640, desk_height=360)


class Shade:
    """A desk that shows one gray, which tests change."""

    def __init__(self) -> None:
        self.value = 220

    def __call__(self) -> Picture:
        return np.full((480, 640, 3), self.value, np.uint8)


@pytest.fixture
def shade() -> Shade:
    return Shade()


@pytest.fixture
async def peer(shade: Shade) -> AsyncIterator[DeskPeer]:
    peer = DeskPeer(lambda: DeskTrack(shade, SETTINGS))
    yield peer
    await peer.close()


class Page:
    """The kiosk page's end."""

    def __init__(self) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.connection.addTransceiver("video", direction="recvonly")
        self.track: asyncio.Future[MediaStreamTrack] = asyncio.get_running_loop().create_future()
        self.connection.on("track", self.track.set_result)

    async def connect(self, peer: DeskPeer) -> MediaStreamTrack:
        await self.connection.setLocalDescription(await self.connection.createOffer())
        answer = await peer.answer(self.connection.localDescription.sdp)
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        return await asyncio.wait_for(self.track, PATIENCE)

    async def __aenter__(self) -> "Page":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.connection.close()


async def _frame(track: MediaStreamTrack) -> VideoFrame:
    frame = await asyncio.wait_for(track.recv(), PATIENCE)
    assert isinstance(frame, VideoFrame)
    return frame


async def _ended(track: MediaStreamTrack) -> None:
    async def read_on() -> None:
        while True:
            await track.recv()

    with pytest.raises(MediaStreamError):
        await asyncio.wait_for(read_on(), PATIENCE)


def _brightness(frame: VideoFrame) -> float:
    return float(frame.to_ndarray(format="gray")[180, 320])


async def test_frames_advance_at_full_size(peer: DeskPeer, shade: Shade) -> None:
    async with Page() as page:
        track = await page.connect(peer)
        frames = [await _frame(track) for _ in range(4)]
        times = [frame.pts or 0 for frame in frames]
        assert times == sorted(set(times))
        assert {(frame.width, frame.height) for frame in frames} == {(640, 360)}
        assert abs(_brightness(frames[-1]) - 220) < 12
        shade.value = 90
        async with asyncio.timeout(PATIENCE):
            while abs(_brightness(await _frame(track)) - 90) > 12:
                pass


async def test_no_picture_is_made_that_nobody_needs(shade: Shade) -> None:
    track = DeskTrack(shade, SETTINGS)
    await track.recv()
    track.need(on=False)
    resting = asyncio.create_task(track.recv())
    done, _ = await asyncio.wait({resting}, timeout=3 / SETTINGS.desk_fps)
    assert not done
    track.need(on=True)
    await asyncio.wait_for(resting, PATIENCE)


async def test_a_new_page_replaces_the_old_one(peer: DeskPeer) -> None:
    async with Page() as old, Page() as new:
        first = await old.connect(peer)
        await _frame(first)
        second = await new.connect(peer)
        await _frame(second)
        await _ended(first)


async def test_closing_ends_the_track(peer: DeskPeer) -> None:
    async with Page() as page:
        track = await page.connect(peer)
        await _frame(track)
        await peer.close()
        assert peer.state == "closed"
        await _ended(track)


@pytest.mark.parametrize("sdp", ["", "nonsense", "v=0\r\nm=audio 9 X 0\r\n", "m=video"])
async def test_nonsense_is_refused_and_leaves_nothing(peer: DeskPeer, sdp: str) -> None:
    with pytest.raises(OfferRefusedError):
        await peer.answer(sdp)
    assert peer.state == "closed"
    async with Page() as page:
        await _frame(await page.connect(peer))


async def test_a_flood_of_requests_for_key_frames_makes_no_flood_of_them(
    peer: DeskPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred requests within a second of ten pictures; one or two of them are heard."""
    asked = Counter[str]()
    monkeypatch.setattr(RTCRtpSender, "_send_keyframe", lambda _: asked.update(["key frame"]))
    async with Page() as page:
        track = await page.connect(peer)
        await _frame(track)
        receiver = page.connection.getReceivers()[0]
        (source,) = receiver.getSynchronizationSources()
        begin = asked.total()
        for _ in range(10):
            for _ in range(10):
                await receiver._send_rtcp_pli(source.source)
            await _frame(track)
    assert 1 <= asked.total() - begin <= 4


async def test_the_loopback_address_is_offered(peer: DeskPeer) -> None:
    async with Page() as page:
        await page.connect(peer)
        assert " 127.0.0.1 " in page.connection.remoteDescription.sdp


async def test_the_event_loop_stays_free_while_1080p_is_encoded() -> None:
    """The longest pause of a task that only wants to run, over a second of live desk."""
    noise = np.random.default_rng(0).integers(0, 255, (1536, 2048, 3), np.uint8)
    peer = DeskPeer(lambda: DeskTrack(lambda: noise, MediaSettings()))
    async with Page() as page:
        track = await page.connect(peer)
        await _frame(track)
        found: list[float] = []
        pauses = asyncio.create_task(_pauses(found))
        for _ in range(4):
            await _frame(track)
        pauses.cancel()
    await peer.close()
    assert sorted(found)[len(found) * 9 // 10] < 0.1


async def _pauses(found: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        before = loop.time()
        await asyncio.sleep(0.005)
        found.append(loop.time() - before - 0.005)


def test_letterbox_keeps_the_proportions() -> None:
    tall = letterbox(np.full((100, 50, 3), 255, np.uint8), 160, 90)
    assert tall.shape == (90, 160, 3)
    assert tall[45, 80, 0] == 255
    assert tall[45, 10, 0] == tall[45, 150, 0] == SURROUND
    assert (letterbox(None, 160, 90) == SURROUND).all()


def test_the_library_still_has_what_we_touch() -> None:
    assert ice.get_host_addresses(True, False)
    assert RTCRtpReceiver.getCapabilities("video")
