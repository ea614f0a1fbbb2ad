"""Sheets on the resident's screen, and marks that belong to the side that drew them."""

from dataclasses import replace

import pytest

from center.domain import events as ev
from center.domain.errors import Conflict, Forbidden, NotFound
from center.domain.papers import MARKS_A_PAGE, Mark, drawn, taken_back
from center.domain.transitions import advance
from center.protocol.words import ConsultationState as State
from center.protocol.words import MarkKind, PeerRole
from tests.unit.center.domain.samples import RULES, START, WAY, after

PAGE, OTHER = "a" * 64, "b" * 64
BOX = ((0.1, 0.1), (0.2, 0.2))
CIRCLE = Mark("m1", "c1", PAGE, PeerRole.STAFF, MarkKind.CIRCLE, BOX, START)


def showing(*events: ev.Event) -> str | None:
    return after(*WAY[State.ACTIVE], *events).sheet_id


def test_the_newest_sheet_lies_there() -> None:
    assert showing(ev.SheetShown("s1", 1), ev.SheetShown("s2")) == "s2"


def test_a_sheet_is_closed_by_its_name() -> None:
    assert showing(ev.SheetShown("s1", 1), ev.SheetClosed("s1")) is None


def test_closing_what_was_replaced_meanwhile_is_nothing() -> None:
    before = after(*WAY[State.ACTIVE], ev.SheetShown("s1", 1), ev.SheetShown("s2"))
    assert advance(before, ev.SheetClosed("s1"), START, RULES).consultation is before


@pytest.mark.parametrize("end", [ev.HungUp(PeerRole.KIOSK), ev.Transferred(None)], ids=repr)
def test_a_sheet_goes_with_the_talk(end: ev.Event) -> None:
    assert showing(ev.SheetShown("s1", 1), end) is None


def test_the_very_same_mark_is_drawn_once() -> None:
    assert drawn((), CIRCLE)
    assert not drawn((CIRCLE,), CIRCLE)


def test_a_mark_taken_back_is_not_drawn_again_by_a_late_repetition() -> None:
    gone = taken_back((CIRCLE,), "m1", PeerRole.STAFF)
    assert gone == replace(CIRCLE, points=(), taken_back=True)
    assert not drawn((gone,), CIRCLE)
    assert taken_back((gone,), "m1", PeerRole.STAFF) is None


@pytest.mark.parametrize(
    "other", [replace(CIRCLE, author=PeerRole.KIOSK), replace(CIRCLE, sha256=OTHER)], ids=repr
)
def test_an_id_belongs_to_one_mark(other: Mark) -> None:
    with pytest.raises(Conflict):
        drawn((CIRCLE,), other)


def test_a_page_takes_so_many_marks_and_room_again_for_what_was_taken_back() -> None:
    full = tuple(replace(CIRCLE, mark_id=f"m{n}") for n in range(MARKS_A_PAGE))
    one_more = replace(CIRCLE, mark_id="late")
    with pytest.raises(Conflict):
        drawn(full, one_more)
    assert drawn(full, replace(one_more, sha256=OTHER))
    assert drawn((*full[1:], replace(full[0], taken_back=True)), one_more)


def test_nobody_takes_back_what_the_other_side_drew() -> None:
    with pytest.raises(Forbidden):
        taken_back((CIRCLE,), "m1", PeerRole.KIOSK)
    with pytest.raises(NotFound):
        taken_back((CIRCLE,), "m2", PeerRole.STAFF)
