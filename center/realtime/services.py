"""The use cases that sockets call."""

from dataclasses import dataclass

from center.services.calls import Calls
from center.services.duty import DutyDesk
from center.services.fleet import Fleet
from center.services.identity import Identity
from center.services.mediations import Mediations
from center.services.papers import Papers
from center.services.quality import QualityLog
from center.services.recordings import Recordings
from center.services.rooms import Rooms
from center.services.screens import Screens


@dataclass(frozen=True)
class Services:
    """One set a process."""

    calls: Calls
    screens: Screens
    rooms: Rooms
    duty: DutyDesk
    papers: Papers
    recordings: Recordings
    identity: Identity
    fleet: Fleet
    quality: QualityLog
    mediations: Mediations
