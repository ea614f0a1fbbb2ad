"""A film or a folder played as a camera, broken frames and all."""

import itertools
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from scanner.errors import CameraMissing, CameraStalled
from scanner.film import FilmCamera, Pace
from scanner.image import encode_jpeg
from scanner.watch import Patience, WatchedCamera
from tests.unit.scanner.noise import picture


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
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (128, 96))
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
