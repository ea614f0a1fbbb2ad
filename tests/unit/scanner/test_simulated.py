"""The demo's camera: the same frames every run, quick enough for one core, corners known."""

import numpy as np
import pytest

from scanner.image import decode, inspect
from scanner.samples import PAPERS
from scanner.simulated import (
    SIZE,
    Pose,
    Shot,
    SimulatedCamera,
    corners,
    dark,
    default_script,
    empty,
    rest,
)


def test_frame_n_is_the_same_in_every_run() -> None:
    one, other = SimulatedCamera(seed=3), SimulatedCamera(seed=3)
    for _ in range(26):
        assert one.read().jpeg == other.read().jpeg
    assert np.array_equal(one.truth, other.truth)  # type: ignore[arg-type]


def test_seeds_differ() -> None:
    assert default_script(1) != default_script(2)
    mats = [SimulatedCamera(seed=seed, script=empty(1)).read().jpeg for seed in (1, 2)]
    assert mats[0] != mats[1]


def test_jpeg_and_pixels_are_one_picture_of_full_size() -> None:
    frame = SimulatedCamera(script=rest(0, Pose(220, 165, 2), 1)).read()
    assert frame.jpeg is not None
    info = inspect(frame.jpeg)
    assert (info.width, info.height) == SIZE
    assert np.abs(decode(frame.jpeg).astype(int) - frame.image).mean() < 4


def test_truth_is_where_the_paper_is() -> None:
    camera = SimulatedCamera(script=[*empty(1), *rest(2, Pose(220, 165, 2), 1), *dark(1)])
    bare = camera.read().image
    before = camera.truth
    laid = camera.read().image
    assert before is None
    assert camera.truth is not None
    inside = np.abs(laid.astype(int) - bare).sum(2) > 60
    left, top = camera.truth.min(0)
    right, bottom = camera.truth.max(0)
    rows, columns = np.nonzero(inside)
    assert columns.min() == pytest.approx(left, abs=3)
    assert rows.min() == pytest.approx(top, abs=3)
    assert np.percentile(columns, 99.9) <= right + 25  # its shadow reaches a little farther
    assert np.percentile(rows, 99.9) <= bottom + 25
    assert camera.read().image.max() < 5


def test_resting_frames_are_made_once() -> None:
    camera = SimulatedCamera(script=[*rest(1, Pose(220, 165, 2), 3), *empty(1)])
    first, second = camera.read(), camera.read()
    assert first.image is second.image
    assert second.at >= first.at


def test_papers_fit_the_picture_when_they_rest() -> None:
    resting = {shot for shot in default_script(7) if shot.paper is not None and not shot.moving}
    for shot in resting:
        quad = corners(shot)
        assert quad.min() > 12
        assert (quad < np.array(SIZE) - 12).all()
    assert len(resting) == 2 * len(PAPERS)


def test_script_is_looped() -> None:
    camera = SimulatedCamera(script=[Shot(), Shot(lamp=0.0)])
    shades = [bool(camera.read().image.max() > 10) for _ in range(4)]
    assert shades == [True, False, True, False]
