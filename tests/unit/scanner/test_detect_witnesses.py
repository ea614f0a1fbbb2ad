"""What the judge, the looks and the proposal are heard for."""

from importlib import import_module
from itertools import pairwise

import numpy as np
import pytest

from scanner.detect.network import look
from scanner.detect.proposals import Proposal
from scanner.detect.pyramid import Pyramid
from scanner.detect.witnesses import confidence, evidence
from scanner.types import Quad

closer = import_module("scanner.detect.closer")  # the package has a function of that name

ENOUGH = 0.4
"""As sure as `find_pages` wants a page to be."""


def sure(judged: float, agreed: float, proposed: float) -> float:
    seen, agree = np.array([[judged], [agreed]], np.float32)
    said = evidence(seen, agree, proposed)
    return confidence(float(said[0]))


def test_every_witness_counts() -> None:
    steps = np.linspace(0.05, 0.95, 7)
    for one in ([(s, 0.5, 0.5) for s in steps], [(0.5, s, 0.5) for s in steps]):
        assert all(sure(*less) < sure(*more) for less, more in pairwise(one))
    assert sure(0.5, 0.5, 0.1) < sure(0.5, 0.5, 0.9)


def test_the_judge_is_heard_most_and_the_proposal_least() -> None:
    only_judge, only_looks, only_proposal = (
        sure(0.9, 0.1, 0.1),
        sure(0.1, 0.9, 0.1),
        sure(0.1, 0.1, 0.9),
    )
    assert only_judge > only_looks > only_proposal
    assert sure(0.9, 0.1, 0.5) > 0.5 > sure(0.1, 0.9, 0.5)
    assert only_looks > 2 * only_proposal


def test_two_that_agree_outvote_the_third() -> None:
    assert sure(0.1, 0.9, 0.9) == pytest.approx(0.5)
    assert sure(0.9, 0.1, 0.9) > ENOUGH
    assert sure(0.9, 0.9, 0.1) > 0.8


def test_a_sure_proposal_makes_no_page_of_what_neither_other_sees() -> None:
    assert sure(0.2, 0.2, 1.0) < ENOUGH


def test_what_no_look_sees_is_a_page_only_where_the_judge_is_very_sure() -> None:
    """As a blank sheet on a table of its colour."""
    assert sure(0.97, 0.0, 0.5) > ENOUGH
    assert sure(0.8, 0.0, 0.5) < ENOUGH


def test_no_witness_is_ever_quite_sure() -> None:
    assert sure(1.0, 1.0, 1.0) < 0.98
    assert sure(1.0, 0.0, 1.0) > ENOUGH
    assert sure(0.0, 0.0, 0.0) > 0.02


@pytest.mark.parametrize(("other", "moves"), [(0.7, False), (0.95, True)])
def test_a_side_is_read_elsewhere_only_where_that_is_clearly_righter(
    monkeypatch: pytest.MonkeyPatch, other: float, moves: bool
) -> None:
    here = np.array([[20, 20], [80, 20], [80, 80], [20, 80]], np.float32)
    there = here + np.array([[0, 0], [0, 0], [0, -20], [0, -20]], np.float32)
    picture = Pyramid.of(np.full((100, 100, 3), 90, np.uint8))
    judged = {here.tobytes(): 0.6, there.tobytes(): other}

    def asked(_: Pyramid, quads: list[Quad]) -> np.ndarray:
        return np.array([judged[quad.tobytes()] for quad in quads], np.float32)

    monkeypatch.setattr(closer, "judged", asked)
    monkeypatch.setattr(closer, "others", lambda *_: [there])
    monkeypatch.setattr(closer, "read_sides", lambda _, quad, __: quad)
    outline = closer.Outline(here, 0.5, Proposal(here, 0.5), (look(picture),))
    found = closer.elsewhere(picture, outline)
    assert np.array_equal(found.quad, there if moves else here)
