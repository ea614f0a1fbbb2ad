"""Cameras that are missing, unplugged, black, frozen or silent."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import cv2
import numpy as np
import pytest

from scanner import camera
from scanner.camera import open_camera, watch_camera
from scanner.errors import (
    CameraDark,
    CameraError,
    CameraMissing,
    CameraStalled,
    CameraUnplugged,
)
from scanner.frame import Camera, Frame
from scanner.image import encode_jpeg
from scanner.watch import Patience, WatchedCamera
from tests.unit.scanner.noise import picture


def test_a_preview_is_decoded_reduced_and_shows_the_same() -> None:
    large = np.asarray(cv2.resize(picture(5), (3264, 2448)), np.uint8)
    frame = Frame.of_jpeg(encode_jpeg(large), 0.0)
    assert frame.preview.shape == (612, 816, 3)
    assert "image" not in vars(frame), "decoded in full though nobody asked"
    small = cv2.resize(frame.image, (816, 612), interpolation=cv2.INTER_AREA)
    assert np.abs(small.astype(int) - frame.preview).mean() < 2


def test_an_unplugged_camera_is_never_replaced_by_the_simulation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(camera, "list_usb_cameras", lambda: {"usb:1:2:3": "/dev/video0"})
    watched = watch_camera("auto")
    monkeypatch.setattr(camera, "list_usb_cameras", dict)
    with pytest.raises(CameraMissing):
        watched.read()
    watched.close()


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


def test_a_camera_that_stays_silent_is_opened_anew_and_the_lost_one_closed_later() -> None:
    """A driver that hangs cannot be closed from outside; another door to the device can be."""
    go, closed = threading.Event(), threading.Event()

    def hang() -> None:
        go.wait(20)

    first, second = Played(iter([hang, frame(1)])), Played(iter([frame(2)]))
    first.close = closed.set  # type: ignore[method-assign]
    cameras = iter([first, second])
    patience = Patience(read_timeout=0.5, stalls=2)
    watched = WatchedCamera(lambda: next(cameras), patience, sleep=lambda _: None)
    for _ in range(2):
        with pytest.raises(CameraStalled):
            watched.read()
    assert np.array_equal(watched.read().image, picture(2))
    assert not closed.is_set()
    go.set()
    assert closed.wait(10)
    watched.close()


def test_a_camera_whose_reads_fail_is_opened_anew() -> None:
    cameras = [Played(iter([CameraStalled("no")] * 9)) for _ in range(2)]
    cameras.append(Played(iter([frame(2)])))
    remaining = iter(cameras)
    watched = WatchedCamera(lambda: next(remaining), Patience(stalls=3), sleep=lambda _: None)
    seen = list(itertools.islice(watched, 7))
    assert [isinstance(one, CameraStalled) for one in seen] == [True] * 6 + [False]
    assert [one.closed for one in cameras] == [True, True, False]
    watched.close()


@pytest.mark.parametrize("source", ["", "usb:", "film:", "usb:/dev/video987", "tape:1"])
def test_sources_that_do_not_exist(source: str) -> None:
    with pytest.raises(CameraMissing):
        open_camera(source)
