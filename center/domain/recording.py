"""The recording of a consultation or a mediation: nothing is recorded unless everybody present has
agreed.

    state         event                                   next
    ────────────  ──────────────────────────────────────  ───────────────────────────────────────
    off, stopped  RecordingAsked (the asker agrees by it)  asked; running when nobody else is there
    asked         RecordingAnswered yes                   running when that was the last one
    asked         whoever had not agreed goes away        running when that was the last one
    asked         RecordingAnswered no                    stopped (refused)
    running       RecordingAnswered no                    stopped (refused)
    asked, running  RecordingStopped, by anybody          stopped
    running       somebody comes who has not agreed       stopped (newcomer)
    asked, running  the talk ends or is handed on         stopped (talk_over)
    running       RecorderReported                        running, with the fault or without one
    running, and  RecordingRetried                        running; the fault is now that it is tried
    with a fault                                          again, until the recorder reports

Who takes part is known by a name that stays theirs: by their peer in a consultation, which has one
resident, and by their seat in a mediation, where one kiosk may see several people.

Each question has an id of its own, and consent is given to that question only. An event that
speaks of another one, or has nothing to change, returns the very same value: a resident who says
no a moment after the lawyer withdrew the question is right as well.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from center.protocol.words import RecorderFault, StopCause
from center.protocol.words import RecordingState as State

People = frozenset[str]
"""Peer ids of a consultation, seat ids of a mediation."""


@dataclass(frozen=True, slots=True)
class RecordingAsked:
    """A staff member asks everybody present whether the talk may be recorded."""

    recording_id: str
    peer: str


@dataclass(frozen=True, slots=True)
class RecordingAnswered:
    """Somebody present agreed, or did not (any more)."""

    recording_id: str
    peer: str
    agreed: bool


@dataclass(frozen=True, slots=True)
class RecordingStopped:
    """Somebody present ended the recording, or took back the question."""

    recording_id: str
    peer: str


@dataclass(frozen=True, slots=True)
class RecordingRetried:
    """A staff member wants what fails to be tried again at once."""

    recording_id: str
    peer: str


@dataclass(frozen=True, slots=True)
class RecorderReported:
    """What should be recorded is not, for this reason; or, with none, it is (again)."""

    recording_id: str
    fault: RecorderFault | None


RecordingEvent = (
    RecordingAsked | RecordingAnswered | RecordingStopped | RecordingRetried | RecorderReported
)


@dataclass(frozen=True, slots=True)
class Recording:
    """The newest question of a talk and what came of it.

    `agreed` is empty once it is over; `since` is when everybody had agreed.
    """

    state: State = State.OFF
    recording_id: str | None = None
    agreed: People = frozenset()
    since: datetime | None = None
    cause: StopCause | None = None
    fault: RecorderFault | None = None


NEVER = Recording()
LIVE = frozenset({State.ASKED, State.RUNNING})


def advance(current: Recording, event: RecordingEvent, present: People, now: datetime) -> Recording:
    """The recording after the event; `present` is who takes part."""
    if isinstance(event, RecordingAsked):
        return current if current.state in LIVE else _asked(event, present, now)
    if event.recording_id != current.recording_id or current.state not in LIVE:
        return current
    match event:
        case RecordingAnswered(agreed=False):
            return _stopped(current, StopCause.REFUSED)
        case RecordingAnswered(peer=peer):
            return _agreed(current, peer, present, now)
        case RecordingStopped():
            return _stopped(current, StopCause.STOPPED)
        case RecordingRetried():
            fault = current.fault and RecorderFault.RETRYING
        case RecorderReported(fault=told):
            fault = told
        case _:
            assert_never(event)
    same = current.state is State.ASKED or current.fault is fault
    return current if same else replace(current, fault=fault)


def followed(current: Recording, present: People, now: datetime) -> Recording:
    """The recording after the talk went on with these people; nobody means that it is over."""
    if current.state not in LIVE:
        return current
    if not present:
        return _stopped(current, StopCause.TALK_OVER)
    unanimous = present <= current.agreed
    if current.state is State.ASKED:
        return replace(current, state=State.RUNNING, since=now) if unanimous else current
    return current if unanimous else _stopped(current, StopCause.NEWCOMER)


def _asked(event: RecordingAsked, present: People, now: datetime) -> Recording:
    asked = Recording(State.ASKED, event.recording_id)
    return _agreed(asked, event.peer, present, now)


def _agreed(current: Recording, peer: str, present: People, now: datetime) -> Recording:
    agreed = current.agreed | ({peer} & present)
    asked = current if agreed == current.agreed else replace(current, agreed=agreed)
    return followed(asked, present, now)


def _stopped(current: Recording, cause: StopCause) -> Recording:
    ended = Recording(State.STOPPED, current.recording_id)
    return replace(ended, since=current.since, cause=cause)
