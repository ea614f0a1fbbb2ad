"""What a camera is to the rest of the house."""

from dataclasses import dataclass
from typing import Protocol

from scanner.types import Image


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture: the camera's own JPEG where it gives one, the pixels, and when (monotonic s)."""

    jpeg: bytes | None
    image: Image
    at: float


class Camera(Protocol):
    """A source of frames, used by one thread at a time."""

    @property
    def identity(self) -> str:
        """Stable name of the device, the same after it was plugged in again."""
        ...

    def read(self) -> Frame:
        """Block for the next frame. Raises a CameraError."""
        ...

    def close(self) -> None: ...
