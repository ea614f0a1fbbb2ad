"""Papers while talking: what lies on the resident's screen, and what both sides draw on a page.

Marks are kept with the consultation and can be taken back by the side that drew them. Points are
fractions of the upright, flattened page: (0, 0) is its top left, (1, 1) its bottom right, however
large a screen shows it and whichever way it is turned. The pointer, which only moves, is not kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from center.domain import events as ev
from center.domain.consultation import Consultation
from center.domain.errors import Conflict, Forbidden, NotFound
from center.protocol.words import Language, MarkKind, PeerRole

MARKS_A_PAGE = 40
"""More would hide the page, and a page's marks go over the wire together."""

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Something that was put on the resident's screen: the page `sha256`, turned by `rotation`
    degrees clockwise, or a `text` in `language`."""

    sheet_id: str
    consultation_id: str
    shown_at: datetime
    sha256: str | None = None
    rotation: int = 0
    text: str | None = None
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Something drawn on the page `sha256`. Two points of a circle or highlight are the corners of
    its box, those of ink a line. One taken back keeps its id and nothing of its shape."""

    mark_id: str
    consultation_id: str
    sha256: str
    author: PeerRole
    kind: MarkKind
    points: Points
    made_at: datetime
    taken_back: bool = False


def on_screen(c: Consultation, event: ev.SheetEvent) -> Consultation:
    """The consultation after a sheet was shown or closed; closing one that is not there (any more)
    is nothing."""
    if isinstance(event, ev.SheetShown):
        return replace(c, sheet_id=event.sheet_id)
    return replace(c, sheet_id=None) if c.sheet_id == event.sheet_id else c


def drawn(marks: Sequence[Mark], mark: Mark) -> bool:
    """Whether `mark` is new among those of its consultation; the very same again is not.

    Raises:
        Conflict: its id belongs to another mark, or the page is full.
    """
    known = next((m for m in marks if m.mark_id == mark.mark_id), None)
    if known is not None:
        if (known.sha256, known.author) != (mark.sha256, mark.author):
            raise Conflict(f"{mark.mark_id} is somebody else's mark")
        return False
    if sum(m.sha256 == mark.sha256 and not m.taken_back for m in marks) >= MARKS_A_PAGE:
        raise Conflict(f"{MARKS_A_PAGE} marks are on the page")
    return True


def taken_back(marks: Sequence[Mark], mark_id: str, author: PeerRole) -> Mark | None:
    """The mark as it is kept after its author took it back; None when that was done already.

    Raises:
        NotFound: there is no such mark.
        Forbidden: the other side drew it.
    """
    mark = next((m for m in marks if m.mark_id == mark_id), None)
    if mark is None:
        raise NotFound(f"mark {mark_id}")
    if mark.author is not author:
        raise Forbidden(f"{mark_id} was drawn by the other side")
    return None if mark.taken_back else replace(mark, points=(), taken_back=True)
