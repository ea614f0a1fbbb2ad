"""What the kiosk keeps of papers: as long as the talk, shown at once, said until it was heard."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from center.protocol.frames import Refusal, Request
from center.protocol.papers import (
    Drawing,
    MarkPut,
    MarksPush,
    MarkTakeBack,
    PageMark,
    PageMarks,
    PageSheet,
    PointerMoved,
    SheetClose,
    SheetPush,
    SheetView,
)
from center.protocol.words import ErrorCode, MarkKind, PeerRole
from kiosk.paper_messages import PapersPointer, PapersState
from kiosk.papers import Papers

PAGE = "a" * 64
INK = Drawing(mark_id="k.1", sha256=PAGE, kind=MarkKind.INK, points=((0.1, 0.1), (0.2, 0.2)))
SHEET = SheetView(
    sheet_id="s4",
    shown_at=datetime(2026, 11, 22, tzinfo=UTC),
    sheet=PageSheet(show="page", sha256=PAGE, rotation=0),
)
REFUSED = Refusal(re=1, code=ErrorCode.CONFLICT, detail="full")


class QuietLink:
    """Keeps what is asked until it is forgotten."""

    def __init__(self) -> None:
        self.asked: list[Request] = []

    def ask(self, make: Callable[[int], Request]) -> None:
        self.asked.append(make(len(self.asked) + 1))

    def waiting(self) -> tuple[Request, ...]:
        return tuple(self.asked)

    def forget(self, request: Request) -> None:
        self.asked.remove(request)


class Desk:
    """Papers between a link and a page that notes what it is shown."""

    def __init__(self) -> None:
        self.link, self.shown = QuietLink(), []  # type: ignore[var-annotated]
        self.papers = Papers(self.link, self.shown.append)  # type: ignore[arg-type]
        self.papers.take(SheetPush(seq=1, consultation_id="c1", view=SHEET))

    @property
    def ids(self) -> list[str]:
        return [mark.mark_id for page in self.papers.state().pages for mark in page.marks]

    def center_has(self, *drawings: Drawing) -> None:
        marks = tuple(PageMark(**dict(d), author=PeerRole.KIOSK) for d in drawings)
        page = PageMarks(sha256=PAGE, marks=marks)
        self.papers.take(MarksPush(seq=2, consultation_id="c1", page=page))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_mark_is_shown_at_once_and_only_once(desk: Desk) -> None:
    desk.papers.draw(INK)
    assert desk.ids == ["k.1"]
    assert desk.link.asked == [MarkPut(id=1, consultation_id="c1", mark=INK)]
    desk.center_has(INK)
    assert desk.ids == ["k.1"]


def test_a_mark_taken_back_is_gone_at_once_and_stays_gone(desk: Desk) -> None:
    desk.papers.draw(INK)
    desk.papers.take_back("k.1")
    desk.center_has(INK)
    assert desk.ids == []
    assert desk.link.asked[-1] == MarkTakeBack(id=2, consultation_id="c1", mark_id="k.1")
    desk.center_has()
    assert desk.ids == []


def test_what_the_center_refuses_is_not_shown(desk: Desk) -> None:
    desk.papers.draw(INK)
    desk.papers.answered(desk.link.asked[0], REFUSED)
    assert desk.ids == []
    desk.center_has(INK)
    desk.papers.take_back("k.1")
    desk.papers.answered(desk.link.asked[1], REFUSED)
    assert desk.ids == ["k.1"]


def test_the_sheet_goes_at_the_touch(desk: Desk) -> None:
    desk.papers.close_sheet("s3")
    assert desk.papers.state().sheet == SHEET
    desk.papers.close_sheet("s4")
    assert desk.papers.state().sheet is None
    assert desk.link.asked == [SheetClose(id=1, consultation_id="c1", sheet_id="s4")]


def test_the_lawyers_pointer_passes_through(desk: Desk) -> None:
    desk.papers.take(PointerMoved(room_id="c1", sender="staff:jin", sha256=PAGE, at=(0.5, 0.5)))
    assert desk.shown[-1] == PapersPointer(sha256=PAGE, at=(0.5, 0.5))


@pytest.mark.parametrize("end", [None, "c2"])
def test_nothing_of_a_talk_outlives_it(desk: Desk, end: Any) -> None:
    desk.papers.draw(INK)
    desk.papers.follow("c1")
    assert desk.ids == ["k.1"]
    desk.papers.follow(end)
    assert desk.shown[-1] == PapersState(sheet=None, pages=())
    assert desk.link.asked == []
    desk.papers.draw(INK)
    assert (desk.ids, desk.link.asked) == ([], [])
