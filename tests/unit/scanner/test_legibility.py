"""Print that cannot be read is told, by what stops it; and a whole scan comes out upright."""

import cv2
import numpy as np
import pytest

from scanner.geometry import unit_square
from scanner.image import decode, encode_jpeg
from scanner.legibility import legibility_of
from scanner.pipeline import scan
from scanner.quality import READABLE_BLUR, READABLE_HEIGHT, Reason, judge_page
from scanner.rectify import SizeClass
from scanner.text.made import Script, made_page, photographed
from scanner.types import Image
from scanner.upright import turn_of
from tests.unit.scanner.papers import half_page


def reasons(page: Image) -> set[Reason]:
    grey = (page * 0.85).astype(np.uint8)
    return set(judge_page(grey, unit_square(*page.shape[1::-1]), page).reasons)


@pytest.mark.parametrize("script", [Script.CHINESE, Script.KOREAN])
def test_good_print_is_good(script: Script) -> None:
    page = half_page(script)
    legible = legibility_of(page)
    assert legible.height == pytest.approx(23, abs=3)  # 12 points at 150 dpi are 25 pixels an em
    assert legible.blur < 0.6 * READABLE_BLUR
    assert not reasons(page) & {Reason.BLURRED, Reason.SMALL_TEXT}


def test_blurred_print_is_told() -> None:
    soft = np.asarray(cv2.GaussianBlur(half_page(Script.CHINESE), (0, 0), 2.8), np.uint8)
    assert Reason.BLURRED in reasons(soft)
    assert Reason.SMALL_TEXT not in reasons(soft)


def test_small_print_is_told() -> None:
    page = half_page(Script.CHINESE)
    tiny = np.asarray(
        cv2.resize(page, None, fx=0.36, fy=0.36, interpolation=cv2.INTER_AREA), np.uint8
    )
    assert legibility_of(tiny).height < READABLE_HEIGHT
    assert Reason.SMALL_TEXT in reasons(tiny)


def test_a_page_without_text_has_no_print_to_complain_of() -> None:
    blank = np.full((900, 600, 3), 245, np.uint8)
    assert legibility_of(blank).height == 0
    assert Reason.SMALL_TEXT not in reasons(blank)


def test_a_scan_is_upright_whichever_way_the_page_lay() -> None:
    page = made_page(Script.KOREAN, 3).image
    small = np.asarray(
        cv2.resize(page, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8
    )
    picture, truth = photographed(small, 3, 0.3, (1632, 1224))
    scanned = scan(encode_jpeg(picture, 92))
    assert scanned.quad is not None
    assert np.abs(np.array(scanned.quad) - truth).max() < 12  # in the page's own order
    assert (scanned.turned, scanned.size) == (1, SizeClass.A_SERIES)
    assert turn_of(decode(scanned.clean_jpeg)).quarters == 0
    assert not scanned.curl.undone
