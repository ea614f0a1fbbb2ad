"""A document camera whose plug tests pull, a tracker they steer, a scanner without OpenCV."""

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

import cv2
import numpy as np
from numpy.typing import NDArray

from center.protocol.words import CameraStatus, EmptyDeskState
from kiosk.capture import Scan, ScanFailedError
from kiosk.desk import Camera, CameraFaultError, DeskDevices, Sight
from kiosk.devices import Devices
from kiosk.spool import PagePictures

SIZE = (240, 320, 3)


@dataclass(frozen=True)
class StillFrame:
    jpeg: bytes | None
    image: NDArray[np.uint8]
    at: float

    @property
    def preview(self) -> NDArray[np.uint8]:
        """Small enough as it is."""
        return self.image


@dataclass
class Bench:
    """All devices of a kiosk on the workbench; set a field and the next frame obeys."""

    fault: CameraStatus | None = None
    shade: int = 200
    sight: Sight = Sight()  # noqa: RUF009
    unreadable: bool = False
    full: bool = False
    since: datetime | None = None
    bare: NDArray[np.uint8] | None = None
    state: EmptyDeskState = EmptyDeskState.NOT_SHOWN
    opened: int = 0
    closed: int = 0
    frames: int = 0
    told: list[str] = field(default_factory=list)
    pace: threading.Event = field(default_factory=threading.Event)

    def devices(self) -> Devices:
        return Devices(DeskDevices(self._open, lambda: self), self.scan, lambda _: (), self)

    def _open(self) -> Camera:
        self.opened += 1
        return self

    def read(self) -> StillFrame:
        self.pace.wait(0.02)
        if self.fault is not None:
            raise CameraFaultError(self.fault)
        self.frames += 1
        image = np.full(SIZE, self.shade, np.uint8)
        jpeg = cv2.imencode(".jpg", image)[1].tobytes()
        return StillFrame(jpeg, image, self.frames / 50)

    def close(self) -> None:
        self.closed += 1

    def keep(self, picture: NDArray[np.uint8]) -> None:
        if self.full:
            raise OSError("as told")
        self.since, self.bare = datetime.now(UTC), picture
        self.state = EmptyDeskState.KNOWN

    def update(self, preview: NDArray[np.uint8], now: float) -> Sight:
        return self.sight

    def took(self) -> None:
        self.told.append("took")

    def rearm(self) -> None:
        self.told.append("rearm")

    def scan(self, jpeg: bytes) -> Scan:
        if self.unreadable:
            raise ScanFailedError("as told")
        image = np.frombuffer(jpeg, np.uint8)
        picture = cv2.imdecode(image, cv2.IMREAD_COLOR)
        assert picture is not None
        clean = cv2.imencode(".jpg", cv2.bitwise_not(picture))[1].tobytes()
        preview = cv2.imencode(".jpg", cv2.resize(picture, None, fx=0.5, fy=0.5))[1].tobytes()
        return Scan(
            sha256=sha256(jpeg).hexdigest(),
            pictures=PagePictures(jpeg, clean, preview, b"thumb"),
            clean_sha256=sha256(clean).hexdigest(),
            width=SIZE[1],
            height=SIZE[0],
            quad=None,
            sharpness=1.0,
            verdict=(),
            codes=(),
        )
