"""What the screens of a talk show of its recording."""

from pydantic import Field

from .base import Id, Timestamp, WireModel
from .words import RecorderFault, RecordingState, StopCause


class RecordingView(WireModel):
    """The newest question whether the talk may be recorded, as one of its participants sees it."""

    state: RecordingState = RecordingState.OFF
    recording_id: Id | None = None
    agreed: bool = Field(default=False, description="Whether you have agreed to it.")
    since: Timestamp | None = Field(default=None, description="When everybody had agreed.")
    cause: StopCause | None = None
    fault: RecorderFault | None = Field(
        default=None, description="Why nothing is recorded though it should be; for staff."
    )


class MediationRecordingView(RecordingView):
    """The same in a mediation."""

    paused: bool = Field(
        default=False, description="It waits while somebody is apart: nothing private is recorded."
    )
    agreed_seats: tuple[Id, ...] = Field(
        default=(), description="Who has agreed so far; told to the mediator only."
    )
    may_ask: bool = Field(default=False, description="Whether you may ask for it.")
