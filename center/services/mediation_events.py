"""What an act on the wire means in the log: one event, for the seat of whoever acts."""

import hashlib
import json
from collections.abc import Sequence
from typing import assert_never

from center.domain import mediation_events as ev
from center.domain.mediation import MEDIATOR_SEAT, Mediation
from center.domain.mediation_words import ClauseWords
from center.domain.recording import RecordingAnswered, RecordingRetried, RecordingStopped
from center.protocol import mediation_acts as wire

OfMediator = (
    wire.Open
    | wire.End
    | wire.Uninvite
    | wire.Admit
    | wire.Dismiss
    | wire.Lock
    | wire.MuteSeat
    | wire.AskToSpeak
    | wire.GiveFloor
    | wire.OpenSide
    | wire.CloseSide
    | wire.Protect
    | wire.Withdraw
    | wire.RetryRecording
)
"""Acts of the mediator that are nothing but an event."""


def of_mediator(act: OfMediator) -> ev.Event:  # noqa: C901, PLR0911, PLR0912 - one arm an act
    """The event of a mediator's act."""
    match act:
        case wire.Open():
            return ev.Opened()
        case wire.End():
            return ev.Ended()
        case wire.Uninvite(seat_id=seat):
            return ev.Uninvited(seat)
        case wire.Admit(seat_id=seat):
            return ev.Admitted(seat)
        case wire.Dismiss(seat_id=seat):
            return ev.Dismissed(seat)
        case wire.Lock(on=on):
            return ev.Locked(on)
        case wire.MuteSeat(seat_id=seat):
            return ev.Muted(seat)
        case wire.AskToSpeak(seat_id=seat):
            return ev.SpeechAsked(seat)
        case wire.GiveFloor(seat_id=holder):
            return ev.FloorGiven(holder)
        case wire.OpenSide(seat_id=seat, interpreted=interpreted):
            return ev.SideOpened(seat, interpreted)
        case wire.CloseSide():
            return ev.SideClosed()
        case wire.Protect(seat_id=seat, protection=protection):
            return ev.ProtectionSet(seat, protection)
        case wire.Withdraw():
            return ev.Withdrawn()
        case wire.RetryRecording(recording_id=recording_id):
            return RecordingRetried(recording_id, MEDIATOR_SEAT)
        case _:
            assert_never(act)


def of_seat(act: wire.OfSeat, seat: str) -> ev.Event:  # noqa: C901, PLR0911, PLR0912 - one arm an act
    """The event of an act by whoever has this seat."""
    match act:
        case wire.Leave():
            return ev.Parted(seat)
        case wire.Mute():
            return ev.Muted(seat)
        case wire.Unmute():
            return ev.Unmuted(seat)
        case wire.RaiseHand():
            return ev.HandRaised(seat)
        case wire.LowerHand():
            return ev.HandLowered(seat)
        case wire.Listen(on=on):
            return ev.Listened(seat, on)
        case wire.Confirm(edition=edition, clause=clause):
            return ev.Confirmed(seat, edition, clause)
        case wire.Objection(edition=edition, clause=clause):
            return ev.Objected(seat, edition, clause)
        case wire.Sign(edition=edition, strokes=strokes):
            return ev.Signed(seat, edition, digest(strokes.lines))
        case wire.Photograph(edition=edition, sha256=sha256):
            return ev.Photographed(seat, edition, sha256)
        case wire.RefusePhoto(edition=edition):
            return ev.PhotoRefused(seat, edition)
        case wire.AnswerRecording(recording_id=recording_id, agreed=agreed):
            return RecordingAnswered(recording_id, seat, agreed)
        case wire.StopRecording(recording_id=recording_id):
            return RecordingStopped(recording_id, seat)
        case _:
            assert_never(act)


def proposed(mediation: Mediation, clauses: Sequence[ClauseWords]) -> ev.Proposed:
    """The next edition with these clauses."""
    words = [[clause.first, clause.second] for clause in clauses]
    return ev.Proposed(mediation.agreement.edition + 1, len(clauses), digest(words))


def digest(value: object) -> str:
    """SHA-256 of a JSON value, hex."""
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
