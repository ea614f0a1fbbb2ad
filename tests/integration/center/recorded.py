"""What tests of recordings share: talkers in the place of pages, and waiting for seals."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import pytest

from center.realtime.recorder.engine_session import EngineSession
from center.realtime.recorder.session import Session
from center.services.recording_ports import Reel
from center.services.reels import ReelKeeper
from media.callers import clips
from media.callers.tracks import ClipTrack
from tests.integration.center.conftest import Frame, Socket
from tests.support.patience import PATIENCE
from tests.support.talker import Talker


async def seen(socket: Socket, kind: str, fits: Callable[[Frame], bool]) -> Frame:
    """A frame that came already, or the next that fits."""
    for frame in socket.seen:
        if frame["type"] == kind and fits(frame):
            return frame
    return await socket.until(kind, fits)


@dataclass
class Page:
    """One end of the talk as the recorder sees it: signalling by a socket, media by a talker."""

    socket: Socket
    session: str
    talker: Talker
    room_id: str
    links: int = 0
    ufrag: str = ""

    async def meet(self, reel_id: str) -> None:
        """Offer to the recorder as soon as the room shows it with this reel."""
        room = await self.socket.shows(
            "room.state", lambda f: recorder_in(f).get("page_session") == reel_id
        )
        peer = recorder_in(room)
        assert (peer["role"], peer["polite"], peer["name"]) == ("recorder", False, "recording")
        await self.offer(peer["peer_id"], reel_id)

    async def offer(self, peer_id: str, session: str) -> None:
        self.links += 1
        ends = {"room": self.room_id, "session": self.session, "to_session": session}
        body = {"description": {"type": "offer", "sdp": await self.talker.offer()}}
        envelope = ends | {"link": self.links, "to_link": 0, "n": 1, "ack": 0, "body": body}
        room = {"room_id": self.room_id, "to": peer_id}
        await self.socket.do("room.signal", **room, payload=json.dumps(envelope))
        answer = await self._answered(session)
        await self.talker.take(answer["sdp"])

    async def _answered(self, session: str) -> Frame:
        def answers(frame: Frame) -> bool:
            told = json.loads(frame["payload"])
            return told["session"] == session and "description" in told.get("body", {})

        frame = await seen(self.socket, "room.signalled", answers)
        return dict(json.loads(frame["payload"])["body"]["description"])


def recorder_in(frame: Frame) -> Frame:
    """The recorder's peer in a `room.state`, once it is there."""
    peers = [p for p in frame["room"]["peers"] if p["role"] == "recorder" and p["page_session"]]
    return peers[0] if peers else {}


def face_tracks() -> tuple[ClipTrack, ClipTrack]:
    """Voice and face."""
    return ClipTrack("audio", clips.sound(), 0.02), ClipTrack("video", clips.pictures(), 0.04)


class Seals:
    """Waits for reels to be sealed."""

    def __init__(self) -> None:
        self.count = 0
        self.news = asyncio.Condition()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE), self.news:
            await self.news.wait_for(lambda: self.count >= count)

    @classmethod
    def watch(cls, monkeypatch: pytest.MonkeyPatch) -> Self:
        """Counts them from now on."""
        seals, seal = cls(), ReelKeeper.seal

        async def sealing(keeper: ReelKeeper, reel: Reel) -> None:
            await seal(keeper, reel)
            async with seals.news:
                seals.count += 1
                seals.news.notify_all()

        monkeypatch.setattr(ReelKeeper, "seal", sealing)
        return seals


def held_back(
    monkeypatch: pytest.MonkeyPatch, kind: type[Session] | type[EngineSession]
) -> asyncio.Event:
    """Until this is set, whoever ends a reel is too slow for what must not depend on that."""
    hand, close = asyncio.Event(), kind.close

    async def closing(session: Any) -> None:
        await hand.wait()
        await close(session)

    monkeypatch.setattr(kind, "close", closing)
    return hand
