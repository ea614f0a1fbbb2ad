"""The hardware side of the agent, given from outside so that tests can pull its plugs."""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.capture import Scan
from kiosk.code_watch import ReadCodes
from kiosk.desk import DeskDevices


@dataclass(frozen=True, slots=True)
class Devices:
    """The document camera and its tracker, and what reads a picture."""

    desk: DeskDevices
    scan: Callable[[bytes], Scan]
    codes: ReadCodes = lambda _: ()
