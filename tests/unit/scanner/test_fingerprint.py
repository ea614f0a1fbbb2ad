"""The same page is known again; another sheet of the same form is another page."""

import numpy as np
import pytest

from scanner.fingerprint import Fingerprint, fingerprint, same_page
from scanner.geometry import ordered
from scanner.samples import PAPERS
from scanner.types import Image
from tests.unit.scanner import stage
from tests.unit.scanner.stage import Look, Lying


def seen(lying: Lying, *, seed: int, light: float = 1.0, blur: float = 0.0) -> Fingerprint:
    rng = np.random.default_rng(seed)
    picture = stage.drawn(Look((lying,), light=light, blur=blur), rng)
    corners = ordered(stage.corners(lying)) + rng.normal(0, 1.2, (4, 2))
    return fingerprint(picture, corners.astype(np.float32))


def filled_in_otherwise(page: Image, rng: np.random.Generator) -> Image:
    """Some lines of it say what other lines said."""
    other, (height, width) = page.copy(), page.shape[:2]
    line, part = height // 28, width // 3
    for _ in range(6):
        (y, x), (to_y, to_x) = (
            (rng.integers(height // 8, height - 3 * line), rng.integers(width // 12, width // 2))
            for _ in range(2)
        )
        other[to_y : to_y + line, to_x : to_x + part] = page[y : y + line, x : x + part]
    return other


@pytest.mark.parametrize("paper", range(len(PAPERS)))
def test_the_same_page_nudged_turned_or_lit_otherwise(paper: int) -> None:
    first = seen(Lying(paper), seed=1)
    for number, angle in enumerate((3.0, 92.0, 179.0, -91.0)):
        again = Lying(paper, 412, 302, angle)
        assert same_page(first, seen(again, seed=number, light=0.7, blur=0.6)), angle


def test_other_pages_are_others() -> None:
    prints = [seen(Lying(paper), seed=paper) for paper in range(len(PAPERS))]
    for number, one in enumerate(prints):
        assert [same_page(one, other) for other in prints] == [
            other == number for other in range(len(prints))
        ]


@pytest.mark.parametrize("paper", [0, 1, 3, 4, 5])
def test_another_sheet_of_the_same_form(paper: int, monkeypatch: pytest.MonkeyPatch) -> None:
    first = seen(Lying(paper), seed=1)
    other = filled_in_otherwise(stage.paper(paper), np.random.default_rng(paper))
    monkeypatch.setattr(stage, "paper", lambda _: other)
    stage.forget()
    assert not same_page(first, seen(Lying(paper), seed=2))
    stage.forget()
