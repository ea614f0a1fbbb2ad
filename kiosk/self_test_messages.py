"""The technician's self-test, between kiosk page and agent."""

from typing import Literal

from pydantic import Field

from center.protocol.base import Timestamp, WireModel
from center.protocol.views import IceServer
from center.protocol.words import CameraStatus, EmptyDeskState


class PageSelfTest(WireModel):
    """The page looks at its devices and its line; the agent shall look at the rest of the machine.
    Refused on every other screen than the technician's."""

    type: Literal["page.self_test"] = "page.self_test"
    run: int = Field(ge=1, le=1_000_000)
    empty_desk: bool = Field(
        default=False,
        description="The technician says that nothing lies on the desk: its picture is kept.",
    )


class MachineFound(WireModel):
    """What the agent found in this run, sent whole: without the document camera, then with it."""

    type: Literal["machine.found"] = "machine.found"
    run: int
    camera: CameraStatus | None = Field(description="Null while it is being looked at.")
    ice_servers: tuple[IceServer, ...] | None = Field(
        description="The relays to try; null when the center did not answer."
    )
    empty_desk: EmptyDeskState
    empty_desk_since: Timestamp | None = Field(
        description="When the empty desk was shown; null when nobody has."
    )
    disk_free_mb: int
    disk_reserve_mb: int = Field(description="Below this no paper is scanned any more.")
    clock_skew_s: float | None = Field(
        description="Kiosk clock minus center clock; null when the center is not there."
    )
