"""Playing recordings: to whoever had the consultation in hand, and to supervisors; each audited."""

from datetime import datetime, timedelta

from center.domain.errors import NotFound
from center.protocol.recordings import (
    RecordingDetail,
    RecordingList,
    RecordingMoment,
    RecordingPart,
    RecordingRow,
)
from center.protocol.views import StaffView
from center.protocol.words import PeerRole, Role
from center.services.audit import entry
from center.services.base import staff_actor
from center.services.hands import require_in_hand
from center.services.office import OfficeWork, OfficeWorkFactory
from center.services.ports import Clock
from center.services.recording_ports import PartFacts, Playing, Reel, Shelf

SHOWN = 200
"""Recordings of one list."""

NOTED_AGAIN = timedelta(minutes=10)
"""A player asks for a file in many pieces; who plays is noted when it begins, and now and then."""

AFTERWARDS = timedelta(seconds=5)
"""An event so long after the last picture may be what ended it."""


class Playback:
    """What may be seen and heard of recorded talks."""

    def __init__(self, work: OfficeWorkFactory, clock: Clock, shelf: Shelf) -> None:
        self._work, self._clock, self._shelf = work, clock, shelf
        self._noted: dict[tuple[str, str, int], datetime] = {}

    async def listing(self, staff: StaffView) -> RecordingList:
        """Those that this person may play."""
        own = None if staff.role is Role.SUPERVISOR else staff.staff_id
        async with self._work() as work:
            reels = await work.reels.newest(SHOWN, own)
            return RecordingList(rows=tuple([await _row(work, reel) for reel in reels]))

    async def detail(self, staff: StaffView, reel_id: str) -> RecordingDetail:
        """One of them with its parts and the events of its time.

        Raises:
            NotFound: there is no such recording (any more).
            Forbidden: the talk was never in this person's hands.
        """
        async with self._work() as work:
            reel = await _permitted(work, staff, reel_id)
            parts = await self._shelf.parts(reel_id)
            shown = RecordingDetail(
                row=await _row(work, reel),
                manifest=reel.manifest,
                parts=tuple([await _part(work, part) for part in parts]),
                moments=await _moments(work, reel),
            )
            await self._note(work, staff, reel, "opened")
            await work.commit()
        return shown

    async def open(self, staff: StaffView, reel_id: str, number: int) -> Playing:
        """A part's plain file; the reading is audited before. Raises as `detail`."""
        async with self._work() as work:
            reel = await _permitted(work, staff, reel_id)
            which = staff.staff_id, reel_id, number
            if self._is_news(which):
                await self._note(work, staff, reel, f"part {number} played")
                await work.commit()
                self._noted[which] = self._clock.now()
        return await self._shelf.open(reel_id, number)

    def _is_news(self, which: tuple[str, str, int]) -> bool:
        now = self._clock.now()
        self._noted = {known: at for known, at in self._noted.items() if now - at < NOTED_AGAIN}
        return which not in self._noted

    async def _note(self, work: OfficeWork, staff: StaffView, reel: Reel, what: str) -> None:
        actor, detail = staff_actor(staff.staff_id), f"reel {reel.reel_id} {what}"
        action = "read.recording"
        await work.audit.add(entry(self._clock.now(), actor, action, reel.consultation_id, detail))


async def _permitted(work: OfficeWork, staff: StaffView, reel_id: str) -> Reel:
    reel = await work.reels.get(reel_id)
    if reel is None or reel.sealed_at is None:
        raise NotFound(f"recording {reel_id}")
    if staff.role is Role.SUPERVISOR:
        return reel
    await require_in_hand(work, staff.staff_id, reel.consultation_id)
    return reel


async def _row(work: OfficeWork, reel: Reel) -> RecordingRow:
    consultation = await work.consultations.get(reel.consultation_id)
    kiosk = await work.kiosks.get(consultation.kiosk_id)
    return RecordingRow(
        reel_id=reel.reel_id,
        recording_id=reel.recording_id,
        consultation_id=reel.consultation_id,
        number=consultation.number,
        hall=f"{kiosk.township} · {kiosk.hall}",
        started_at=reel.started_at,
        ended_at=reel.ended_at,
        size=reel.size,
    )


async def _part(work: OfficeWork, part: PartFacts) -> RecordingPart:
    kind, _, name = part.peer.partition(":")
    role = PeerRole(kind)
    if role is PeerRole.KIOSK:
        shown = (await work.kiosks.get(name)).hall
    else:
        shown = (await work.staff.get(name)).name
    return RecordingPart(
        number=part.number,
        peer=part.peer,
        role=role,
        name=shown,
        since_s=part.since,
        until_s=part.until,
        whole=part.whole,
        streams=part.streams,
        size=part.size,
        sha256=part.sha256,
    )


async def _moments(work: OfficeWork, reel: Reel) -> tuple[RecordingMoment, ...]:
    """From the question to whatever ended it, and a little more."""
    events = await work.events.of(f"consultation:{reel.consultation_id}")
    named = [n for n, e in enumerate(events) if e.data.get("recording_id") == reel.recording_id]
    first, last = named[0] if named else len(events), named[-1] if named else 0
    end = (reel.ended_at or reel.started_at) + AFTERWARDS
    return tuple(
        RecordingMoment(
            at_s=(event.at - reel.started_at).total_seconds(),
            type=event.type,
            actor=event.actor,
            data=event.data,
        )
        for number, event in enumerate(events)
        if first <= number and (number <= last or event.at <= end)
    )
