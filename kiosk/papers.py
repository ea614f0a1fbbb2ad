"""What the lawyer shows, and what both sides draw, as far as this kiosk is concerned.

It lives in memory and only as long as the consultation is open: the center keeps it and sends it
again. What the resident draws is shown at once and said to the center until it has it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from center.protocol.frames import Refusal, Request
from center.protocol.papers import (
    Drawing,
    MarkPut,
    MarksPush,
    MarkTakeBack,
    PageMark,
    PageMarks,
    Point,
    PointerMove,
    PointerMoved,
    SheetClose,
    SheetPush,
    SheetView,
)
from center.protocol.words import PeerRole
from kiosk.link import Link
from kiosk.messages import AgentToPage
from kiosk.paper_messages import (
    PageCloseSheet,
    PageDraw,
    PagePoint,
    PageTakeBack,
    PapersPointer,
    PapersState,
)

PapersNews = SheetPush | MarksPush | PointerMoved
"""What the center says of papers."""

PapersWish = PageDraw | PageTakeBack | PagePoint | PageCloseSheet
"""What the resident does with them."""

_ASKED = MarkPut | MarkTakeBack | SheetClose


@dataclass(slots=True)
class _Known:
    """Of one consultation: `drawn` and `gone` are the resident's, not confirmed yet."""

    consultation_id: str
    sheet: SheetView | None = None
    pages: dict[str, PageMarks] = field(default_factory=dict)
    drawn: dict[str, PageMark] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def marks_of(self, sha256: str) -> tuple[PageMark, ...]:
        known = self.pages[sha256].marks if sha256 in self.pages else ()
        new = (mark for mark in self.drawn.values() if mark.sha256 == sha256)
        return tuple(mark for mark in (*known, *new) if mark.mark_id not in self.gone)


class Papers:
    """Between the link and the page; `show` hands frames to the page."""

    def __init__(self, link: Link, show: Callable[[AgentToPage], None]) -> None:
        self._link, self._show = link, show
        self._known: _Known | None = None

    def state(self) -> PapersState:
        """Everything the page shows of it."""
        known = self._known
        if known is None:
            return PapersState(sheet=None, pages=())
        names = dict.fromkeys((*known.pages, *(mark.sha256 for mark in known.drawn.values())))
        pages = tuple(PageMarks(sha256=name, marks=known.marks_of(name)) for name in names)
        return PapersState(sheet=known.sheet, pages=pages)

    def follow(self, room_id: str | None) -> None:
        """The room that is open: a consultation's; a mediation's has no papers here. Of any other
        consultation nothing is kept, nor said to the center any more."""
        if self._known is None or self._known.consultation_id == room_id:
            return
        self._known = None
        for request in self._link.waiting():
            if isinstance(request, _ASKED) and request.consultation_id != room_id:
                self._link.forget(request)
        self._show(self.state())

    # --- from the center ----------------------------------------------------------------------

    def take(self, news: PapersNews) -> None:
        """What the center says now."""
        match news:
            case SheetPush():
                self._of(news.consultation_id).sheet = news.view
            case MarksPush():
                self._take_marks(self._of(news.consultation_id), news.page)
            case PointerMoved():
                self._show(PapersPointer(sha256=news.sha256, at=news.at))
                return
        self._show(self.state())

    def answered(self, request: Request, refusal: Refusal | None) -> None:
        """What is refused was never drawn, or stays."""
        if refusal is None or self._known is None:
            return
        match request:
            case MarkPut(mark=mark):
                self._known.drawn.pop(mark.mark_id, None)
            case MarkTakeBack(mark_id=mark_id):
                self._known.gone.discard(mark_id)
            case _:
                return
        self._show(self.state())

    # --- from the page ------------------------------------------------------------------------

    def hear(self, wish: PapersWish) -> None:
        """What the resident does on the screen."""
        match wish:
            case PageDraw(mark=mark):
                self.draw(mark)
            case PageTakeBack(mark_id=mark_id):
                self.take_back(mark_id)
            case PagePoint(sha256=sha256, at=at):
                self.point(sha256, at)
            case PageCloseSheet(sheet_id=sheet_id):
                self.close_sheet(sheet_id)

    def draw(self, drawing: Drawing) -> None:
        """The resident drew a mark."""
        if (known := self._known) is None:
            return
        mark = PageMark(**dict(drawing), author=PeerRole.KIOSK)
        known.drawn[mark.mark_id] = mark
        ref = known.consultation_id
        self._link.ask(lambda n: MarkPut(id=n, consultation_id=ref, mark=drawing))
        self._show(self.state())

    def take_back(self, mark_id: str) -> None:
        """The resident takes a mark back."""
        if (known := self._known) is None:
            return
        known.gone.add(mark_id)
        ref = known.consultation_id
        self._link.ask(lambda n: MarkTakeBack(id=n, consultation_id=ref, mark_id=mark_id))
        self._show(self.state())

    def point(self, sha256: str, at: Point | None) -> None:
        """Where the finger is, for now or never."""
        if (known := self._known) is not None:
            ref = known.consultation_id
            self._link.tell(lambda n: PointerMove(id=n, room_id=ref, sha256=sha256, at=at))

    def close_sheet(self, sheet_id: str) -> None:
        """The resident closes what is shown: it goes at once, also while the line is cut."""
        if (known := self._known) is None or known.sheet is None:
            return
        if known.sheet.sheet_id != sheet_id:
            return
        known.sheet = None
        ref = known.consultation_id
        self._link.ask(lambda n: SheetClose(id=n, consultation_id=ref, sheet_id=sheet_id))
        self._show(self.state())

    def _of(self, consultation_id: str) -> _Known:
        if self._known is None or self._known.consultation_id != consultation_id:
            self._known = _Known(consultation_id)
        return self._known

    @staticmethod
    def _take_marks(known: _Known, page: PageMarks) -> None:
        known.pages[page.sha256] = page
        there = {mark.mark_id for mark in page.marks}
        for mark_id in there & known.drawn.keys():
            del known.drawn[mark_id]
