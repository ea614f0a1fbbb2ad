"""Follows the consultations: where everybody has agreed there is a recorder, and nowhere else.

What is true is read from the database each time, so a change that was missed, or a restart of the
center or of the recorder, is made good by the next look.
"""

import asyncio
import logging
from collections import defaultdict
from functools import partial

from center.domain.consultation import Consultation
from center.domain.errors import StorageFull
from center.protocol.words import RecorderFault
from center.realtime.chores import Chores
from center.realtime.hub import Hub
from center.realtime.recorder.session import Session
from center.services.ports import Bus, Change
from center.services.recording_ports import Recorder, RecorderDownError
from center.services.recordings import Recordings
from center.services.reels import ReelKeeper

log = logging.getLogger(__name__)

ASKED = "recording_asked"

AGAIN_FIRST_S, AGAIN_MOST_S = 1.0, 30.0
"""Pauses before another try when the recorder died or could not begin."""


class RecordingDesk:
    """One a process."""

    def __init__(
        self, hub: Hub, bus: Bus, recorder: Recorder, recordings: Recordings, reels: ReelKeeper
    ) -> None:
        self._hub, self._bus = hub, bus
        self._recorder, self._recordings, self._reels = recorder, recordings, reels
        self._sessions: dict[str, Session] = {}
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._chores = Chores("the recording desk")
        self._pause = AGAIN_FIRST_S
        recorder.listen(self._heard, self._died)

    async def run(self) -> None:
        """Runs as long as the center."""
        changes = self._bus.subscribe()
        self._chores.begin(self._reels.recover(self._reels.unfinished()))
        for consultation_id in await self._recordings.all_running():
            self._chores.begin(self._follow(consultation_id))
        async for change in changes:
            self._look_at(change)

    async def close(self) -> None:
        """End every reel; they are finished at the next start."""
        await self._chores.end()
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    def _look_at(self, change: Change) -> None:
        kind, _, consultation_id = change.stream.partition(":")
        if kind != "consultation":
            return
        if change.kind == ASKED:
            self._chores.begin(self._recorder.prepare())
        if change.kind.startswith("recording_") or consultation_id in self._sessions:
            self._chores.begin(self._follow(consultation_id))

    async def _follow(self, consultation_id: str) -> None:
        async with self._turns[consultation_id]:
            wanted = await self._recordings.running(consultation_id)
            session = self._sessions.get(consultation_id)
            recording_id = wanted.recording.recording_id if wanted else None
            if session and session.reel.recording_id != recording_id:
                del self._sessions[consultation_id]
                await session.close()
                self._chores.begin(self._reels.seal(session.reel))
                session = None
            if wanted and not session:
                await self._begin(wanted)

    async def _begin(self, consultation: Consultation) -> None:
        recording_id = consultation.recording.recording_id or ""
        reel = await self._reels.begin(recording_id, consultation.id)
        report = partial(self._recordings.reported, consultation.id, recording_id)
        session = Session(self._hub, self._recorder, consultation, reel, report)
        try:
            await session.open()
        except (RecorderDownError, StorageFull) as error:
            log.error("recording %s cannot begin: %s", recording_id, error)  # noqa: TRY400
            full = isinstance(error, StorageFull)
            await report(RecorderFault.DISK_FULL if full else RecorderFault.DOWN)
            self._chores.begin(self._reels.seal(reel))
            self._chores.begin(self._again(consultation.id))
            return
        self._sessions[consultation.id] = session
        self._pause = AGAIN_FIRST_S

    async def _again(self, consultation_id: str) -> None:
        self._pause = min(AGAIN_MOST_S, self._pause * 2)
        await asyncio.sleep(self._pause)
        await self._follow(consultation_id)

    def _heard(self, reel_id: str, peer: str, state: str) -> None:
        for session in self._sessions.values():
            if session.reel.reel_id == reel_id:
                session.changed(peer, state)

    def _died(self) -> None:
        for consultation_id in tuple(self._sessions):
            self._chores.begin(self._lost(consultation_id))

    async def _lost(self, consultation_id: str) -> None:
        """The recorder is gone with this reel; what it wrote is kept, and another begins."""
        async with self._turns[consultation_id]:
            session = self._sessions.pop(consultation_id, None)
            if session is None:
                return
            await session.close()
            reel = session.reel
        await self._recordings.reported(consultation_id, reel.recording_id, RecorderFault.DOWN)
        self._chores.begin(self._reels.seal(reel))
        await self._again(consultation_id)
