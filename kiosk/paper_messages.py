"""Papers while talking, between kiosk page and agent: the lawyer's sheet, marks, pointers."""

from typing import Literal

from center.protocol.base import Id, Sha256, WireModel
from center.protocol.papers import Drawing, PageMarks, Point, SheetView


class PageDraw(WireModel):
    """The resident drew with a finger; kept until the center has it."""

    type: Literal["page.draw"] = "page.draw"
    mark: Drawing


class PageTakeBack(WireModel):
    """The resident takes back a mark of their own."""

    type: Literal["page.take_back"] = "page.take_back"
    mark_id: Id


class PagePoint(WireModel):
    """Where the finger is; null when it was lifted. At most every 50 ms."""

    type: Literal["page.point"] = "page.point"
    sha256: Sha256
    at: Point | None


class PageCloseSheet(WireModel):
    """The resident has seen enough of what the lawyer shows."""

    type: Literal["page.close_sheet"] = "page.close_sheet"
    sheet_id: Id


class PapersState(WireModel):
    """What the lawyer shows and what is drawn, sent whole; the picture of a page is at
    `/visit/sheets/{sha256}`."""

    type: Literal["papers.state"] = "papers.state"
    sheet: SheetView | None
    pages: tuple[PageMarks, ...]


class PapersPointer(WireModel):
    """Where the lawyer points; null when they point no more."""

    type: Literal["papers.pointer"] = "papers.pointer"
    sha256: Sha256
    at: Point | None
