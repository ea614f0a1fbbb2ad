"""The hardware side of the agent, given from outside so that tests can pull its plugs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from center.protocol.words import EmptyDeskState
from kiosk.capture import Scan
from kiosk.code_watch import ReadCodes
from kiosk.desk import DeskDevices


class EmptyDesk(Protocol):
    """What the desk looks like with nothing on it; `keep` may raise OSError."""

    def keep(self, picture: NDArray[np.uint8]) -> None: ...
    @property
    def since(self) -> datetime | None: ...
    @property
    def state(self) -> EmptyDeskState: ...


@dataclass(frozen=True, slots=True)
class Devices:
    """The document camera and its tracker, and what reads a picture."""

    desk: DeskDevices
    scan: Callable[[bytes], Scan]
    codes: ReadCodes
    empty_desk: EmptyDesk
