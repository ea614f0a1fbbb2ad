"""Curl is taken out where there is any, and a flat page is left exactly as it is."""

import cv2
import numpy as np
import pytest

from scanner.curl import without_curl
from scanner.text.made import Script, curled
from scanner.types import Image
from tests.unit.scanner.papers import half_page


@pytest.mark.parametrize("depth", [0.01, 0.03])
@pytest.mark.parametrize("script", [Script.CHINESE, Script.KOREAN])
def test_bent_lines_become_straight(script: Script, depth: float) -> None:
    page = half_page(script)
    flat, curl = without_curl(curled(page, depth))
    assert curl.undone
    assert curl.after < 0.3 * curl.before
    bent, straight = contrast_of_rows(curled(page, depth)), contrast_of_rows(page)
    assert contrast_of_rows(flat) > bent + 0.6 * (straight - bent)


def test_a_flat_page_is_not_touched() -> None:
    page = half_page(Script.CHINESE)
    same, curl = without_curl(page)
    assert same is page
    assert not curl.undone


@pytest.mark.parametrize("seed", range(3))
def test_what_is_no_text_is_not_bent(seed: int) -> None:
    rng = np.random.default_rng(seed)
    picture = cv2.resize(rng.integers(0, 255, (20, 30, 3), np.uint8), (1200, 800))
    same, curl = without_curl(np.asarray(picture, np.uint8))
    assert same is picture or not curl.undone


def contrast_of_rows(page: Image) -> float:
    """Ink gathers in rows where lines of text are straight, and smears where they are not."""
    return float((255 - page.min(2)).astype(np.float64).mean(1)[150:-150].std())
