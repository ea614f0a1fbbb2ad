"""The parts of finding: smaller pictures, sides read a second time, outlines judged."""

import cv2
import numpy as np
import pytest

from scanner.detect import find_pages
from scanner.detect.edges import fit, others
from scanner.detect.judge import SIDE, judged, laid_flat
from scanner.detect.network import FINE, look
from scanner.detect.pyramid import Pyramid
from scanner.detect.rim import onto_rim
from scanner.geometry import ordered, page_iou
from scanner.simulated import Pose, SimulatedCamera, corners, rest
from scanner.types import Image, Quad


def page_on_a_desk() -> tuple[Image, Quad]:
    """A sheet of print, paler than the desk, upright."""
    image = np.full((600, 800, 3), (92, 104, 118), np.uint8)
    cv2.rectangle(image, (250, 120), (549, 479), (236, 240, 243), -1)
    for row in range(160, 440, 16):
        cv2.rectangle(image, (280, row), (520 - row % 48, row + 5), (60, 60, 60), -1)
    grain = np.random.default_rng(1).normal(0, 3, image.shape)
    noisy = np.asarray((image + grain).clip(0, 255), np.uint8)
    quad = np.array([[249.5, 119.5], [549.5, 119.5], [549.5, 479.5], [249.5, 479.5]], np.float32)
    return np.asarray(cv2.GaussianBlur(noisy, (3, 3), 0), np.uint8), quad


def test_a_level_shows_means_of_the_pixels_it_stands_for() -> None:
    picture = np.random.default_rng(2).integers(0, 255, (400, 512, 3)).astype(np.uint8)
    level = Pyramid.of(picture).levels[2]
    means = picture[:400, :512].reshape(100, 4, 128, 4, 3).mean((1, 3))
    assert level.shape == (100, 128, 3)
    assert np.abs(level - means).max() <= 1.5


def test_a_picture_of_any_size_has_halves() -> None:
    picture = np.full((577, 1023, 3), 90, np.uint8)
    pyramid = Pyramid.of(picture)
    assert pyramid.shape == (577, 1023)
    assert [level.shape[:2] for level in pyramid.levels] == [(580, 1024), (290, 512), (145, 256)]
    assert all((level == 90).all() for level in pyramid.levels)


@pytest.mark.parametrize(("step", "level"), [(0.3, 0), (1.9, 0), (2.0, 1), (5.0, 2), (900.0, 2)])
def test_a_step_is_looked_up_where_pixels_are_just_finer(step: float, level: int) -> None:
    assert Pyramid.of(np.zeros((400, 512, 3), np.uint8)).level(step) == level


def test_a_look_at_a_box_says_where_in_the_picture_it_was() -> None:
    image, quad = page_on_a_desk()
    seen = look(Pyramid.of(image), (203, 77, 601, 533))
    left, top, right, bottom = seen.box
    assert 199 <= left <= 203
    assert 601 <= right <= 605
    assert np.allclose(seen.from_maps(seen.on_maps(quad)), quad, atol=1e-3)
    middle = seen.on_maps(quad.mean(0)[None])[0].round().astype(int)
    assert seen.page[middle[1], middle[0]] > 200
    assert (top, bottom) == (77 // 2 * 2, 534)


def test_a_finer_look_has_more_cells() -> None:
    image, _ = page_on_a_desk()
    assert look(Pyramid.of(image), side=FINE).sure.shape == (32, 32)


def test_sides_are_read_where_the_page_ends() -> None:
    image, quad = page_on_a_desk()
    wrong = quad + np.array([[9, -7], [-6, 8], [10, 9], [-9, -8]], np.float32)
    found = fit(Pyramid.of(image), wrong, 0.08).quad
    assert np.abs(found - quad).max() < 1.5 < np.abs(wrong - quad).max()


def test_a_side_can_be_read_a_second_time_elsewhere() -> None:
    image, quad = page_on_a_desk()
    image[455:480, 250:550] = image[455:480, 250:550] // 4 + 120  # a fold's dark flap
    readings = [fit(Pyramid.of(image), quad, 0.1).quad, *others(Pyramid.of(image), quad, 0.1)]
    lower = sorted(float(reading[2:, 1].mean()) for reading in readings)
    assert min(abs(side - 479.5) for side in lower) < 3
    assert min(abs(side - 454.5) for side in lower) < 3


def test_only_a_page_near_the_rim_may_end_there() -> None:
    quad = np.array([[100, 100], [300, 100], [300, 380], [100, 380]], np.float32)
    assert onto_rim(quad, (800, 800)) == []
    (longer,) = onto_rim(quad, (400, 800))
    assert longer.tolist() == [[100, 100], [300, 100], [300, 399.5], [100, 399.5]]


def test_the_right_outline_is_judged_best() -> None:
    image, quad = page_on_a_desk()
    half = quad.copy()
    half[2:, 1] = 300
    beside = quad + np.array([180, 90], np.float32)
    sure = judged(Pyramid.of(image), [quad, half, beside])
    assert sure[0] > 0.6
    assert sure[0] > sure[1:].max() + 0.2


def test_an_outline_is_laid_flat_with_what_is_around_it() -> None:
    image, quad = page_on_a_desk()
    flat = laid_flat(Pyramid.of(image), quad)
    assert flat.shape == (SIDE, SIDE, 3)
    assert flat[4, 4].mean() < 130
    assert flat[14, 14].mean() > 200


def test_small_pages_in_a_wide_picture_are_found() -> None:
    camera = SimulatedCamera(script=rest(0, Pose(222, 164, 2.4), 1))
    page = camera.read().image
    truth = corners(rest(0, Pose(222, 164, 2.4), 1)[0])
    small = cv2.resize(page, None, fx=0.16, fy=0.16, interpolation=cv2.INTER_AREA)
    table = cv2.resize(page[:40, :40], (1600, 1200))
    spots = [(60, 80), (900, 60), (500, 700)]
    for x, y in spots:
        table[y : y + small.shape[0], x : x + small.shape[1]] = small
    found = find_pages(np.asarray(table, np.uint8), most=4)
    for spot in spots:
        wanted = ordered((truth + 0.5) * 0.16 - 0.5 + np.array(spot, np.float32))
        assert max(page_iou(page.quad, wanted) for page in found) > 0.9
