"""USB cameras behind a made-up cv2.VideoCapture: settings, half and torn pictures, identity."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from scanner.errors import CameraError, CameraMissing, CameraStalled, CameraUnplugged
from scanner.image import encode_jpeg
from scanner.usb import UsbCamera, find_usb_camera, list_usb_cameras
from tests.unit.scanner.noise import picture

MJPG = cv2.VideoWriter.fourcc(*"MJPG")
GONE = (False, None)


class FakeCapture:
    """A cv2.VideoCapture that plays `reads`; one that knows MJPG hands out raw JPEG when asked."""

    def __init__(self, reads: list[Any], *, opened: bool = True, mjpg: bool = True) -> None:
        self.reads, self.opened, self.mjpg = iter(reads), opened, mjpg
        self.calls: list[tuple[int, float]] = []
        self.released = False

    def isOpened(self) -> bool:  # noqa: N802
        return self.opened

    def set(self, prop: int, value: float) -> bool:
        self.calls.append((prop, value))
        return True

    def get(self, prop: int) -> float:
        return MJPG if self.mjpg and prop == cv2.CAP_PROP_FOURCC else 0

    def read(self) -> tuple[bool, Any]:
        seen = next(self.reads, GONE)
        return seen if isinstance(seen, tuple) else (True, seen)

    def release(self) -> None:
        self.released = True


def raw(image: np.ndarray) -> np.ndarray:
    return np.frombuffer(encode_jpeg(image), np.uint8)[None]


def usb(capture: FakeCapture, present: bool = True) -> UsbCamera:
    return UsbCamera("/dev/video9", capture=lambda _: capture, present=lambda _: present)


def test_usb_settings_come_in_the_order_drivers_need() -> None:
    capture = FakeCapture([])
    usb(capture)
    order = [prop for prop, _ in capture.calls]
    assert order[0] == cv2.CAP_PROP_FOURCC
    assert order.index(cv2.CAP_PROP_FRAME_WIDTH) > order.index(cv2.CAP_PROP_FOURCC)
    assert (cv2.CAP_PROP_BUFFERSIZE, 1) in capture.calls
    assert capture.calls[-1] == (cv2.CAP_PROP_CONVERT_RGB, 0)


def test_usb_keeps_the_cameras_own_jpeg() -> None:
    jpeg = raw(picture(1))
    frame = usb(FakeCapture([jpeg])).read()
    assert frame.jpeg == jpeg.tobytes()
    assert frame.image.shape == (96, 128, 3)


def test_usb_without_mjpg_gives_pixels_only() -> None:
    capture = FakeCapture([picture(1)], mjpg=False)
    frame = usb(capture).read()
    assert frame.jpeg is None
    assert (cv2.CAP_PROP_CONVERT_RGB, 0) not in capture.calls


def test_usb_driver_that_claims_mjpg_and_sends_yuyv_is_converted() -> None:
    capture = FakeCapture([np.zeros((1, 96 * 128 * 2), np.uint8), picture(2)])
    assert usb(capture).read().jpeg is None
    assert capture.calls[-1] == (cv2.CAP_PROP_CONVERT_RGB, 1)


def test_usb_passes_over_half_a_picture() -> None:
    whole = raw(picture(3))
    frame = usb(FakeCapture([whole[:, : whole.size // 2], whole])).read()
    assert frame.jpeg == whole.tobytes()


def test_usb_passes_over_a_torn_picture() -> None:
    """The end of the data is there, but not the middle: the decoder fills in grey."""
    whole = raw(picture(3))
    half = whole.tobytes()[: whole.size // 2] + b"\xff\xd9"
    torn = np.frombuffer(half, np.uint8)[None]
    assert usb(FakeCapture([torn, whole])).read().jpeg == whole.tobytes()


def test_usb_frames_of_changing_size_come_as_they_are() -> None:
    sizes = [(96, 128), (192, 256), (48, 64)]
    camera = usb(FakeCapture([raw(picture(1, size)) for size in sizes]))
    assert [camera.read().image.shape[:2] for _ in sizes] == sizes


def plug_in(sysfs: Path, number: int, port: str, serial: str | None) -> None:
    """What Linux shows of a UVC camera: the capture node and one for metadata."""
    usb_port = sysfs / "devices" / port
    (usb_port / f"{port}:1.0").mkdir(parents=True, exist_ok=True)
    facts = {"idVendor": "1bcf", "idProduct": "28c4"} | ({"serial": serial} if serial else {})
    for name, value in facts.items():
        (usb_port / name).write_text(f"{value}\n")
    for index in (0, 1):
        node = sysfs / f"video{number + index}"
        node.mkdir()
        (node / "index").write_text(f"{index}\n")
        (node / "device").symlink_to(usb_port / f"{port}:1.0")


def test_usb_cameras_are_known_by_serial_number_or_port(tmp_path: Path) -> None:
    plug_in(tmp_path, 10, "1-2", None)
    plug_in(tmp_path, 2, "1-1.4", "DC0815")
    listed = {"usb:1bcf:28c4:DC0815": "/dev/video2", "usb:1bcf:28c4:1-2": "/dev/video10"}
    assert list_usb_cameras(tmp_path) == listed
    assert list(list_usb_cameras(tmp_path)) == list(listed)
    assert find_usb_camera("1bcf:28c4:1-2", tmp_path) == "/dev/video10"
    assert find_usb_camera("/dev/video7", tmp_path) == "/dev/video7"


def test_a_camera_plugged_in_elsewhere_is_the_same(tmp_path: Path) -> None:
    with pytest.raises(CameraMissing):
        find_usb_camera("1bcf:28c4:DC0815", tmp_path)
    plug_in(tmp_path, 4, "2-3", "DC0815")
    assert find_usb_camera("1bcf:28c4:DC0815", tmp_path) == "/dev/video4"


def test_usb_that_sends_only_halves_is_stalled() -> None:
    half = raw(picture(3))[:, :300]
    with pytest.raises(CameraStalled):
        usb(FakeCapture([half] * 9)).read()


def test_usb_missing() -> None:
    capture = FakeCapture([], opened=False)
    with pytest.raises(CameraMissing):
        usb(capture)
    assert capture.released


@pytest.mark.parametrize(("present", "error"), [(False, CameraUnplugged), (True, CameraStalled)])
def test_usb_that_stops(present: bool, error: type[CameraError]) -> None:
    with pytest.raises(error):
        usb(FakeCapture([GONE]), present).read()
