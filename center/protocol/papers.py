"""Papers while talking: what lies on the resident's screen, marks on a page, and the pointer.

Points are fractions of the upright, flattened page from its top left, whichever way a screen turns
it and however large it shows it.
"""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from .base import Id, Sha256, Timestamp, WireModel
from .frames import Push, Request
from .words import Language, MarkKind, PeerRole

INK_POINTS = 64
"""Most points of a line; a page's marks stay far below the limit of a frame."""

SHEET_TEXT = 600
"""Most characters of a text on the resident's screen: it is read standing."""

POINTER_PERIOD_S = 0.05
"""A page sends its pointer no more often than this, and the newest place wins, seconds."""

Fraction = Annotated[float, Field(ge=0, le=1), AfterValidator(lambda value: round(value, 4))]
Point = tuple[Fraction, Fraction]
Rotation = Literal[0, 90, 180, 270]
SheetText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=SHEET_TEXT)
]


class Drawing(WireModel):
    """What a mark looks like: a circle or highlight by two corners of its box, ink by its line."""

    mark_id: Id
    sha256: Sha256 = Field(description="Original capture of the page it is drawn on.")
    kind: MarkKind
    points: tuple[Point, ...] = Field(min_length=2, max_length=INK_POINTS)

    @model_validator(mode="after")
    def _two_corners(self) -> Self:
        if self.kind is not MarkKind.INK and len(self.points) != 2:
            raise ValueError(f"a {self.kind} has two corners")
        return self


class PageMark(Drawing):
    """A mark and who drew it."""

    author: PeerRole


class PageSheet(WireModel):
    """A page of the consultation, turned by `rotation` degrees clockwise."""

    show: Literal["page"]
    sha256: Sha256
    rotation: Rotation


class TextSheet(WireModel):
    """Words in large type, in the language that the lawyer chose."""

    show: Literal["text"]
    text: SheetText
    language: Language


Sheet = Annotated[PageSheet | TextSheet, Field(discriminator="show")]


class SheetView(WireModel):
    """What lies on the resident's screen; `sheet_id` is another each time something is shown."""

    sheet_id: Id
    shown_at: Timestamp
    sheet: Sheet


class PageMarks(WireModel):
    """All marks on one page, oldest first."""

    sha256: Sha256
    marks: tuple[PageMark, ...]


class PapersView(WireModel):
    """Everything of a consultation's papers beside the pages themselves."""

    sheet: SheetView | None
    pages: tuple[PageMarks, ...] = Field(description="Pages that were ever drawn on.")

    def marks_of(self, sha256: str) -> Sequence[PageMark]:
        """The marks on one page."""
        return next((page.marks for page in self.pages if page.sha256 == sha256), ())


# --- both sides to the center -----------------------------------------------------------------


class MarkPut(Request):
    """Draw on a page. Repeating a `mark_id` changes nothing."""

    type: Literal["mark.put"] = "mark.put"
    consultation_id: Id
    mark: Drawing


class MarkTakeBack(Request):
    """Take back a mark that this side drew."""

    type: Literal["mark.take_back"] = "mark.take_back"
    consultation_id: Id
    mark_id: Id


class SheetClose(Request):
    """Take this sheet off the resident's screen; nothing happens when another lies there."""

    type: Literal["sheet.close"] = "sheet.close"
    consultation_id: Id
    sheet_id: Id


class PointerMove(Request):
    """Where this side points on a page; null takes the pointer away. Never stored."""

    type: Literal["pointer.move"] = "pointer.move"
    room_id: Id
    sha256: Sha256
    at: Point | None


# --- the lawyer to the center -----------------------------------------------------------------


class SheetShow(Request):
    """Put a page of the consultation, or a text, on the resident's screen."""

    type: Literal["sheet.show"] = "sheet.show"
    consultation_id: Id
    sheet: Sheet


# --- the center to both sides -----------------------------------------------------------------


class SheetPush(Push):
    """What lies on the resident's screen now; null for nothing."""

    type: Literal["sheet.state"] = "sheet.state"
    consultation_id: Id
    view: SheetView | None


class MarksPush(Push):
    """All marks on one page, sent whole at each change."""

    type: Literal["marks.state"] = "marks.state"
    consultation_id: Id
    page: PageMarks


class PointerMoved(WireModel):
    """Where the other side points; only the newest place reaches a slow reader."""

    type: Literal["pointer.moved"] = "pointer.moved"
    room_id: Id
    sender: Id
    sha256: Sha256
    at: Point | None
