"""A desk that is known when it is bare: what looks like a page on it is none, what is laid is."""

import cv2
import numpy as np
import pytest

from scanner import live
from scanner.detect import find_page
from scanner.detect.mat import Mat
from scanner.detect.proposals import proposals
from scanner.geometry import homography, page_iou, unit_square
from scanner.live import Coach, Live, Tracker
from scanner.samples import PAPERS
from scanner.types import Image, Quad

TICK = 0.4
LEAFLET = np.array([[60, 40], [330, 40], [330, 420], [60, 420]], np.float32)
PAPER = np.array([[220, 130], [470, 110], [490, 440], [240, 460]], np.float32)


def desk(seed: int = 0, *, lamp: float = 1.0, paper: bool = False) -> Image:
    """With a leaflet glued to it; every picture has grain of its own."""
    image = np.full((480, 640, 3), (70, 84, 96), np.uint8)
    lay(image, 2, LEAFLET)
    if paper:
        lay(image, 4, PAPER)
    grain = np.random.default_rng(seed).normal(0, 3, image.shape)
    return np.asarray((image * lamp + grain).clip(0, 255), np.uint8)


def lay(image: Image, paper: int, quad: Quad) -> None:
    page = cv2.blur(PAPERS[paper].load(), (4, 4))
    matrix = homography(unit_square(page.shape[1], page.shape[0]), quad)
    seen = cv2.warpPerspective(page, matrix, image.shape[1::-1])
    cv2.fillConvexPoly(image, quad.astype(np.int32), (0, 0, 0))
    cv2.add(image, seen, image)


@pytest.mark.parametrize("lamp", [0.8, 1.0, 1.15])
def test_the_bare_desk_is_known_again_in_another_light(lamp: float) -> None:
    mat = Mat.of(desk())
    assert mat.bare(desk(1, lamp=lamp), [LEAFLET, PAPER]) == [True, True]
    assert not mat.bare(desk(1, lamp=lamp, paper=True), [PAPER])[0]


def test_what_was_laid_is_seen_where_it_lies() -> None:
    seen = Mat.of(desk()).look(desk(1, lamp=0.9, paper=True))
    (laid,) = proposals(seen)
    assert page_iou(laid.quad, PAPER) > 0.9


@pytest.mark.parametrize("thorough", [True, False])
def test_what_the_bare_desk_shows_is_no_page(thorough: bool) -> None:
    taken = find_page(desk(1), thorough=thorough)
    assert taken is not None
    assert page_iou(taken.quad, LEAFLET) > 0.9
    assert find_page(desk(1), thorough=thorough, mat=Mat.of(desk())) is None


def test_a_page_that_was_followed_is_dropped_where_the_desk_is_bare() -> None:
    assert find_page(desk(1), hint=LEAFLET) is not None
    assert find_page(desk(1), hint=LEAFLET, mat=Mat.of(desk())) is None


def test_a_paper_over_the_leaflet_is_told_from_it() -> None:
    found = find_page(desk(2, lamp=0.9, paper=True), mat=Mat.of(desk()))
    assert found is not None
    assert page_iou(found.quad, PAPER) > 0.97


def test_a_desk_of_another_camera_takes_no_page_away() -> None:
    other = Mat.of(np.full((700, 500, 3), 90, np.uint8))
    assert find_page(desk(2), mat=other) is not None


def watch(tracker: Tracker, seconds: float, start: float = 0.0) -> list[Live]:
    ticks = round(seconds / TICK)
    return [tracker.update(desk(9), start + tick * TICK) for tick in range(ticks)]


def seen_empty(tracker: Tracker, seconds: float) -> None:
    """The finder sees nothing for so long, as in another light."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live, "find_page", lambda *_, **__: None)
        watch(tracker, seconds)


def test_the_tracker_learns_the_desk_while_nothing_lies_there() -> None:
    tracker = Tracker()
    seen_empty(tracker, 2.4)
    assert {seen.coach for seen in watch(tracker, 1.6, start=2.4)} == {Coach.NOTHING}


def test_a_desk_that_looked_empty_for_a_moment_is_not_learnt() -> None:
    tracker = Tracker()
    seen_empty(tracker, 0.8)
    assert sum(seen.capture for seen in watch(tracker, 2.8, start=0.8)) == 1
