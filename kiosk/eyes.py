"""How the scanner's camera, tracker and pipeline come to the agent, in the agent's own words."""

from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from center.protocol.rest import Quad
from center.protocol.words import CameraStatus
from kiosk.bare_desk import BareDesk
from kiosk.capture import Scan, ScanFailedError
from kiosk.desk import Camera, CameraFaultError, CameraFrame, DeskDevices, Sight
from kiosk.devices import Devices
from kiosk.spool import PagePictures
from kiosk.words import CoachWord
from scanner.camera import open_camera, watch_camera
from scanner.detect.mat import Mat
from scanner.errors import (
    CameraDark,
    CameraError,
    CameraMissing,
    CameraStalled,
    CameraUnplugged,
    ImageError,
)
from scanner.image import inspect
from scanner.live import Coach
from scanner.live import Tracker as PageTracker

_STATUS: dict[type[CameraError], CameraStatus] = {
    CameraMissing: CameraStatus.MISSING,
    CameraUnplugged: CameraStatus.UNPLUGGED,
    CameraDark: CameraStatus.DARK,
    CameraStalled: CameraStatus.STALLED,
}

LOOK_EVERY_S = 2.0
"""Between looks whether the desk is where it was."""
_RESTLESS = frozenset({Coach.MOVING, Coach.DARK, Coach.HAND})


def real_devices(source: str, data: Path) -> Devices:
    """The document camera named in the settings, and the scanner behind it; `data` is the kiosk's
    folder."""
    bare = BareDesk(data)
    desk = DeskDevices(lambda: _Eye(source), lambda: Watcher(bare))
    return Devices(desk, lambda original: scan_page(original, bare.mat()), read_codes, bare)


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


def scan_page(original: bytes, mat: Mat | None = None) -> Scan:
    """Everything that is made of one picture; `mat` is the bare desk, where it is known.

    Raises:
        ScanFailedError: these bytes are no picture.
    """
    # Readers of codes and text, which an agent that was killed in a call need not wait for.
    from scanner.pipeline import scan  # noqa: PLC0415

    try:
        page = scan(original, mat=mat)
        clean = inspect(page.clean_jpeg)
    except ImageError as error:
        raise ScanFailedError(f"{error.code}: {error}") from error
    return Scan(
        sha256=page.sha256,
        pictures=PagePictures(page.original, page.clean_jpeg, page.preview_webp, page.thumb_jpeg),
        clean_sha256=sha256(page.clean_jpeg).hexdigest(),
        width=clean.width,
        height=clean.height,
        quad=None if page.quad is None else Quad.model_validate({"points": page.quad}),
        sharpness=page.quality.sharpness,
        verdict=tuple(reason.value for reason in page.quality.reasons),
        codes=tuple(code.text for code in page.codes),
    )


def read_codes(picture: NDArray[np.uint8]) -> tuple[str, ...]:
    """The texts of the codes that lie under the camera."""
    # Both engines take longer to load than the agent to start.
    from scanner import codes  # noqa: PLC0415

    return tuple(code.text for code in codes.read_codes(picture) if not code.disputed)


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


class Watcher:
    """The tracker, told by the event loop what the agent did with the page that lies there.

    `took` and `rearm` only leave word, which the next `update` hands on: the tracker is touched by
    the camera's thread alone.
    """

    def __init__(self, bare: BareDesk) -> None:
        self._tracker = PageTracker(mat=bare.mat())
        self._bare, self._visit = bare, bare.visit()
        self._edges, self._look_at = bare.edges(), 0.0
        self._took = self._rearm = False
        self._took_itself = False

    def update(self, preview: NDArray[np.uint8], now: float) -> Sight:
        """What lies there; a page taken by hand does not take itself once more."""
        self._hand_on()
        live = self._tracker.update(preview, now)
        self._took_itself = self._took_itself or live.capture
        if self._edges is not None and now >= self._look_at and live.coach not in _RESTLESS:
            self._look_at = now + LOOK_EVERY_S
            page = None if live.quad is None else live.quad * preview.shape[1::-1]
            self._bare.looked(self._edges.seen_in(preview, page), self._visit)
        return Sight(
            CoachWord(live.coach.value),
            min(1.0, live.progress),
            None if live.quad is None else tuple((float(x), float(y)) for x, y in live.quad),
            capture=live.capture,
        )

    def took(self) -> None:
        """The page that lay there is in the spool.

        One that took itself is known to the tracker already; by now the next may lie there.
        """
        self._took, self._took_itself = not self._took_itself, False

    def rearm(self) -> None:
        """The page that lies there is wanted again."""
        self._rearm, self._took_itself = True, False

    def _hand_on(self) -> None:
        took, rearm = self._took, self._rearm
        self._took = self._rearm = False
        if took:
            self._tracker.took()
        if rearm:
            self._tracker.rearm()
