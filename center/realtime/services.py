"""The use cases that sockets call."""

from dataclasses import dataclass

from center.services.calls import Calls
from center.services.directory import Directory
from center.services.duty import DutyDesk
from center.services.fleet import Fleet
from center.services.identity import Identity
from center.services.views import Views


from center.services.quality import QualityLog
@dataclass(frozen=True)
class Services:
    """One set a process."""

    calls: Calls
    duty: DutyDesk
    views: Views
    identity: Identity
    fleet: Fleet
    directory: Directory
    quality: QualityLog
