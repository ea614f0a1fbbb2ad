"""One reel being recorded: the recorder in its room, and whether it really records."""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from functools import partial
from typing import Any

from pydantic import BaseModel

from center.domain.errors import DomainError, StorageFull
from center.domain.rooms import recorder_peer
from center.protocol.frames import RoomClosed, RoomSignal, RoomSignalled
from center.realtime.hub import Hub
from center.realtime.ice import ice_servers
from center.realtime.recorder.alarm import Alarm, Report, keep_looking
from center.realtime.recorder.talk import RecordedTalk
from center.realtime.registry import RecorderLink
from center.realtime.talk import Ends
from center.services.recording_ports import (
    FAULT_OF,
    Ice,
    Offer,
    Participant,
    Recorder,
    RecorderDiskError,
    RecorderDownError,
    Reel,
    Running,
    fault_of,
)

log = logging.getLogger(__name__)


class Session:
    """For as long as everybody in the room agrees and nobody is apart."""

    def __init__(
        self, hub: Hub, recorder: Recorder, talk: Running, reel: Reel, report: Report
    ) -> None:
        self.reel = reel
        self._hub, self._recorder = hub, recorder
        self._talk = talk
        self._since = talk.recording.since or reel.started_at
        self._alarm = Alarm(talk, report)
        self._talks: dict[str, RecordedTalk] = {}
        self._doing: set[asyncio.Task[None]] = set()
        peer = recorder_peer(reel.recording_id)
        self._link = RecorderLink(peer, self._hear)
        self._looking: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Enter the room; pages offer from now on.

        Raises:
            RecorderDownError, RecorderDiskError, StorageFull: nothing can be recorded.
        """
        await self._recorder.start(self.reel.reel_id, self._talk.room_id)
        self._hub.registry.add(self._link)
        self._hub.presence.join(self._talk.room_id, self._link, self.reel.reel_id)
        self._hub.pushes.room_changed(self._talk.room_id)
        self._looking = asyncio.create_task(keep_looking(self._alarm.look))

    async def close(self) -> None:
        """Leave the room; what was recorded is on the disk."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        self._hub.registry.remove(self._link)
        self._hub.presence.leave(self._talk.room_id, self._link)
        self._hub.pushes.room_changed(self._talk.room_id)
        for talk in self._talks.values():
            await talk.close()
        with contextlib.suppress(RecorderDownError):
            await self._recorder.stop(self.reel.reel_id)

    def serves(self, talk: Running) -> bool:
        """Whether this is how the talk is to be recorded now."""
        return talk.recording_id == self.reel.recording_id and not talk.engine

    async def follow(self, talk: Running) -> None:
        """Record whoever is there now; whoever went away is missed no more."""
        before, self._talk = self._talk, talk
        for peer, name in before.who.items():
            if talk.who.get(peer) != name:
                await self._let_go(peer)
        self._alarm.follow(talk)

    def changed(self, peer: str, state: str) -> None:
        """The recorder says how it goes with a peer."""
        log.info("recording of %s: %s", peer, state)
        if peer not in self._talk.who:
            return
        if state == "recording":
            self._alarm.heard(peer)
            return
        self._alarm.missed(peer, FAULT_OF.get(state))
        if state == "lost" and peer in self._talks:
            self._talks[peer].begin_anew()

    async def answer(self, peer: str, offer: Offer) -> str:
        """See `Booth`; only those who agreed are recorded."""
        participant = Participant(peer, self._talk.who.get(peer) or peer, self._since)
        try:
            return await self._recorder.answer(self.reel.reel_id, participant, offer, self._ice())
        except (StorageFull, RecorderDiskError) as error:
            self._alarm.missed(peer, fault_of(error))
            raise

    async def add_candidates(self, peer: str, candidates: list[str]) -> None:
        """See `Booth`."""
        await self._recorder.add_candidates(self.reel.reel_id, peer, candidates)

    async def hang_up(self, peer: str) -> None:
        """See `Booth`."""
        await self._recorder.hang_up(self.reel.reel_id, peer)

    async def _let_go(self, peer: str) -> None:
        if talk := self._talks.pop(peer, None):
            await talk.close()
        await self._hang_up(peer)

    async def _hang_up(self, peer: str) -> None:
        with contextlib.suppress(RecorderDownError):
            await self._recorder.hang_up(self.reel.reel_id, peer)

    def _ice(self) -> Ice:
        media, now = self._hub.settings.media, self._hub.clock.now()
        servers = ice_servers(media, self._talk.room_id, self._link.peer_id, "", now)
        return Ice(servers, media.relay_only)

    def _hear(self, frame: BaseModel) -> None:
        if isinstance(frame, RoomClosed):
            # Before anybody is told that a talk is private now, nothing of it is kept any more.
            for peer in self._talks:
                self._begin(self._hang_up(peer))
        if not isinstance(frame, RoomSignalled) or frame.sender not in self._talk.who:
            return
        if frame.sender not in self._talks:
            send = partial(self._send, frame.sender)
            ends = Ends(self._talk.room_id, self.reel.reel_id, send)
            self._talks[frame.sender] = RecordedTalk(frame.sender, ends, self)
        self._talks[frame.sender].take(frame.payload)

    def _send(self, to: str, payload: str) -> None:
        frame = RoomSignal(id=1, room_id=self._talk.room_id, to=to, payload=payload)
        self._begin(self._relay(frame))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)

    async def _relay(self, frame: RoomSignal) -> None:
        """The channel repeats what does not arrive."""
        with contextlib.suppress(DomainError):
            await self._hub.relay(self._link, frame)
