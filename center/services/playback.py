"""Playing recordings: to whoever had the talk in hand, and to supervisors; each audited."""

from collections.abc import Mapping
from dataclasses import dataclass
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

AROUND = timedelta(seconds=5)
"""An event so long before the first picture, or after the last, may be why they are these."""


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
            rows = [_row(reel, await _talk(work, reel)) for reel in reels]
        return RecordingList(rows=tuple(rows))

    async def detail(self, staff: StaffView, reel_id: str) -> RecordingDetail:
        """One of them with its parts and the events of its time.

        Raises:
            NotFound: there is no such recording (any more).
            Forbidden: the talk was never in this person's hands.
        """
        async with self._work() as work:
            reel, talk = await _permitted(work, staff, reel_id)
            parts = await self._shelf.parts(reel_id)
            shown = RecordingDetail(
                row=_row(reel, talk),
                manifest=reel.manifest,
                parts=tuple(map(_part, parts)),
                moments=await _moments(work, reel, talk),
            )
            await self._note(work, staff, reel, "opened")
            await work.commit()
        return shown

    async def open(self, staff: StaffView, reel_id: str, number: int) -> Playing:
        """A part's plain file; the reading is audited before. Raises as `detail`."""
        async with self._work() as work:
            reel, _ = await _permitted(work, staff, reel_id)
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
        await work.audit.add(entry(self._clock.now(), actor, action, reel.room_id, detail))


@dataclass(frozen=True, slots=True)
class _Talk:
    """What was recorded; `names` are those of a mediation's seats, for as long as they are kept."""

    kind: str
    number: str
    title: str
    names: Mapping[str, str]


async def _permitted(work: OfficeWork, staff: StaffView, reel_id: str) -> tuple[Reel, _Talk]:
    reel = await work.reels.get(reel_id)
    if reel is None or reel.sealed_at is None:
        raise NotFound(f"recording {reel_id}")
    talk = await _talk(work, reel)
    if staff.role is not Role.SUPERVISOR:
        await require_in_hand(work, staff.staff_id, reel.room_id, talk.kind)
    return reel, talk


async def _talk(work: OfficeWork, reel: Reel) -> _Talk:
    try:
        consultation = await work.consultations.get(reel.room_id)
    except NotFound:
        mediation = await work.mediations.get(reel.room_id)
        words = await work.mediations.words(mediation.id)
        return _Talk("mediation", mediation.number, words.title, words.names)
    kiosk = await work.kiosks.get(consultation.kiosk_id)
    return _Talk("consultation", consultation.number, f"{kiosk.township} · {kiosk.hall}", {})


def _row(reel: Reel, talk: _Talk) -> RecordingRow:
    return RecordingRow(
        reel_id=reel.reel_id,
        recording_id=reel.recording_id,
        room_id=reel.room_id,
        number=talk.number,
        title=talk.title,
        started_at=reel.started_at,
        ended_at=reel.ended_at,
        sealed=reel.sealed_at is not None,
        size=reel.size,
    )


def _part(part: PartFacts) -> RecordingPart:
    return RecordingPart(
        number=part.number,
        peer=part.peer,
        role=PeerRole(part.peer.partition(":")[0]),
        name=part.who,
        since_s=part.since,
        until_s=part.until,
        whole=part.whole,
        streams=part.streams,
        size=part.size,
        sha256=part.sha256,
    )


async def _moments(work: OfficeWork, reel: Reel, talk: _Talk) -> tuple[RecordingMoment, ...]:
    """From the question, or what began a later reel, to whatever ended it, and a little more."""
    events = await work.events.of(f"{talk.kind}:{reel.room_id}")
    reels = [one.reel_id for one in await work.reels.of(reel.recording_id)]
    of_it = [event.at for event in events if event.data.get("recording_id") == reel.recording_id]
    begin, end = reel.started_at - AROUND, (reel.ended_at or reel.started_at) + AROUND
    if of_it and reel.reel_id == reels[0]:
        begin = of_it[0]
    if of_it and reel.reel_id == reels[-1]:
        end = max(end, of_it[-1])
    return tuple(
        RecordingMoment(
            at_s=(event.at - reel.started_at).total_seconds(),
            type=event.type,
            actor=event.actor,
            data=event.data,
            name=talk.names.get(str(event.data.get("seat_id") or event.data.get("peer")), ""),
        )
        for event in events
        if begin <= event.at <= end
    )
