"""Cameras that are missing, unplugged, black, frozen, silent, or send half a picture."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
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
from scanner.film import FilmCamera, Pace
from scanner.frame import Camera, Frame
from scanner.image import encode_jpeg
from scanner.usb import UsbCamera, find_usb_camera, list_usb_cameras
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


def test_a_preview_is_decoded_reduced_and_shows_the_same() -> None:
    large = np.asarray(cv2.resize(picture(5), (3264, 2448)), np.uint8)
    frame = Frame.of_jpeg(encode_jpeg(large), 0.0)
    assert frame.preview.shape == (612, 816, 3)
    assert "image" not in vars(frame), "decoded in full though nobody asked"
    small = cv2.resize(frame.image, (816, 612), interpolation=cv2.INTER_AREA)
    assert np.abs(small.astype(int) - frame.preview).mean() < 2


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


def test_an_unplugged_camera_is_never_replaced_by_the_simulation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(camera, "list_usb_cameras", lambda: {"usb:1:2:3": "/dev/video0"})
    watched = watch_camera("auto")
    monkeypatch.setattr(camera, "list_usb_cameras", dict)
    with pytest.raises(CameraMissing):
        watched.read()
    watched.close()


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


def test_a_camera_that_stays_silent_is_opened_anew_and_the_lost_one_closed_later() -> None:
    """A driver that hangs cannot be closed from outside; another door to the device can be."""
    go, closed = threading.Event(), threading.Event()

    def hang() -> None:
        go.wait(20)

    first, second = Played(iter([hang, frame(1)])), Played(iter([frame(2)]))
    first.close = closed.set  # type: ignore[method-assign]
    cameras = iter([first, second])
    patience = Patience(read_timeout=0.02, stalls=2)
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


def film_of(path: Path, jpegs: list[bytes]) -> Path:
    """A real MJPG AVI file, written by libavformat, that holds these very packets."""
    with av.open(str(path), "w") as box:
        stream = box.add_stream("mjpeg", rate=10)
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuvj420p"
        for number, jpeg in enumerate(jpegs):
            packet = av.Packet(jpeg)
            packet.stream, packet.time_base = stream, Fraction(1, 10)
            packet.pts = packet.dts = number
            packet.is_keyframe = True
            box.mux(packet)
    return path


def test_a_film_with_broken_and_changing_frames(tmp_path: Path) -> None:
    whole = [encode_jpeg(picture(seed)) for seed in range(3)]
    large = encode_jpeg(picture(4, (192, 256)))
    half, torn = whole[0][:400], whole[0][: len(whole[0]) // 2] + b"\xff\xd9"
    path = film_of(tmp_path / "desk.avi", [whole[0], half, whole[1], torn, large, whole[2]])
    film = FilmCamera(path, loop=False)
    assert [film.read().jpeg for _ in range(4)] == [whole[0], whole[1], large, whole[2]]
    with pytest.raises(CameraStalled):
        film.read()


def test_a_film_that_goes_black_and_freezes(tmp_path: Path) -> None:
    black = encode_jpeg(np.full((96, 128, 3), 2, np.uint8))
    alive = [encode_jpeg(picture(seed)) for seed in range(2)]
    path = film_of(tmp_path / "desk.avi", [alive[0], black, black, black, *[alive[1]] * 4])
    patience = Patience(dark_frames=3, frozen_frames=3)
    watched = WatchedCamera(lambda: FilmCamera(path, loop=False), patience)
    told = [type(seen).__name__ for seen in itertools.islice(watched, 8)]
    assert told == [*["Frame"] * 3, "CameraDark", *["Frame"] * 3, "CameraStalled"]
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
