"""The document camera's keeper: one thread reads it, everybody else sees the newest frame.

The thread opens the camera when the light is on, follows the page on the desk while papers are
laid down, and turns everything that goes wrong (missing, unplugged, silent, dark) into a
`CameraStatus`; it reads on by itself, so that plugging the camera in is enough to recover.
"""

import logging
import threading
from asyncio import AbstractEventLoop
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from center.protocol.words import CameraStatus
from kiosk.words import CoachWord

log = logging.getLogger(__name__)

RETRY_S = 0.2
"""Pause after a fault, so that one which comes back at once does not spin, seconds."""
REST_S = 1.0
"""Between two pictures while nobody looks: enough to know that the camera is there, seconds."""
FRESH_S = 3.0
"""A camera that was just switched on gives its first picture within this time, seconds."""

Points = tuple[tuple[float, float], ...]


class CameraFrame(Protocol):
    """One picture: the camera's own JPEG where it gives one, and decoded (h, w, 3; BGR), in full or
    small for the tracker."""

    @property
    def jpeg(self) -> bytes | None: ...
    @property
    def image(self) -> NDArray[np.uint8]: ...
    @property
    def preview(self) -> NDArray[np.uint8]: ...
    @property
    def at(self) -> float: ...


class Camera(Protocol):
    """A document camera; `read` blocks, and after a `CameraFaultError` is just called again."""

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
    """Follows the pages of a visit; `update` takes a preview and a time in seconds."""

    def update(self, preview: NDArray[np.uint8], now: float) -> Sight: ...
    def took(self) -> None: ...
    def rearm(self) -> None: ...


class CameraFaultError(Exception):
    """The camera does not deliver; `status` says how."""

    def __init__(self, status: CameraStatus, detail: str = "") -> None:
        super().__init__(detail or status.value)
        self.status = status


@dataclass(frozen=True, slots=True)
class DeskDevices:
    """How the scanner's camera and tracker come to the desk."""

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
        self._arrival, self._arrived = threading.Condition(), 0
        self._tracker: Tracker | None = None
        self._light, self._follow = threading.Event(), threading.Event()
        self._looked_at = threading.Event()
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
        self._looked_at.set()
        self._woken.set()

    def look(self, *, on: bool) -> None:
        """Whether anybody looks: from the light on, until it is said that nobody does."""
        (self._looked_at.set if on else self._looked_at.clear)()

    def follow(self, on: bool) -> None:
        """Whether pages are looked for."""
        (self._follow.set if on else self._follow.clear)()

    def took(self) -> None:
        """What lies there is in the spool, so it need not take itself."""
        with self._arrival:
            if self._tracker is not None:
                self._tracker.took()

    def rearm(self) -> None:
        """What lies there is wanted again, though it was taken before."""
        with self._arrival:
            if self._tracker is not None:
                self._tracker.rearm()

    def forget(self) -> None:
        """The visit is over: what the tracker remembers of its pages goes."""
        with self._arrival:
            self._tracker = None

    def fresh(self, seconds: float = FRESH_S) -> CameraFrame | None:
        """Block for a frame taken from now on; null when the camera is off or in trouble."""
        with self._arrival:
            seen = self._arrived
            self._arrival.wait_for(lambda: self._answers(seen), seconds)
            return self._newest if self._arrived > seen else None

    def _answers(self, seen: int) -> bool:
        return self._arrived > seen or self.status is not CameraStatus.OK

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
            if self._light.is_set():
                self._watch()
            else:
                self._woken.wait()
                self._woken.clear()

    def _watch(self) -> None:
        camera = self._devices.open_camera()
        try:
            while self._light.is_set():
                frame = self._read(camera)
                if frame is not None and self._follow.is_set():
                    self._track(self._watcher(), frame)
                self._looked_at.wait(REST_S)
        finally:
            camera.close()
            self._newest = None

    def _watcher(self) -> Tracker:
        with self._arrival:
            self._tracker = self._tracker or self._devices.make_tracker()
            return self._tracker

    def _read(self, camera: Camera) -> CameraFrame | None:
        try:
            frame = camera.read()
        except CameraFaultError as fault:
            with self._arrival:
                self._newest = None
                self._become(fault.status)
                self._arrival.notify_all()
            self._closing.wait(RETRY_S)
            return None
        self._become(CameraStatus.OK)
        with self._arrival:
            self._newest = frame if self._light.is_set() else None
            self._arrived += 1
            self._arrival.notify_all()
        return frame

    def _track(self, tracker: Tracker, frame: CameraFrame) -> None:
        sight = tracker.update(frame.preview, frame.at)
        self._say(self.listeners.sight, sight)
        if sight.capture:
            self._say(self.listeners.settled)

    def _become(self, status: CameraStatus) -> None:
        if status is not self.status:
            log.info("document camera: %s", status)
            self.status = status
            self._say(self.listeners.status, status)

    def _say(self, listener: Callable[..., None], *args: object) -> None:
        if not self._closing.is_set():
            self._loop.call_soon_threadsafe(listener, *args)
