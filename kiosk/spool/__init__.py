"""What the kiosk keeps until the center has it: encrypted, atomic, bounded, and wiped."""

from kiosk.spool.disk import Disk, DiskFullError, RealDisk
from kiosk.spool.pages import PagePictures, SpooledPage
from kiosk.spool.spool import Spool, VisitClosedError

__all__ = [
    "Disk",
    "DiskFullError",
    "PagePictures",
    "RealDisk",
    "Spool",
    "SpooledPage",
    "VisitClosedError",
]
