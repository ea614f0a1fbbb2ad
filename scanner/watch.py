"""Keeps any camera going: notices black, frozen and silent ones, and reopens a lost one.

Trouble is raised by `read` and yielded as a value by iteration, so an agent's loop is
`for seen in camera:` with a `match` on Frame and CameraError, and never ends by itself.
"""

import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from scanner.errors import CameraDark, CameraError, CameraStalled
from scanner.frame import Camera, Frame
from scanner.types import Image

_BLACK_MEAN = 10  # of 255; a lens cap gives 0-4, an unlit hall at night still above 12
_BLACK_SPREAD = 6


@dataclass(frozen=True)
class Patience:
    """How long trouble may last: frames, seconds. `stalls`: in a row, until it is reopened."""

    dark_frames: int = 10
    frozen_frames: int | None = 60
    read_timeout: float = 4.0
    stalls: int = 3
    first_backoff: float = 0.5
    longest_backoff: float = 10.0


class WatchedCamera:
    """Wraps `open_one`, which opens the real camera and may raise CameraError each time."""

    def __init__(
        self,
        open_one: Callable[[], Camera],
        patience: Patience = Patience(),  # frozen
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._open, self._patience, self._sleep = open_one, patience, sleep
        self._reader = _one_thread()
        self._camera: Camera | None = None
        self._pending: Future[Frame] | None = None
        self._backoff = 0.0
        self._black = self._same = self._stalls = 0
        self._last_print = 0
        self._closed = False

    @property
    def identity(self) -> str:
        return self._camera.identity if self._camera else "none"

    def read(self) -> Frame:
        """Next good frame. After an error just call again: a lost camera is reopened, slower and
        slower, and so is one that is stalled for too long. Raises any CameraError."""
        try:
            frame = self._next()
            self._check(frame)
        except CameraDark:
            raise
        except CameraStalled:
            self._stalls += 1
            if self._stalls >= self._patience.stalls:
                self._drop()
            raise
        except CameraError:
            self._drop()
            raise
        self._backoff, self._stalls = 0.0, 0
        return frame

    def __iter__(self) -> Iterator[Frame | CameraError]:
        while not self._closed:
            try:
                yield self.read()
            except CameraError as error:
                yield error

    def close(self) -> None:
        """Stop; returns at once even while the driver hangs in a read."""
        self._closed = True
        self._drop()
        self._reader.shutdown(wait=False)

    def _next(self) -> Frame:
        if self._camera is None:
            self._camera = self._reopen()
        if self._pending is None:
            self._pending = self._reader.submit(self._camera.read)
        try:
            frame = self._pending.result(self._patience.read_timeout)
        except TimeoutError as error:  # the same read is waited for again next time
            raise CameraStalled(f"{self.identity} is silent") from error
        except CameraError:
            self._pending = None
            raise
        self._pending = None
        return frame

    def _reopen(self) -> Camera:
        if self._backoff:
            self._sleep(self._backoff)
        doubled = max(self._patience.first_backoff, self._backoff * 2)
        self._backoff = min(doubled, self._patience.longest_backoff)
        return self._open()

    def _drop(self) -> None:
        """Let go of the camera; one whose driver hangs in a read is left to it and closed after."""
        if self._camera is not None and self._pending is not None:
            lost = self._camera
            self._pending.add_done_callback(lambda _: lost.close())
            self._reader.shutdown(wait=False)
            self._reader = _one_thread()
        elif self._camera is not None:
            self._camera.close()
        self._camera, self._pending = None, None
        self._black = self._same = self._stalls = 0

    def _check(self, frame: Frame) -> None:
        small = np.asarray(
            cv2.resize(frame.preview, (64, 48), interpolation=cv2.INTER_AREA), np.uint8
        )
        self._black = self._black + 1 if is_black(small) else 0
        if self._black >= self._patience.dark_frames:
            raise CameraDark(self.identity)
        self._check_frozen(frame)

    def _check_frozen(self, frame: Frame) -> None:
        """A living sensor never gives the same bytes twice: its noise differs."""
        if self._patience.frozen_frames is None:
            return
        print_ = zlib.crc32(frame.jpeg or frame.image.tobytes())
        self._same = self._same + 1 if print_ == self._last_print else 0
        self._last_print = print_
        if self._same >= self._patience.frozen_frames:
            raise CameraStalled(f"{self.identity} repeats one picture")


def _one_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="camera")


def is_black(image: Image) -> bool:
    """Nothing at all to be seen: dark everywhere and without structure."""
    mean, spread = cv2.meanStdDev(image)
    return float(mean.max()) < _BLACK_MEAN and float(spread.max()) < _BLACK_SPREAD
