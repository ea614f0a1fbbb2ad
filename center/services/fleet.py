"""The kiosks as the center sees them now: health, clock, presence.

A heartbeat changes the kiosk's row only; the log would drown in them. What a person would want to
know later (came, went, camera in trouble or well again) is an event.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from center.domain.consultation import QUEUED, TALKING
from center.domain.errors import NotFound
from center.protocol.kiosk_wire import Heartbeat
from center.protocol.views import KioskView
from center.protocol.words import CameraStatus
from center.services.office import OfficeWork, OfficeWorkFactory, Terminal
from center.services.ports import Change, Clock, NewEvent
from center.services.races import settled
from center.services.together import Together

AT_ONCE = 8
"""Heartbeats written in one go. Kiosks that were answered together beat together ever after, and
all in one go would keep every call waiting: of a hundred up to 40 ms, on a busy machine."""


@dataclass(frozen=True, slots=True)
class _Beat:
    """A heartbeat and when it came."""

    kiosk_id: str
    heartbeat: Heartbeat
    at: datetime


class Fleet:
    """Presence and health of the kiosks. What is returned is committed; the caller publishes it.
    Heartbeats are `notes`, written together: nobody waits for them, but the next request of the
    same kiosk does."""

    def __init__(self, work: OfficeWorkFactory, notes: OfficeWorkFactory, clock: Clock) -> None:
        self._work, self._notes = work, notes
        self._clock = clock
        self._beats: Together[_Beat, tuple[Change, ...] | None] = Together(
            lambda beats: settled(lambda: self._write(beats)), AT_ONCE
        )

    async def heartbeat(
        self, kiosk_id: str, heartbeat: Heartbeat, now: datetime
    ) -> tuple[Change, ...]:
        """Keep what a kiosk says of itself; a change of its camera's health is an event.

        Raises:
            NotFound: no such kiosk.
        """
        changes = await self._beats.do(_Beat(kiosk_id, heartbeat, now))
        if changes is None:
            raise NotFound(f"kiosk {kiosk_id}")
        return changes

    async def _write(self, beats: Sequence[_Beat]) -> list[tuple[Change, ...] | None]:
        """What changed at each one's kiosk; None: there is no such kiosk."""
        async with self._notes() as work:
            known = [await _note(work, beat) for beat in beats]
            changes = await work.commit()
        return [
            tuple(change for change in changes if change.kiosk_id == beat.kiosk_id)
            if here
            else None
            for beat, here in zip(beats, known, strict=True)
        ]

    async def online(self, kiosk_id: str, kiosk_time: datetime) -> tuple[Change, ...]:
        """The kiosk's socket proved who it is.

        Raises:
            NotFound: no such kiosk.
        """
        return await settled(lambda: self._online(kiosk_id, kiosk_time))

    async def _online(self, kiosk_id: str, kiosk_time: datetime) -> tuple[Change, ...]:
        now = self._clock.now()
        async with self._work() as work:
            terminal = await _terminal(work, kiosk_id)
            seen = replace(_seen(terminal, kiosk_time, now), online=True)
            if terminal.online:
                await work.terminals.note(seen)
            else:
                skew = {"clock_skew_s": seen.clock_skew_s}
                await _append(work, seen, "kiosk_online", now, skew)
            return await work.commit()

    async def offline(self, kiosk_id: str, cause: str = "socket closed") -> tuple[Change, ...]:
        """The kiosk's socket is gone.

        Raises:
            NotFound: no such kiosk.
        """
        return await settled(lambda: self._offline(kiosk_id, cause))

    async def _offline(self, kiosk_id: str, cause: str) -> tuple[Change, ...]:
        async with self._work() as work:
            terminal = await _terminal(work, kiosk_id)
            if not terminal.online:
                return ()
            gone = replace(terminal, online=False)
            await _append(work, gone, "kiosk_offline", self._clock.now(), {"cause": cause})
            return await work.commit()

    async def all_offline(self) -> None:
        """At the start of the center: nobody is connected yet, whatever the last run left."""
        async with self._work() as work:
            terminals = await work.terminals.all()
        for terminal in terminals:
            if terminal.online:
                await self.offline(terminal.kiosk_id, "center started")

    async def views(self) -> tuple[KioskView, ...]:
        """All kiosks, by id, each with the number of the consultation whose resident is there."""
        async with self._work() as work:
            terminals = await work.terminals.all()
            numbers = {
                found.kiosk_id: found.number
                for found in await work.consultations.open_all()
                if found.state in QUEUED | TALKING
            }
        return tuple(_view(terminal, numbers.get(terminal.kiosk_id)) for terminal in terminals)

    async def view(self, kiosk_id: str) -> KioskView:
        """One kiosk.

        Raises:
            NotFound: no such kiosk.
        """
        async with self._work() as work:
            terminal = await _terminal(work, kiosk_id)
            running = await work.consultations.open_for_kiosk(kiosk_id)
        return _view(terminal, running.number if running else None)


async def _note(work: OfficeWork, beat: _Beat) -> bool:
    """Whether there is such a kiosk."""
    before, health = await work.terminals.get(beat.kiosk_id), beat.heartbeat.health
    if before is None:
        return False
    seen = replace(_seen(before, beat.heartbeat.kiosk_time, beat.at), online=True, health=health)
    if health.camera is _camera(before):
        await work.terminals.note(seen)
    else:
        await _append(work, seen, "kiosk_camera", beat.at, {"camera": health.camera.value})
    return True


async def _terminal(work: OfficeWork, kiosk_id: str) -> Terminal:
    terminal = await work.terminals.get(kiosk_id)
    if terminal is None:
        raise NotFound(f"kiosk {kiosk_id}")
    return terminal


async def _append(
    work: OfficeWork, terminal: Terminal, kind: str, now: datetime, data: Mapping[str, object]
) -> None:
    key = terminal.kiosk_id
    event = NewEvent(kind, now, f"kiosk:{key}", dict(data), kiosk_id=key)
    await work.events.append(f"kiosk:{key}", terminal.version, [event])
    await work.terminals.save(replace(terminal, version=terminal.version + 1))


def _seen(terminal: Terminal, kiosk_time: datetime, now: datetime) -> Terminal:
    skew = round((kiosk_time - now).total_seconds(), 3)
    return replace(terminal, last_seen_at=now, clock_skew_s=skew)


def _camera(terminal: Terminal) -> CameraStatus:
    """A kiosk that never spoke has said nothing wrong of its camera."""
    return terminal.health.camera if terminal.health else CameraStatus.OK


def _view(terminal: Terminal, number: str | None) -> KioskView:
    kiosk = terminal.kiosk
    return KioskView(
        kiosk_id=kiosk.kiosk_id,
        township=kiosk.township,
        hall=kiosk.hall,
        hall_phone=kiosk.hall_phone,
        languages=kiosk.languages,
        status=kiosk.status,
        online=terminal.online,
        last_seen_at=terminal.last_seen_at,
        clock_skew_s=terminal.clock_skew_s,
        health=terminal.health,
        consultation_number=number,
    )
