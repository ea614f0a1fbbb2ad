"""Proportions come out true, light comes out even, ink keeps its colour; the verdict fits."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.enhance import clean
from scanner.geometry import unit_square
from scanner.quality import Reason, judge
from scanner.rectify import aspect_ratio, rectify, snapped
from scanner.types import Image, Quad

WIDTH, HEIGHT = 2592, 1944


def seen_by_a_camera(ratio: float, tilt: float, swing: float, focal: float) -> Quad:
    """Corners of a page of that width over height, 1 high, before a pinhole camera."""
    page = (unit_square(ratio, 1) - np.array([ratio / 2, 0.5])) @ np.diag([1, 1])
    cos_t, sin_t, cos_s, sin_s = np.cos(tilt), np.sin(tilt), np.cos(swing), np.sin(swing)
    around_x = np.array([[1, 0, 0], [0, cos_t, -sin_t], [0, sin_t, cos_t]])
    around_y = np.array([[cos_s, 0, sin_s], [0, 1, 0], [-sin_s, 0, cos_s]])
    space = np.column_stack([page, np.zeros(4)]) @ (around_y @ around_x).T + [0, 0, 2.2]
    flat = space[:, :2] / space[:, 2:] * focal + [WIDTH / 2, HEIGHT / 2]
    return np.asarray(flat, np.float32)


@settings(max_examples=120, deadline=None)
@given(
    ratio=st.floats(0.4, 1.8),
    tilt=st.floats(0.25, 0.6),
    swing=st.floats(0.2, 0.5),
    focal=st.floats(1800, 3500),
)
def test_proportions_out_of_perspective(
    ratio: float, tilt: float, swing: float, focal: float
) -> None:
    quad = seen_by_a_camera(ratio, tilt, swing, focal)
    assert aspect_ratio(quad, WIDTH, HEIGHT) == pytest.approx(ratio, rel=0.03)


@given(ratio=st.floats(0.3, 3), scale=st.floats(300, 1500))
def test_proportions_seen_from_straight_above(ratio: float, scale: float) -> None:
    quad = unit_square(ratio * scale, scale) + 20
    assert aspect_ratio(quad, 6000, 3000) == pytest.approx(ratio, rel=0.01)


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [(0.70, 0.5**0.5), (1.43, 2**0.5), (1.6, 85.6 / 53.98), (0.5, 0.5), (0.773, 0.773)],
)
def test_standard_papers_are_recognised(ratio: float, expected: float) -> None:
    assert snapped(ratio) == pytest.approx(expected)


def test_no_pixels_are_invented_and_none_beyond_the_wanted_resolution() -> None:
    image = np.full((3000, 3000, 3), 200, np.uint8)
    small = rectify(image, unit_square(400, 566) + 100)
    assert small.shape[:2] == pytest.approx((566, 400), abs=2)
    large = rectify(image, unit_square(2000, 2828) + 100, dpi=100)
    assert large.shape[0] == pytest.approx(11.69 * 100, abs=2)


def test_upright_corner_by_corner() -> None:
    image = np.zeros((400, 300, 3), np.uint8)
    image[:200, :150] = (0, 0, 255)
    flat = rectify(image, unit_square(299, 399))
    assert tuple(flat[20, 20]) == (0, 0, 255)
    turned = rectify(image, np.roll(unit_square(299, 399), -1, axis=0))
    assert tuple(turned[-20, 20]) != (0, 0, 255) or tuple(turned[20, 20]) != (0, 0, 255)


def written_page() -> Image:
    page = np.full((1400, 1000, 3), 236, np.uint8)
    for line in range(20):
        place = (90, 120 + 60 * line)
        cv2.putText(page, "The parties agree as follows", place, 0, 1.3, (40, 40, 40), 3)
    cv2.circle(page, (700, 1000), 110, (40, 40, 215), 14)
    cv2.line(page, (120, 1330), (420, 1290), (190, 70, 30), 6)
    return page


def lit(page: Image) -> Image:
    ramp = np.linspace(1.0, 0.45, page.shape[1])[None, :, None]
    return (page * ramp).astype(np.uint8)


def test_light_becomes_even_and_paper_white() -> None:
    grey = cv2.cvtColor(clean(lit(written_page())), cv2.COLOR_BGR2GRAY)
    blank = grey[20:80]
    assert blank[:, :200].mean() > 245
    assert abs(float(blank[:, :200].mean()) - float(blank[:, -200:].mean())) < 6
    assert np.percentile(grey, 1) < 90


def test_seals_stay_red_and_ink_stays_blue() -> None:
    cleaned = clean(lit(written_page()))
    seal = cleaned[1000, 595].astype(int)
    assert seal[2] > seal[0] + 90
    assert seal[2] > seal[1] + 90
    ink = cleaned[1310, 270].astype(int)
    assert ink[0] > ink[2] + 60


def test_the_original_is_left_alone() -> None:
    page = lit(written_page())
    before = page.copy()
    clean(page)
    rectify(page, unit_square(500, 700) + 30)
    judge(page, unit_square(500, 700) + 30)
    assert np.array_equal(page, before)


def desk(page: Image) -> tuple[Image, Quad]:
    table = np.full((1600, 1400, 3), 60, np.uint8)
    table[100:1500, 200:1200] = page
    return table, (unit_square(1000, 1400) + np.array([200, 100])).astype(np.float32)


def test_a_good_page_has_no_reasons() -> None:
    assert judge(*desk(written_page())).good


def test_reasons() -> None:
    image, quad = desk(written_page())
    blurred = cv2.GaussianBlur(image, (0, 0), 7)
    assert judge(np.asarray(blurred, np.uint8), quad).reasons == (Reason.BLURRED,)
    assert Reason.DARK in judge((image * 0.2).astype(np.uint8), quad).reasons
    shifted = (quad - np.array([200, 0])).astype(np.float32)
    assert judge(image, shifted).cut_off
    assert Reason.CUT_OFF in judge(image, shifted).reasons
    burnt = (image * 0.8).astype(np.uint8)
    cv2.circle(burnt, (700, 600), 150, (255, 255, 255), -1)
    assert Reason.GLARE in judge(burnt, quad).reasons
