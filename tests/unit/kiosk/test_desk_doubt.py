"""The remembered desk is given up after many looks in more than one visit, and believed again."""

import pytest

from kiosk.desk_doubt import Doubt
from scanner.detect.moved import DeskSeen

SAME, OTHER, UNSURE = DeskSeen.SAME, DeskSeen.OTHER, DeskSeen.UNSURE
Looks = list[tuple[DeskSeen, int]]


def after(looks: Looks, doubt: Doubt | None = None) -> Doubt:
    doubt = doubt or Doubt()
    for seen, visit in looks:
        doubt = doubt.after(seen, visit)
    return doubt


MOVED = after([(OTHER, 1)] * 3 + [(OTHER, 2)] * 3)


@pytest.mark.parametrize(
    ("looks", "moved"),
    [
        ([(OTHER, 1)] * 3 + [(OTHER, 2)] * 3, True),
        ([(OTHER, 1), (UNSURE, 1)] * 3 + [(UNSURE, 2), (OTHER, 2)] * 3, True),
        ([(OTHER, 1)] * 60, False),
        ([(OTHER, 1)] * 3 + [(OTHER, 2)] * 2, False),
        ([(OTHER, 1)] * 5 + [(SAME, 1)] + [(OTHER, 2)] * 5, False),
        ([(OTHER, 1)] * 5 + [(SAME, 2)] + [(OTHER, 2)] * 60, False),
        ([(UNSURE, 1), (UNSURE, 2)] * 60, False),
    ],
)
def test_what_it_takes_to_be_given_up(looks: Looks, moved: bool) -> None:
    assert after(looks).moved is moved


@pytest.mark.parametrize(
    ("looks", "moved"),
    [
        ([(SAME, 3)] * 3, False),
        ([(SAME, 3)] * 2, True),
        ([(SAME, 3)] * 2 + [(OTHER, 3)] + [(SAME, 3)] * 2, True),
        ([(UNSURE, 3)] * 9, True),
    ],
)
def test_what_it_takes_to_be_believed_again(looks: Looks, moved: bool) -> None:
    assert after(looks, MOVED).moved is moved
