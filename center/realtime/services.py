"""The use cases that sockets call."""

from dataclasses import dataclass

from center.services.calls import Calls
from center.services.directory import Directory
from center.services.duty import DutyDesk
from center.services.fleet import Fleet
from center.services.identity import Identity
from center.services.mediation_views import MediationViews
from center.services.mediations import Mediations
from center.services.papers import Papers
from center.services.quality import QualityLog
from center.services.recordings import Recordings
from center.services.rooms import Rooms
from center.services.views import Views


@dataclass(frozen=True)
class Services:
    """One set a process."""

    calls: Calls
    rooms: Rooms
    duty: DutyDesk
    views: Views
    papers: Papers
    recordings: Recordings
    identity: Identity
    fleet: Fleet
    directory: Directory
    quality: QualityLog
    mediations: Mediations
    mediation_views: MediationViews
