"""The document camera's keeper: one thread reads it, everybody else sees the newest frame.

The thread opens the camera when the light is on, follows the page on the desk while papers are
laid down, and turns everything that goes wrong (missing, unplugged, silent, dark) into a
`CameraStatus`; it tries again by itself, so that a plugged-in camera is enough to recover.
"""

import logging
import threading
from asyncio import AbstractEventLoop
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from center.protocol.words import CameraStatus
from kiosk.words import CoachWord

log = logging.getLogger(__name__)

RETRY_S = 1.0
"""Pause before a camera that failed is opened again, seconds."""
DARK = 12.0
"""Mean brightness, 0 to 255, below which nothing can be seen; a covered lens gives 0 to 5."""
PREVIEW_WIDTH = 640
"""Width of the picture the tracker works on, pixels."""

Points = tuple[tuple[float, float], ...]


class CameraFrame(Protocol):
    """One picture: the camera's own JPEG, and decoded (h, w, 3; BGR)."""

    @property
    def jpeg(self) -> bytes: ...
    @property
    def image(self) -> NDArray[np.uint8]: ...
    @property
    def at(self) -> float: ...


class Camera(Protocol):
    """A document camera; `read` blocks until the next frame."""

    def read(self) -> CameraFrame: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Sight:
    """What the tracker saw; corners as fractions of width and height."""

    coach: CoachWord = CoachWord.NOTHING
    progress: float = 0.0
    quad: Points | None = None
    capture: bool = False


class Tracker(Protocol):
    """Follows a page; `update` takes a preview and a time in seconds."""

    def update(self, preview: NDArray[np.uint8], now: float) -> Sight: ...


class CameraFaultError(Exception):
    """The camera does not deliver; `status` says how."""

    def __init__(self, status: CameraStatus, detail: str = "") -> None:
        super().__init__(detail or status.value)
        self.status = status


@dataclass(frozen=True, slots=True)
class DeskDevices:
    """How the scanner's camera and tracker come to the desk; both raise `CameraFaultError`."""

    open_camera: Callable[[], Camera]
    make_tracker: Callable[[], Tracker]


def _ignore(_: object) -> None:
    return None


@dataclass(slots=True)
class DeskListeners:
    """Told on the event loop."""

    status: Callable[[CameraStatus], None] = _ignore
    sight: Callable[[Sight], None] = _ignore
    settled: Callable[[], None] = field(default=lambda: None)


class Desk:
    """`start()` and `close()` its thread; `light()` and `follow()` say what is wanted."""

    def __init__(self, devices: DeskDevices, loop: AbstractEventLoop) -> None:
        self._devices, self._loop = devices, loop
        self.listeners = DeskListeners()
        self.status = CameraStatus.OK
        self._newest: CameraFrame | None = None
        self._light, self._follow = threading.Event(), threading.Event()
        self._closing, self._woken = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._live, name="desk", daemon=True)

    def start(self) -> None:
        """Begin; the camera stays off until there is light."""
        self._thread.start()

    def light(self, on: bool) -> None:
        """Whether the camera delivers."""
        (self._light.set if on else self._light.clear)()
        if not on:
            self._newest = None
        self._woken.set()

    def follow(self, on: bool) -> None:
        """Whether pages are looked for."""
        (self._follow.set if on else self._follow.clear)()

    def newest(self) -> CameraFrame | None:
        """The newest frame; null while the camera is off or in trouble."""
        return self._newest

    def picture(self) -> NDArray[np.uint8] | None:
        """The newest frame's picture, for the live track."""
        frame = self._newest
        return None if frame is None else frame.image

    def close(self) -> None:
        """Stop the thread and let go of the camera."""
        self._closing.set()
        self._woken.set()
        self._light.clear()
        self._thread.join(timeout=5)

    # --- in the thread ------------------------------------------------------------------------

    def _live(self) -> None:
        while not self._closing.is_set():
            if not self._light.is_set():
                self._pause(None)
                continue
            try:
                self._watch()
            except CameraFaultError as fault:
                log.warning("document camera: %s (%s)", fault.status, fault)
                self._trouble(fault.status)
                self._pause(RETRY_S)

    def _pause(self, seconds: float | None) -> None:
        self._woken.wait(seconds)
        self._woken.clear()

    def _watch(self) -> None:
        camera = self._devices.open_camera()
        try:
            tracker: Tracker | None = None
            while self._light.is_set():
                frame = camera.read()
                self._seen(frame)
                if not self._follow.is_set():
                    tracker = None
                    continue
                tracker = tracker or self._devices.make_tracker()
                self._track(tracker, frame)
        finally:
            camera.close()
            self._newest = None

    def _seen(self, frame: CameraFrame) -> None:
        if self._light.is_set():
            self._newest = frame
        dark = float(frame.image[::16, ::16].mean()) < DARK
        self._become(CameraStatus.DARK if dark else CameraStatus.OK)

    def _track(self, tracker: Tracker, frame: CameraFrame) -> None:
        height, width = frame.image.shape[:2]
        scale = min(1.0, PREVIEW_WIDTH / width)
        size = (round(width * scale), round(height * scale))
        preview = cv2.resize(frame.image, size, interpolation=cv2.INTER_AREA)
        sight = tracker.update(np.asarray(preview, np.uint8), frame.at)
        if self.status is CameraStatus.DARK:
            sight = replace(sight, coach=CoachWord.DARK, capture=False)
        self._say(self.listeners.sight, sight)
        if sight.capture:
            self._say(self.listeners.settled)

    def _trouble(self, status: CameraStatus) -> None:
        self._newest = None
        self._become(status)

    def _become(self, status: CameraStatus) -> None:
        if status is not self.status:
            self.status = status
            self._say(self.listeners.status, status)

    def _say(self, listener: Callable[..., None], *args: object) -> None:
        if not self._closing.is_set():
            self._loop.call_soon_threadsafe(listener, *args)
