"""Follows the talks: where everybody has agreed there is a recorder, and nowhere else.

What is true is read from the database each time, so a change that was missed, or a restart of the
center or of the recorder, is made good by the next look.
"""

import asyncio
import logging
from collections import defaultdict
from functools import partial

from center.domain.errors import StorageFull
from center.protocol.words import RecorderFault
from center.realtime.hub import Hub
from center.realtime.recorder.engine_session import EngineSession, records
from center.realtime.recorder.session import Session
from center.services.ports import Bus, Change
from center.services.recording_ports import Recorder, RecorderDownError, Running
from center.services.recordings import Recordings
from center.services.reels import ReelKeeper
from config.chores import Chores

log = logging.getLogger(__name__)

ASKED = "recording_asked"

AGAIN_FIRST_S, AGAIN_MOST_S = 1.0, 30.0
"""Pauses before another try when the recorder died or could not begin."""


AnySession = Session | EngineSession


class RecordingDesk:
    """One a process. Talks are known by their stream in the log."""

    def __init__(
        self, hub: Hub, bus: Bus, recorder: Recorder, recordings: Recordings, reels: ReelKeeper
    ) -> None:
        self._hub, self._bus = hub, bus
        self._recorder, self._recordings, self._reels = recorder, recordings, reels
        self._sessions: dict[str, AnySession] = {}
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._chores = Chores("the recording desk")
        self._pause = AGAIN_FIRST_S
        recorder.listen(self._heard, self._died)

    async def run(self) -> None:
        """Runs as long as the center."""
        changes = self._bus.subscribe()
        self._chores.begin(self._reels.recover(self._reels.unfinished()))
        for stream in await self._recordings.all_running():
            self._chores.begin(self._follow(stream))
        async for change in changes:
            self._look_at(change)

    async def close(self) -> None:
        """End every reel; they are finished at the next start."""
        await self._chores.end()
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    def _look_at(self, change: Change) -> None:
        kind, _, room_id = change.stream.partition(":")
        if change.kind == ASKED and not records(self._hub, room_id):
            self._chores.begin(self._recorder.prepare())
        # What was private in a mediation ends in several ways, and then its recording goes on.
        concerned = change.kind.startswith("recording_") or change.stream in self._sessions
        if kind == "mediation" or (kind == "consultation" and concerned):
            self._chores.begin(self._follow(change.stream))

    async def _follow(self, stream: str) -> None:
        async with self._turns[stream]:
            wanted = await self._recordings.running(stream)
            session = self._sessions.get(stream)
            if session and not (wanted and session.serves(wanted)):
                del self._sessions[stream]
                await session.close()
                self._chores.begin(self._reels.seal(session.reel))
                session = None
            if wanted and session:
                await session.follow(wanted)
            elif wanted:
                await self._begin(stream, wanted)

    async def _begin(self, stream: str, talk: Running) -> None:
        report = partial(self._recordings.reported, stream, talk.recording_id)
        if talk.engine and not records(self._hub, talk.room_id):
            await report(RecorderFault.DOWN)
            self._chores.begin(self._again(stream))
            return
        reel = await self._reels.begin(talk.recording_id, talk.room_id)
        session: AnySession = (
            EngineSession(self._hub, talk, reel, report)
            if talk.engine
            else Session(self._hub, self._recorder, talk, reel, report)
        )
        try:
            await session.open()
        except (RecorderDownError, StorageFull) as error:
            log.error("recording %s cannot begin: %s", talk.recording_id, error)  # noqa: TRY400
            full = isinstance(error, StorageFull)
            await report(RecorderFault.DISK_FULL if full else RecorderFault.DOWN)
            self._chores.begin(self._reels.seal(reel))
            self._chores.begin(self._again(stream))
            return
        self._sessions[stream] = session
        self._pause = AGAIN_FIRST_S

    async def _again(self, stream: str) -> None:
        self._pause = min(AGAIN_MOST_S, self._pause * 2)
        await asyncio.sleep(self._pause)
        await self._follow(stream)

    def _heard(self, reel_id: str, peer: str, state: str) -> None:
        for session in self._sessions.values():
            if session.reel.reel_id == reel_id:
                session.changed(peer, state)

    def _died(self) -> None:
        mesh = [name for name, one in self._sessions.items() if isinstance(one, Session)]
        for stream in mesh:
            self._chores.begin(self._lost(stream))

    async def _lost(self, stream: str) -> None:
        """The recorder is gone with this reel; what it wrote is kept, and another begins."""
        async with self._turns[stream]:
            session = self._sessions.pop(stream, None)
            if session is None:
                return
            await session.close()
            reel = session.reel
        await self._recordings.reported(stream, reel.recording_id, RecorderFault.DOWN)
        self._chores.begin(self._reels.seal(reel))
        await self._again(stream)
