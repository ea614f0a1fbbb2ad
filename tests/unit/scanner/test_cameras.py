"""Cameras that are missing, unplugged, black, frozen, silent, or send half a picture."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from scanner.camera import open_camera
from scanner.errors import (
    CameraDark,
    CameraError,
    CameraMissing,
    CameraStalled,
    CameraUnplugged,
)
from scanner.film import FilmCamera, Pace
from scanner.frame import Camera, Frame
from scanner.image import encode_jpeg
from scanner.usb import UsbCamera
from scanner.watch import Patience, WatchedCamera

MJPG = cv2.VideoWriter.fourcc(*"MJPG")
GONE = (False, None)


def picture(seed: int, size: tuple[int, int] = (96, 128)) -> np.ndarray:
    noise = np.random.default_rng(seed).integers(0, 255, (size[0] // 8, size[1] // 8, 3), np.uint8)
    return cv2.resize(noise, size[::-1])


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


class Played:
    """A camera that plays frames and errors."""

    identity = "played"

    def __init__(self, shots: Iterator[Frame | CameraError | Callable[[], None]]) -> None:
        self.shots, self.closed = shots, False

    def read(self) -> Frame:
        shot = next(self.shots)
        if isinstance(shot, CameraError):
            raise shot
        if callable(shot):
            shot()
            return self.read()
        return shot

    def close(self) -> None:
        self.closed = True


def frame(seed: int) -> Frame:
    return Frame(None, picture(seed), 0.0)


BLACK = Frame(None, np.full((96, 128, 3), 3, np.uint8), 0.0)


def test_an_unplugged_camera_is_reopened_slower_and_slower() -> None:
    slept: list[float] = []
    first = Played(iter([frame(1), CameraUnplugged("gone")]))
    second = Played(iter([frame(2), CameraUnplugged("again")]))
    answers: list[Any] = [first, *[CameraMissing("no")] * 6, second, *[CameraMissing("no")] * 2]
    remaining = iter(answers)

    def open_one() -> Camera:
        answer = next(remaining)
        if isinstance(answer, CameraError):
            raise answer
        return answer  # type: ignore[no-any-return]

    watched = WatchedCamera(open_one, sleep=slept.append)
    played = itertools.islice(watched, 12)
    codes = [seen.code if isinstance(seen, CameraError) else "frame" for seen in played]
    lost = ["camera_unplugged", *["camera_missing"] * 6]
    assert codes == ["frame", *lost, "frame", "camera_unplugged", *["camera_missing"] * 2]
    assert first.closed
    assert slept == [0.5, 1, 2, 4, 8, 10, 0.5]  # patience begins anew once frames came
    watched.close()


def test_black_frames_are_dark_and_light_cures_them() -> None:
    shots = [frame(1), *[BLACK] * 4, frame(2)]
    watched = WatchedCamera(lambda: Played(iter(shots)), Patience(dark_frames=3))
    assert [isinstance(watched.read(), Frame) for _ in range(3)] == [True] * 3
    for _ in range(2):
        with pytest.raises(CameraDark):
            watched.read()
    assert watched.read() is shots[-1]
    watched.close()


def test_a_frozen_picture_is_stalled() -> None:
    watched = WatchedCamera(lambda: Played(iter([frame(1)] * 9)), Patience(frozen_frames=5))
    for _ in range(5):
        watched.read()
    with pytest.raises(CameraStalled):
        watched.read()
    watched.close()


def test_a_silent_camera_is_stalled_and_its_late_frame_is_not_lost() -> None:
    go = threading.Event()

    def hang() -> None:
        go.wait(20)

    watched = WatchedCamera(lambda: Played(iter([hang, frame(4)])), Patience(read_timeout=0.05))
    began = time.monotonic()
    with pytest.raises(CameraStalled):
        watched.read()
    assert time.monotonic() - began < 10
    go.set()
    while True:
        try:
            late = watched.read()
            break
        except CameraStalled:
            continue
    assert np.array_equal(late.image, picture(4))
    watched.close()


def test_folder_and_film_play_in_order_and_loop(tmp_path: Path) -> None:
    for index in range(3):
        (tmp_path / f"{index}.jpg").write_bytes(encode_jpeg(picture(index)))
    (tmp_path / "notes.txt").write_text("no picture")
    camera = FilmCamera(tmp_path)
    played = [camera.read().jpeg for _ in range(4)]
    assert played[:3] == [(tmp_path / f"{index}.jpg").read_bytes() for index in range(3)]
    assert played[3] == played[0]
    camera.close()


def test_film_hands_out_the_jpegs_that_lie_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "desk.avi"
    writer = cv2.VideoWriter(str(path), MJPG, 10, (128, 96))
    for index in range(3):
        writer.write(picture(index))
    writer.release()
    camera = FilmCamera(path, loop=False)
    frames = [camera.read() for _ in range(3)]
    assert all(frame.jpeg is not None and frame.jpeg in path.read_bytes() for frame in frames)
    assert [frame.image.shape for frame in frames] == [(96, 128, 3)] * 3
    with pytest.raises(CameraStalled):
        camera.read()
    camera.close()


def test_film_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(CameraMissing):
        FilmCamera(tmp_path / "absent.avi")
    with pytest.raises(CameraMissing):
        FilmCamera(tmp_path).read()
    (tmp_path / "text.avi").write_text("no film")
    with pytest.raises(CameraMissing):
        FilmCamera(tmp_path / "text.avi").read()


@pytest.mark.parametrize("source", ["", "usb:", "film:", "usb:/dev/video987", "tape:1"])
def test_sources_that_do_not_exist(source: str) -> None:
    with pytest.raises(CameraMissing):
        open_camera(source)


def test_pace_sleeps_only_what_is_left() -> None:
    slept: list[float] = []
    pace = Pace(10, slept.append)
    pace.wait()
    pace.wait()
    assert len(slept) == 1
    assert 0 < slept[0] <= 0.1
    free = Pace(None, slept.append)
    free.wait()
    free.wait()
    assert len(slept) == 1
