"""Follows the talks: where everybody has agreed there is a recorder, and nowhere else.

What is true is read from the database each time, so a change that was missed, or a restart of the
center or of the recorder, is made good by the next look. Whatever keeps a recording from running is
told to staff, and tried again.
"""

import asyncio
import logging
from collections import defaultdict
from functools import partial

from center.protocol.words import RecorderFault
from center.realtime.hub import Hub
from center.realtime.recorder import alarm
from center.realtime.recorder.alarm import Report
from center.realtime.recorder.engine_session import EngineSession, records
from center.realtime.recorder.session import Session
from center.services.ports import Bus, Change
from center.services.recording_ports import Recorder, RecorderDownError, Running, fault_of
from center.services.recordings import Recordings
from center.services.reels import ReelKeeper
from config.chores import Chores

log = logging.getLogger(__name__)

ASKED, RETRIED, REPORTED = "recording_asked", "recording_retried", "recorder_reported"

AGAIN_FIRST_S, AGAIN_MOST_S = 1.0, 30.0
"""Pauses before another try when the recorder died or could not begin."""
SWEEP_S = 15.0
"""Between looks at all that should run, for what no change has told."""
LATE_S = 300.0
"""Between attempts to finish what could not be finished."""


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
        self._pauses: dict[str, float] = {}
        self._waiting: set[str] = set()
        recorder.listen(self._heard, self._died)

    async def run(self) -> None:
        """Runs as long as the center."""
        changes = self._bus.subscribe()
        self._chores.begin(self._reels.recover(self._reels.unfinished()))
        self._chores.begin(self._sweep())
        self._chores.begin(self._finish_late())
        async for change in changes:
            self._look_at(change)

    async def close(self) -> None:
        """End every reel; they are finished at the next start."""
        await self._chores.end()
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    async def _sweep(self) -> None:
        while True:
            try:
                running = await self._recordings.all_running()
            except Exception:
                log.exception("what is to be recorded cannot be read")
                running = ()
            for stream in running:
                if stream not in self._sessions and stream not in self._waiting:
                    self._chores.begin(self._follow(stream))
            await asyncio.sleep(SWEEP_S)

    async def _finish_late(self) -> None:
        while True:
            await asyncio.sleep(LATE_S)
            for reel in self._reels.late():
                try:
                    await self._reels.seal(reel)
                except Exception:
                    log.exception("reel %s cannot be finished", reel.reel_id)

    def _look_at(self, change: Change) -> None:
        kind, _, room_id = change.stream.partition(":")
        served = change.stream in self._sessions
        if change.kind == ASKED and not records(self._hub, room_id):
            self._chores.begin(self._recorder.prepare())
        if change.kind == REPORTED and not served:
            return  # our own word; the next try has its time
        # What was private in a mediation ends in several ways, and then its recording goes on.
        concerned = change.kind.startswith("recording_") or served
        if kind == "mediation" or (kind == "consultation" and concerned):
            self._chores.begin(self._follow(change.stream, anew=change.kind == RETRIED))

    async def _follow(self, stream: str, *, anew: bool = False) -> None:
        """What runs is as it should be; `anew`: with another reel in any case."""
        async with self._turns[stream]:
            wanted = await self._recordings.running(stream)
            session = self._sessions.get(stream)
            if session and (anew or not (wanted and session.serves(wanted))):
                await self._end(stream, session)
                session = None
            if wanted and session:
                await session.follow(wanted)
            elif wanted:
                await self._begin(stream, wanted)
            else:
                self._pauses.pop(stream, None)

    async def _end(self, stream: str, session: AnySession) -> None:
        del self._sessions[stream]
        try:
            await session.close()
        except Exception:
            log.exception("reel %s did not end as it should", session.reel.reel_id)
        self._chores.begin(self._reels.seal(session.reel))

    async def _begin(self, stream: str, talk: Running) -> None:
        report = partial(self._recordings.reported, stream, talk.recording_id)
        late = asyncio.get_running_loop().call_later(
            alarm.PATIENCE_S, lambda: self._chores.begin(report(RecorderFault.DOWN))
        )
        try:
            await self._open(stream, talk, report)
        except Exception as error:
            # Whatever it is: nobody else would tell staff.
            log.exception("recording %s cannot begin", talk.recording_id)
            self._chores.begin(self._again(stream))
            await report(fault_of(error))
        else:
            self._pauses.pop(stream, None)
            # Of what changed before there was a session nobody was told.
            self._chores.begin(self._follow(stream))
        finally:
            late.cancel()

    async def _open(self, stream: str, talk: Running, report: Report) -> None:
        if talk.engine and not records(self._hub, talk.room_id):
            raise RecorderDownError("no server records the room")
        reel = await self._reels.begin(talk.recording_id, talk.room_id)
        session: AnySession = (
            EngineSession(self._hub, talk, reel, report)
            if talk.engine
            else Session(self._hub, self._recorder, talk, reel, report)
        )
        self._sessions[stream] = session
        try:
            await session.open()
        except Exception:
            del self._sessions[stream]
            self._chores.begin(self._reels.seal(reel))
            raise

    async def _again(self, stream: str) -> None:
        if stream in self._waiting:
            return
        self._waiting.add(stream)
        pause = min(AGAIN_MOST_S, self._pauses.get(stream, AGAIN_FIRST_S) * 2)
        self._pauses[stream] = pause
        await asyncio.sleep(pause)
        self._waiting.discard(stream)
        await self._follow(stream)

    def _heard(self, reel_id: str, peer: str, state: str) -> None:
        for session in self._sessions.values():
            if session.reel.reel_id == reel_id:
                session.changed(peer, state)

    def _died(self) -> None:
        for stream, session in self._sessions.items():
            if isinstance(session, Session):
                self._chores.begin(self._lost(stream, session))

    async def _lost(self, stream: str, session: Session) -> None:
        """The recorder is gone with this reel; what it wrote is kept, and another begins."""
        async with self._turns[stream]:
            if self._sessions.get(stream) is not session:
                return
            await self._end(stream, session)
        reel = session.reel
        self._chores.begin(self._again(stream))
        await self._recordings.reported(stream, reel.recording_id, RecorderFault.DOWN)
