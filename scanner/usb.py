"""Document cameras on USB: V4L2 through OpenCV.

The order of settings matters: a driver picks its sizes from the pixel format, so MJPG comes first;
what it really delivers is believed only from the frames.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from scanner.errors import CameraMissing, CameraStalled, CameraUnplugged, ImageError
from scanner.frame import Frame
from scanner.types import Image

_SYSFS = Path("/sys/class/video4linux")
_MJPG = cv2.VideoWriter.fourcc(*"MJPG")
_JPEG_START = b"\xff\xd8"


class Capture(Protocol):
    """The part of cv2.VideoCapture that is used, so that tests can unplug it."""

    def isOpened(self) -> bool: ...  # noqa: N802
    def set(self, propId: int, value: float) -> bool: ...  # noqa: N803
    def get(self, propId: int) -> float: ...  # noqa: N803
    def read(self) -> tuple[bool, Any]: ...
    def release(self) -> None: ...


def open_v4l2(device: str) -> Capture:
    return cv2.VideoCapture(device, cv2.CAP_V4L2)


def list_usb_cameras(sysfs: Path = _SYSFS) -> dict[str, str]:
    """Device path of each camera by its identity, in the order of the devices.

    The metadata nodes that UVC adds are left out.
    """
    nodes = sorted(sysfs.glob("video*"), key=lambda node: int(node.name.removeprefix("video")))
    return {identity_of(node): f"/dev/{node.name}" for node in nodes if _is_first_node(node)}


def find_usb_camera(name: str, sysfs: Path = _SYSFS) -> str:
    """Device path of a camera named by its identity or by a device path, which is taken as it is.

    Raises CameraMissing while no such camera is plugged in.
    """
    if name.startswith("/"):
        return name
    found = list_usb_cameras(sysfs).get(f"usb:{name}")
    if found is None:
        raise CameraMissing(f"usb:{name}")
    return found


def _is_first_node(node: Path) -> bool:
    try:
        return (node / "index").read_text().strip() == "0"
    except OSError:
        return False


def identity_of(node: Path) -> str:
    """Vendor, product and serial number where the camera has one, else the USB port's path; the
    same wherever the kernel counts the device next time. `node`: of the device in sysfs."""
    port = (node / "device").resolve().parent
    try:
        vendor, product = ((port / name).read_text().strip() for name in ("idVendor", "idProduct"))
    except OSError:
        return f"usb:/dev/{node.name}"
    serial = port / "serial"
    return f"usb:{vendor}:{product}:{serial.read_text().strip() if serial.is_file() else port.name}"


class UsbCamera:
    """One UVC camera. Raises CameraMissing when it cannot be opened."""

    def __init__(
        self,
        device: str,
        *,
        size: tuple[int, int] = (3264, 2448),
        fps: float = 15,
        capture: Callable[[str], Capture] = open_v4l2,
        present: Callable[[str], bool] = lambda device: Path(device).exists(),
    ) -> None:
        self.identity = identity_of(_SYSFS / Path(device).name)
        self._device, self._present = device, present
        self._capture = capture(device)
        if not self._capture.isOpened():
            self._capture.release()
            raise CameraMissing(device)
        self._configure(size, fps)

    def _configure(self, size: tuple[int, int], fps: float) -> None:
        for prop, value in (
            (cv2.CAP_PROP_FOURCC, _MJPG),
            (cv2.CAP_PROP_FRAME_WIDTH, size[0]),
            (cv2.CAP_PROP_FRAME_HEIGHT, size[1]),
            (cv2.CAP_PROP_FPS, fps),
            (cv2.CAP_PROP_BUFFERSIZE, 1),
        ):
            self._capture.set(prop, value)
        if int(self._capture.get(cv2.CAP_PROP_FOURCC)) == _MJPG:
            self._capture.set(cv2.CAP_PROP_CONVERT_RGB, 0)

    def read(self) -> Frame:
        """Next frame; half or torn JPEGs, which USB delivers now and then, are passed over.

        Raises CameraUnplugged, CameraStalled.
        """
        for _ in range(5):
            frame = self._read_once()
            if frame is not None:
                return frame
        raise CameraStalled(f"{self._device} delivers only broken frames")

    def _read_once(self) -> Frame | None:
        ok, raw = self._capture.read()
        if not ok or raw is None:
            gone = not self._present(self._device)
            raise (CameraUnplugged if gone else CameraStalled)(self._device)
        at = time.monotonic()
        pixels = np.asarray(raw, np.uint8)
        if pixels.ndim == 3 and pixels.shape[2] == 3:
            return Frame(None, pixels, at)
        return self._from_raw(pixels, at)

    def _from_raw(self, pixels: Image, at: float) -> Frame | None:
        data = pixels.tobytes()
        if not data.startswith(_JPEG_START):
            # The driver claimed MJPG and sends something else: let OpenCV convert from now on.
            self._capture.set(cv2.CAP_PROP_CONVERT_RGB, 1)
            return None
        try:
            return Frame.of_jpeg(data, at)
        except ImageError:
            return None

    def close(self) -> None:
        self._capture.release()
