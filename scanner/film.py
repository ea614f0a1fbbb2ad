"""A camera that plays a recording: a MJPG AVI file or a folder of pictures."""

import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np

from scanner.errors import CameraMissing, CameraStalled, ImageError
from scanner.frame import Frame
from scanner.image import decode

_PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"}
_JPEG_START = b"\xff\xd8"


class Pace:
    """Sleeps so that frames leave at `fps`; without `fps` it never sleeps."""

    def __init__(self, fps: float | None, sleep: Callable[[float], None] = time.sleep) -> None:
        self._step = 1 / fps if fps else 0.0
        self._sleep = sleep
        self._due = 0.0

    def behind(self) -> int:
        """Frames whose time has passed unread, as a real camera would have dropped them."""
        late = time.monotonic() - self._due
        return int(late / self._step) if self._step and self._due and late > 0 else 0

    def wait(self) -> float:
        """Returns the monotonic time of the frame."""
        now = time.monotonic()
        if self._step and now < self._due:
            self._sleep(self._due - now)
        self._due = max(self._due, now) + self._step
        return time.monotonic()


class FilmCamera:
    """Plays `path` in a loop, or once with `loop=False` (then CameraStalled at the end)."""

    def __init__(self, path: str | Path, *, fps: float | None = None, loop: bool = True) -> None:
        self._path = Path(path)
        if not self._path.exists():
            raise CameraMissing(str(path))
        self.identity = f"film:{self._path.name}"
        self._pace = Pace(fps)
        self._frames = self._play(loop)

    def read(self) -> Frame:
        frame = next(self._frames, None)
        if frame is None:
            raise CameraStalled(f"{self._path} is over")
        return frame

    def close(self) -> None:
        self._frames.close()  # type: ignore[attr-defined]  # generators have it, Iterator does not

    def _play(self, loop: bool) -> Iterator[Frame]:
        once = self._folder if self._path.is_dir() else self._film
        for _ in itertools.count() if loop else range(1):
            played = 0
            for frame in once():
                played += 1
                frame.at = self._pace.wait()
                yield frame
            if not played:
                raise CameraMissing(f"{self._path} holds no pictures")

    def _folder(self) -> Iterator[Frame]:
        for file in sorted(self._path.iterdir()):
            if file.suffix.lower() in _PICTURES:
                yield from _whole(file.read_bytes())

    def _film(self) -> Iterator[Frame]:
        film = cv2.VideoCapture(str(self._path), cv2.CAP_FFMPEG)
        film.set(cv2.CAP_PROP_FORMAT, -1)  # packets as they lie in the file: the camera's JPEG
        try:
            while (read := film.read())[0]:
                yield from _whole(np.asarray(read[1], np.uint8).tobytes())
        finally:
            film.release()


def _whole(data: bytes) -> Iterator[Frame]:
    """The frame, or nothing for half a picture: a recording has what the camera sent."""
    try:
        if data.startswith(_JPEG_START):
            yield Frame.of_jpeg(data, 0.0)
        else:
            yield Frame(None, decode(data), 0.0)
    except ImageError:
        return
