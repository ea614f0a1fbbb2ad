"""What a camera is to the rest of the house."""

from functools import cached_property
from typing import Protocol

from scanner.errors import TruncatedImage
from scanner.geometry import scaled_to
from scanner.image import decode
from scanner.types import Image

PREVIEW_SIDE = 816
"""Longer side of a preview at most, pixels: a quarter of eight megapixels, which JPEG decodes to
directly."""
_UNDECODED = 128
"""What a decoder fills in, in every channel, where the data of a JPEG break off."""


class Frame:
    """One picture: the camera's own JPEG where it gives one, and when it came (monotonic s).

    Pixels are decoded when they are asked for, `image` in full and `preview` reduced, once each.
    """

    def __init__(self, jpeg: bytes | None, image: Image | None, at: float) -> None:
        """`image` may be None where there is a JPEG."""
        if jpeg is None and image is None:
            raise ValueError("a frame without a picture")
        self.jpeg, self.at = jpeg, at
        self._given = image

    @classmethod
    def of_jpeg(cls, jpeg: bytes, at: float) -> "Frame":
        """A frame that is whole. Raises an ImageError, TruncatedImage also for a torn picture."""
        frame = cls(jpeg, None, at)
        if (frame.preview[-1] == _UNDECODED).all():
            raise TruncatedImage("the lower part of the picture is missing")
        return frame

    @cached_property
    def image(self) -> Image:
        """All pixels."""
        return self._given if self._given is not None else decode(self.jpeg or b"")

    @cached_property
    def preview(self) -> Image:
        """At most `PREVIEW_SIDE` pixels a side."""
        if self._given is None:
            return decode(self.jpeg or b"", PREVIEW_SIDE)
        return scaled_to(self._given, PREVIEW_SIDE)[0]


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
