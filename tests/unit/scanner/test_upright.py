"""A page is put upright from its text, whichever way it lies and whatever language it speaks."""

import numpy as np
import pytest

from scanner.text.made import Script
from scanner.upright import turn_of, turned
from tests.unit.scanner.papers import half_page


@pytest.mark.parametrize("lies", range(4))
@pytest.mark.parametrize("script", Script)
def test_every_language_in_every_direction(script: Script, lies: int) -> None:
    turn = turn_of(turned(half_page(script), lies))
    assert (turn.quarters + lies) % 4 == 0
    assert turn.odds > 2


def test_a_receipt_lying_across() -> None:
    strip = half_page(Script.CHINESE)[100:700, 100:900]
    assert turn_of(turned(strip, 1)).quarters == 3


def test_without_text_nothing_is_turned() -> None:
    blank = np.full((900, 600, 3), 245, np.uint8)
    assert turn_of(blank).quarters == 0
    speckled = blank - np.random.default_rng(1).integers(0, 90, blank.shape, dtype=np.uint8)
    assert turn_of(speckled).quarters == 0


def test_turning_back_is_exact() -> None:
    page = half_page(Script.KOREAN)
    assert np.array_equal(turned(turned(page, 1), 3), page)
    assert np.array_equal(turned(page, 0), page)
