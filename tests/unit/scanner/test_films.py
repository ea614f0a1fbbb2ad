"""Whole visits at the desk: every page is taken once and none twice, whatever hands do."""

import numpy as np
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from scanner.live import Coach, Live, Tracker
from tests.unit.scanner.stage import Look, Lying, lay, rest, slide, take, watch

LETTER, RECEIPT, REPORT = Lying(0), Lying(6), Lying(2)


def captures(seen: list[Live]) -> int:
    return sum(live.capture for live in seen)


def words(seen: list[Live]) -> set[Coach]:
    return {live.coach for live in seen}


def test_a_hand_that_stays_is_waited_for() -> None:
    tracker = Tracker()
    under = watch([*rest(Look(), 0.3), *rest(Look((LETTER,), hand=1.0), 2.5)], tracker)
    assert captures(under) == 0
    assert Coach.HAND in words(under)
    free = watch([Look((LETTER,), hand=0.4), *rest(Look((LETTER,)))], tracker, start=100)
    assert captures(free) == 1


def test_the_next_page_laid_over_the_last_is_taken_too() -> None:
    second = Lying(REPORT.paper, angle=-2)
    film = [*lay(LETTER), *rest(Look((LETTER,))), *lay(second, (LETTER,))]
    film += rest(Look((LETTER, second)))
    tracker = Tracker()
    assert captures(watch(film, tracker)) == 2


def test_two_pages_are_not_taken_until_one_is_gone() -> None:
    left, right = Lying(7, 210, 300, 4), Lying(8, 600, 310, -5)
    tracker = Tracker()
    both = watch([*rest(Look(), 0.3), *rest(Look((left, right)), 1.5)], tracker)
    assert captures(both) == 0
    assert both[-1].coach is Coach.SEVERAL
    alone = watch([*take(right, (left,)), *rest(Look((left,)))], tracker, start=100)
    assert captures(alone) == 1


@pytest.mark.parametrize(
    ("spoilt", "coach"),
    [
        (Look((LETTER,), glare=True), Coach.GLARE),
        (Look((LETTER,), light=0.25), Coach.DARK),
        (Look((LETTER,), blur=4), Coach.BLURRED),
    ],
)
def test_what_is_cured_without_motion_is_noticed(spoilt: Look, coach: Coach) -> None:
    """A lamp that goes away slowly or a lens that focuses changes hardly a pixel at a time."""
    tracker = Tracker()
    before = watch([*rest(Look(), 0.3), *rest(spoilt, 1.0)], tracker)
    assert (captures(before), before[-1].coach) == (0, coach)
    tracker._changed = lambda preview: False  # type: ignore[method-assign]
    after = watch(rest(Look((LETTER,)), 2.4), tracker, start=100)
    assert captures(after) == 1


def test_a_page_drawn_away_slowly_is_not_thought_to_lie_there() -> None:
    tracker = Tracker()
    watch([*lay(LETTER), *rest(Look((LETTER,)))], tracker)
    away = slide(LETTER, Lying(LETTER.paper, LETTER.x + 30, LETTER.y, LETTER.angle), frames=25)
    assert Coach.MOVING in words(watch(away, tracker, start=100))


def test_a_lamp_that_warms_up_moves_nothing() -> None:
    tracker = Tracker()
    watch([*lay(LETTER), *rest(Look((LETTER,)))], tracker)
    warming = [Look((LETTER,), light=1 - step / 150) for step in range(15)]
    assert words(watch(warming, tracker, start=100)) == {Coach.CAPTURED}


def test_a_page_turned_by_a_quarter_is_the_same_page() -> None:
    turned = Lying(RECEIPT.paper, angle=91)
    tracker = Tracker()
    film = [*lay(RECEIPT), *rest(Look((RECEIPT,))), *take(RECEIPT)]
    film += [*lay(turned), *rest(Look((turned,)))]
    seen = watch(film, tracker)
    assert (captures(seen), seen[-1].coach) == (1, Coach.CAPTURED)


visits = st.lists(
    st.tuples(
        st.sampled_from([0, 2, 4, 6]),
        st.floats(-12, 12),
        st.sampled_from(["taken away", "nudged", "touched"]),
    ),
    min_size=2,
    max_size=2,
)


@seed(20261121)
@settings(max_examples=3, deadline=None, database=None)
@given(visits)
def test_every_page_is_taken_once_and_none_twice(plan: list[tuple[int, float, str]]) -> None:
    tracker, told, start = Tracker(), [], 0
    for paper, shift, then in plan:
        lying = Lying(paper, 408 + shift, 306 - shift, shift / 2)
        film = [*lay(lying), *rest(Look((lying,)))]
        match then:
            case "nudged":
                moved = Lying(paper, lying.x + 9, lying.y + 6, lying.angle + 1)
                film += [*slide(lying, moved, 4), *rest(Look((moved,)))]
            case "touched":
                film += [*rest(Look((lying,), hand=0.8), 0.5), *rest(Look((lying,)))]
        film += take(lying)
        told += [paper] * captures(watch(film, tracker, start=start))
        start += len(film)
    assert told == list(dict.fromkeys(paper for paper, _, _ in plan)), np.array(plan)
