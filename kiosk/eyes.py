"""How the scanner's camera, tracker and pipeline come to the agent, in the agent's own words."""

from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from center.protocol.rest import Quad
from center.protocol.words import CameraStatus
from kiosk.agent import Devices
from kiosk.capture import Scan, ScanFailedError
from kiosk.desk import Camera, CameraFaultError, CameraFrame, DeskDevices, Sight
from kiosk.spool import PagePictures
from kiosk.words import CoachWord
from scanner.camera import open_camera, watch_camera
from scanner.errors import (
    CameraDark,
    CameraError,
    CameraMissing,
    CameraStalled,
    CameraUnplugged,
    ImageError,
)
from scanner.fingerprint import Fingerprint, fingerprint, same_page
from scanner.image import inspect
from scanner.live import Live
from scanner.live import Tracker as PageTracker
from scanner.pipeline import scan

_STATUS: dict[type[CameraError], CameraStatus] = {
    CameraMissing: CameraStatus.MISSING,
    CameraUnplugged: CameraStatus.UNPLUGGED,
    CameraDark: CameraStatus.DARK,
    CameraStalled: CameraStatus.STALLED,
}


def real_devices(source: str) -> Devices:
    """The document camera named in the settings, and the scanner behind it."""
    return Devices(DeskDevices(lambda: _Eye(source), _Watcher), scan_page)


def describe_camera(source: str) -> tuple[str, bool]:
    """What the camera delivers, in a line, and whether it works."""
    try:
        camera = open_camera(source)
        try:
            frame = camera.read()
        finally:
            camera.close()
    except CameraError as error:
        return f"{source}: {error.code}: {error}", False
    height, width = frame.image.shape[:2]
    size = "no JPEG of its own" if frame.jpeg is None else f"{len(frame.jpeg) // 1024} kB JPEG"
    return f"{camera.identity}: {width}x{height}, {size}", True


def scan_page(original: bytes) -> Scan:
    """Everything that is made of one picture.

    Raises:
        ScanFailedError: these bytes are no picture.
    """
    try:
        page = scan(original)
        clean = inspect(page.clean_jpeg)
    except ImageError as error:
        raise ScanFailedError(f"{error.code}: {error}") from error
    return Scan(
        sha256=page.sha256,
        pictures=PagePictures(page.original, page.clean_jpeg, page.thumb_jpeg),
        clean_sha256=sha256(page.clean_jpeg).hexdigest(),
        width=clean.width,
        height=clean.height,
        quad=None if page.quad is None else Quad.model_validate({"points": page.quad}),
        sharpness=page.quality.sharpness,
        verdict=tuple(reason.value for reason in page.quality.reasons),
        codes=tuple(code.text for code in page.codes),
    )


class _Eye(Camera):
    """A camera that is kept going; its errors become the agent's."""

    def __init__(self, source: str) -> None:
        self._camera = watch_camera(source)

    def read(self) -> CameraFrame:
        try:
            return self._camera.read()
        except CameraError as error:
            status = _STATUS.get(type(error), CameraStatus.STALLED)
            raise CameraFaultError(status, str(error)) from error

    def close(self) -> None:
        self._camera.close()


class _Watcher:
    """The tracker, which in addition knows the pages that were taken by the shutter key."""

    def __init__(self) -> None:
        self._tracker = PageTracker()
        self._by_hand: list[Fingerprint] = []
        self._took = False

    def update(self, preview: NDArray[np.uint8], now: float) -> Sight:
        """What lies there; a page taken by hand does not take itself once more."""
        live = self._tracker.update(preview, now)
        seen = self._print(preview, live) if self._took or live.capture else None
        again = seen is not None and any(same_page(seen, page) for page in self._by_hand)
        if self._took and seen is not None:
            self._by_hand.append(seen)
            self._took = False
        return Sight(
            CoachWord(live.coach.value),
            min(1.0, live.progress),
            None if live.quad is None else tuple((float(x), float(y)) for x, y in live.quad),
            capture=live.capture and not again,
        )

    def took(self) -> None:
        """The page that lies there is in the spool."""
        self._took = True

    def rearm(self) -> None:
        """The page that lies there is wanted again."""
        self._by_hand.clear()
        self._tracker.rearm()

    @staticmethod
    def _print(preview: NDArray[np.uint8], live: Live) -> Fingerprint | None:
        if live.quad is None:
            return None
        size = np.asarray(preview.shape[1::-1], np.float32)
        return fingerprint(preview, (live.quad * size).astype(np.float32))
