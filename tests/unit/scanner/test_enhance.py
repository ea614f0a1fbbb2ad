"""Even light, white paper, and red seals that stay red."""

import cv2
import numpy as np
import pytest

from scanner.enhance import Look, clean
from scanner.rectify import SizeClass
from scanner.text.made import Script
from scanner.types import Image
from tests.unit.scanner.papers import half_page

RED, BLUE = (38, 30, 205), (150, 60, 25)


def stamped() -> tuple[Image, np.ndarray, np.ndarray]:
    """A page with a round seal (ring and star, 42 mm) and a blue signature; where each is."""
    page = half_page(Script.CHINESE).copy()
    seal, pen = (np.zeros(page.shape[:2], np.uint8) for _ in range(2))
    cv2.circle(seal, (800, 1400), 124, 255, 9)
    angles = np.arange(10) * np.pi / 5 - np.pi / 2
    star = np.stack([np.cos(angles), np.sin(angles)], 1) * np.tile([42, 16], 5)[:, None]
    cv2.fillPoly(seal, [(star + np.array([800, 1400])).astype(np.int32)], 255)
    cv2.polylines(
        pen,
        [np.array([[300, 1400], [340, 1340], [360, 1420], [430, 1350]], np.int32)],
        False,
        255,
        4,
    )
    page[seal > 0], page[pen > 0] = RED, BLUE
    return page, seal > 0, pen > 0


def shaded(page: Image) -> Image:
    """A lamp from the left, a shadow with a soft edge, a warm cast."""
    x = np.linspace(0, 1, page.shape[1])
    light = (1 - 0.45 * x) * (1 - 0.35 / (1 + np.exp(-(x - 0.6) * 40)))
    cast = np.array([0.85, 0.95, 1.0])
    return np.asarray(np.clip(page * light[None, :, None] * cast, 0, 255), np.uint8)


def hue_and_saturation(image: Image, where: np.ndarray) -> tuple[float, float]:
    """Of the mean colour: degrees, 0 to 1."""
    inside = cv2.erode(where.astype(np.uint8), np.ones((3, 3))) > 0
    mean = image[inside].mean(0).astype(np.uint8)[None, None]
    hue, saturation, _ = cv2.cvtColor(mean, cv2.COLOR_BGR2HSV)[0, 0]
    return float(hue) * 2, float(saturation) / 255


@pytest.mark.parametrize("ink", ["seal", "signature"])
def test_ink_keeps_hue_and_saturation(ink: str) -> None:
    page, seal, pen = stamped()
    where = seal if ink == "seal" else pen
    true_hue, true_saturation = hue_and_saturation(page, where)
    hue, saturation = hue_and_saturation(clean(shaded(page)), where)
    assert abs((hue - true_hue + 180) % 360 - 180) < 10
    assert saturation > 0.9 * true_saturation


def test_paper_is_white_under_any_light() -> None:
    page, _, _ = stamped()
    cleaned = clean(shaded(page))
    paper = cv2.dilate((page.min(2) < 200).astype(np.uint8), np.ones((9, 9))) == 0
    assert np.percentile(cleaned[paper], 2) > 235


def test_grey_and_black_and_white_on_request() -> None:
    page, seal, _ = stamped()
    grey = clean(shaded(page), Look.GREY)
    assert (grey[..., 0] == grey[..., 2]).all()
    two = clean(shaded(page), Look.BLACK_AND_WHITE)
    assert set(np.unique(two)) == {0, 255}
    assert (two[seal] == 0).mean() > 0.5
    assert 0.01 < (two == 0).mean() < 0.2


@pytest.mark.parametrize(
    ("width", "height", "size", "dpi"),
    [
        (1654, 2339, SizeClass.A_SERIES, 200),
        (2339, 1654, SizeClass.A_SERIES, 200),
        (856, 540, SizeClass.CARD, 254),
        (600, 1800, SizeClass.RECEIPT, None),
        (1000, 1250, SizeClass.OTHER, None),
    ],
)
def test_size_is_told_from_proportions(
    width: int, height: int, size: SizeClass, dpi: int | None
) -> None:
    flat = np.zeros((height, width, 3), np.uint8)
    assert SizeClass.of(flat) is size
    assert size.dpi(flat) == dpi
