"""A page in a room, as `RoomLinks` in center/ui/shared is one: a link to each peer it is told of.

It has a mind of its own: it sends all that it has, whatever it is told to send, and may cling to
links that it is to close. What it and the others get nevertheless is the center's doing.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.rtp import RtcpReceiverInfo, RtcpRrPacket

from center.protocol.words import Track
from center.realtime.channel import Body, Channel, Envelope, opened
from media.callers.clips import pictures, sound
from media.callers.tracks import ClipTrack, send_clip

SLOTS = tuple(Track)
PICTURE = SLOTS.index(Track.FACE_VIDEO)
Frame = dict[str, Any]
Send = Callable[[str, str], None]
"""A payload (the last) for a peer."""


class PageLink:
    """One connection of the page."""

    def __init__(self, address: tuple[str, str, int], peer: Frame, send: Send, news: asyncio.Event):
        """`address`: the room, the page's session, the link's number."""
        self.peer, self.to_session = peer, peer["page_session"]
        self.offers = not peer["polite"]
        self.packets: Counter[str] = Counter()
        self._last: dict[str, Any] = {}
        self.sends: list[str] = []
        self.watched: list[str] = []
        self.told: Body = {}
        self._tracks: list[ClipTrack] = []
        bundled = RTCBundlePolicy.MAX_BUNDLE
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=bundled))
        self.connection.on("track", self._arrives)
        said = lambda payload: send(peer["peer_id"], payload)  # noqa: E731
        self._news = news
        self._channel = Channel(address, said, self._heard)
        self._channel.address(self.to_session)
        self._todo: asyncio.Queue[Body] = asyncio.Queue()
        self._working = asyncio.create_task(self._work())

    def begin(self, tracks: list[ClipTrack]) -> None:
        """Say the first word; on the link that sends it is followed by an offer."""
        self._tracks = tracks
        self._channel.post({"sends": [str(slot) for slot in SLOTS[: len(tracks)]]})
        if self.offers:
            self._todo.put_nowait({"offer": True})

    def is_new(self, envelope: Envelope) -> bool:
        return self._channel.is_new(envelope)

    def take(self, envelope: Envelope) -> None:
        self._channel.take(envelope)

    async def close(self) -> None:
        self._channel.close()
        self._working.cancel()
        await asyncio.gather(self._working, return_exceptions=True)
        await self.connection.close()

    def _heard(self, body: Body) -> None:
        if "sends" in body:
            self.sends = body["sends"]
        elif "watches" in body:
            self.watched = body["watches"]
            self._news.set()
        elif "quality" in body:
            self.told = body["quality"]
            self._news.set()
        else:
            self._todo.put_nowait(body)

    async def _work(self) -> None:
        while True:
            body = await self._todo.get()
            if "offer" in body:
                await self._offer()
            elif "description" in body:
                said = body["description"]
                await self._described(RTCSessionDescription(said["sdp"], said["type"]))

    async def _offer(self) -> None:
        for track in self._tracks:
            send_clip(self.connection, track)
        await self.connection.setLocalDescription(await self.connection.createOffer())
        self._describe()

    async def _described(self, description: RTCSessionDescription) -> None:
        await self.connection.setRemoteDescription(description)
        if description.type == "offer":
            await self.connection.setLocalDescription(await self.connection.createAnswer())
            self._describe()

    def _describe(self) -> None:
        local = self.connection.localDescription
        self._channel.post({"description": {"type": local.type, "sdp": local.sdp}})

    def tell(self, report: Body) -> None:
        """How the other end is received, and what is sent to it."""
        self._channel.post({"quality": report})

    def watch(self, *slots: str) -> None:
        """Want these of the other end, and no others."""
        self._channel.post({"watches": slots})

    async def report_losses(self, lost: int) -> None:
        """Say that `lost` packets of the picture never came, as a receiver on a poor line does."""
        receiver: Any = self.connection.getTransceivers()[PICTURE].receiver
        last = self._last[str(SLOTS[PICTURE])]
        report = RtcpReceiverInfo(
            ssrc=last.ssrc, fraction_lost=128, packets_lost=lost,
            highest_sequence=last.sequence_number, jitter=0, lsr=0, dlsr=0,
        )  # fmt: skip
        await receiver._send_rtcp(RtcpRrPacket(ssrc=1, reports=[report]))

    def _arrives(self, track: Any) -> None:
        """Packets are counted, not decoded."""
        transceivers = self.connection.getTransceivers()
        place = next(n for n, t in enumerate(transceivers) if t.receiver.track is track)

        async def count(packet: Any, arrival_time_ms: int) -> None:
            self.packets[str(SLOTS[place])] += 1
            self._last[str(SLOTS[place])] = packet
            self._news.set()

        receiver: Any = transceivers[place].receiver
        receiver._handle_rtp_packet = count


class RoomPage:
    """Reads the frames of a socket that is its own from now on."""

    def __init__(self, socket: Any, room_id: str, name: str) -> None:
        self.links: dict[str, PageLink] = {}
        self.room: Frame = {"peers": []}
        self.clings = False
        self.refused: list[Frame] = []
        self._socket, self._room_id, self._session = socket, room_id, f"page-{name}"
        self._made = 0
        self._news = asyncio.Event()
        self._outbox: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    async def __aenter__(self) -> Self:
        await self._socket.do("room.join", room_id=self._room_id, page_session=self._session)
        told = [f for f in self._socket.seen if f["type"] == "room.state"]
        self._tasks = asyncio.create_task(self._read()), asyncio.create_task(self._write())
        if told:
            await self._follow(told[-1]["room"])
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for peer in tuple(self.links):
            await self._drop(peer)

    @property
    def hears_of(self) -> set[str]:
        """Peers that this page was told of."""
        return {peer["peer_id"] for peer in self.room["peers"]}

    @property
    def may_send(self) -> list[str]:
        """What the engine would have of this page."""
        return next((p["send"] for p in self.room["peers"] if p["role"] == "engine"), [])

    def packets(self) -> Counter[tuple[str, str]]:
        """What arrived since the links were made, by peer and slot."""
        return Counter(
            {(p, slot): n for p, link in self.links.items() for slot, n in link.packets.items()}
        )

    async def let_go(self) -> None:
        """Close the links to whoever this page does not hear of any more."""
        for gone in set(self.links) - self.hears_of:
            await self._drop(gone)

    async def until(self, fits: Callable[[Self], bool]) -> None:
        """Wait for news until it fits."""
        while not fits(self):
            self._news.clear()
            await self._news.wait()

    async def _read(self) -> None:
        async for message in self._socket.ws:
            if message.type is aiohttp.WSMsgType.TEXT:
                await self._heard(message.json())

    async def _heard(self, frame: Frame) -> None:
        if frame["type"] == "room.state":
            await self._follow(frame["room"])
        elif frame["type"] == "room.signalled":
            await self._signalled(frame["sender"], frame["payload"])
        elif frame["type"] == "error":
            self.refused.append(frame)
        self._news.set()

    async def _follow(self, room: Frame) -> None:
        self.room = room
        if not self.clings:
            await self.let_go()
        for peer in room["peers"]:
            known = self.links.get(peer["peer_id"])
            if peer["page_session"] is None or (known and known.to_session == peer["page_session"]):
                continue
            await self._begin(peer)

    async def _signalled(self, sender: str, payload: str) -> None:
        link, envelope = self.links.get(sender), opened(payload)
        if link is None or envelope is None:
            return
        if link.is_new(envelope):
            link = await self._begin(link.peer)
        link.take(envelope)

    async def _begin(self, peer: Frame) -> PageLink:
        await self._drop(peer["peer_id"])
        self._made += 1
        address = (self._room_id, self._session, self._made)
        link = PageLink(address, peer, self._send, self._news)
        self.links[peer["peer_id"]] = link
        link.begin(_clips() if link.offers else [])
        return link

    async def _drop(self, peer_id: str) -> None:
        if link := self.links.pop(peer_id, None):
            await link.close()

    def _send(self, to: str, payload: str) -> None:
        """In the order said: ids rise."""
        self._outbox.put_nowait((to, payload))

    async def _write(self) -> None:
        while True:
            to, payload = await self._outbox.get()
            fields = {"room_id": self._room_id, "to": to, "payload": payload}
            await self._socket.post("room.signal", **fields)


def _clips() -> list[ClipTrack]:
    """Sound and a small picture."""
    return [
        ClipTrack("audio", sound(), 0.02),
        ClipTrack("video", pictures(64, 48, 10, fps=10), 0.1),
    ]
