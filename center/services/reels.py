"""Reels from their beginning to their end: the row first, the files, the seal, the deletion."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from center.domain.mediation_room import peer_of
from center.services.audit import entry
from center.services.office import OfficeWork, OfficeWorkFactory
from center.services.ports import Clock
from center.services.recording_ports import Participant, Reel, Shelf, Take

log = logging.getLogger(__name__)

YES = frozenset({"recording_asked", "recording_answered"})
"""Events by which somebody agrees, the latter unless it says no."""


class ReelKeeper:
    """Keeps rows and files of recordings in step."""

    def __init__(self, work: OfficeWorkFactory, clock: Clock, shelf: Shelf) -> None:
        self._work, self._clock, self._shelf = work, clock, shelf
        self._sealing = asyncio.Lock()
        self._late: dict[str, Reel] = {}

    async def begin(self, recording_id: str, room_id: str) -> Reel:
        """The row of another reel of this recording; the first is called `ID-1`."""
        async with self._work() as work:
            numbers = [_number(reel) for reel in await work.reels.of(recording_id)]
            reel_id = f"{recording_id}-{max(numbers, default=0) + 1}"
            reel = Reel(reel_id, recording_id, room_id, self._clock.now())
            await work.reels.save(reel)
            await work.commit()
        return reel

    async def seal(self, reel: Reel) -> None:
        """Finish a reel that is not recorded on any more, one at a time; one that cannot be
        finished is `late`."""
        takes = await self._shelf.takes(reel.reel_id)
        async with self._sealing:
            try:
                sealed = await self._finish(reel, takes)
            except OSError as error:
                log.exception("reel %s is kept as it is and finished later", reel.reel_id)
                await self._put_off(reel, error)
                return
        self._late.pop(reel.reel_id, None)
        if sealed.size == 0:
            await self._shelf.delete(reel.reel_id)
        async with self._work() as work:
            if sealed.size == 0:
                await work.reels.delete(reel.reel_id)
                action, detail = "recording.empty", f"reel {reel.reel_id}: nothing came"
            else:
                await work.reels.save(sealed)
                action = "recording.sealed"
                detail = f"reel {reel.reel_id}, {sealed.size} bytes, manifest {sealed.manifest}"
            await self._note(work, reel, action, detail)

    def late(self) -> tuple[Reel, ...]:
        """Those that could not be finished; nothing of them is lost."""
        return tuple(self._late.values())

    async def _put_off(self, reel: Reel, error: OSError) -> None:
        known, self._late[reel.reel_id] = reel.reel_id in self._late, reel
        if known:
            return
        reason = str(error).strip().rpartition("\n")[2]  # what a process said last
        detail = f"reel {reel.reel_id} is kept and tried again: {reason}"
        async with self._work() as work:
            await self._note(work, reel, "recording.late", detail)

    async def _finish(self, reel: Reel, takes: Sequence[Take]) -> Reel:
        if not takes:
            return await self._shelf.finish(reel)
        async with self._work() as work:
            agreed = await _agreed(work, reel)
        published = [(agreed[t.seat_id], t) for t in takes if t.seat_id in agreed]
        return await self._shelf.convert(reel, published)

    def unfinished(self) -> tuple[str, ...]:
        """Reels that are on the disk without a seal: those cut off, until others are begun."""
        return self._shelf.unfinished()

    async def recover(self, unfinished: Iterable[str]) -> None:
        """After a start: finish what was cut off."""
        for reel_id in unfinished:
            async with self._work() as work:
                reel = await work.reels.get(reel_id)
            if reel is not None:
                await self.seal(reel)
            else:
                log.error("reel %s belongs to no recording", reel_id)

    async def delete_older(self, than: timedelta) -> int:
        """Delete what has lain long enough; how many reels."""
        before = self._clock.now() - than
        async with self._work() as work:
            old = await work.reels.started_before(before)
        for reel in old:
            await self._delete(reel, before)
        return len(old)

    async def _delete(self, reel: Reel, before: datetime) -> None:
        # Files first: were the row gone before, a crash would leave files nobody knows.
        await self._shelf.delete(reel.reel_id)
        self._late.pop(reel.reel_id, None)
        async with self._work() as work:
            await work.reels.delete(reel.reel_id)
            detail = f"reel {reel.reel_id}, older than {before.date()}"
            await self._note(work, reel, "retention.recording", detail)

    async def _note(self, work: OfficeWork, reel: Reel, action: str, detail: str) -> None:
        """And commit what is noted."""
        await work.audit.add(entry(self._clock.now(), "center", action, reel.room_id, detail))
        await work.commit()


async def _agreed(work: OfficeWork, reel: Reel) -> dict[str, Participant]:
    """Those of a mediation who said yes to this recording, by seat, as the log tells it."""
    mediation = await work.mediations.get(reel.room_id)
    names = (await work.mediations.words(mediation.id)).names
    peers = {seat.seat_id: peer_of(seat) or "" for seat in mediation.seats}
    return {
        seat: Participant(peers[seat], names.get(seat) or seat, event.at)
        for event in await work.events.of(f"mediation:{mediation.id}")
        if event.type in YES
        and event.data["recording_id"] == reel.recording_id
        and event.data.get("agreed", True)
        and (seat := str(event.data["peer"])) in peers
    }


def _number(reel: Reel) -> int:
    return int(reel.reel_id.rpartition("-")[2])
