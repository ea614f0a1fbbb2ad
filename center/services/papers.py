"""Papers while talking: the lawyer shows, both draw, either closes, and what was drawn is kept."""

from collections.abc import Sequence

from center.domain import papers
from center.domain.consultation import TALKING, Consultation
from center.domain.errors import IllegalTransition, NotFound
from center.domain.events import SheetClosed, SheetShown
from center.domain.papers import Mark, Sheet
from center.protocol import papers as wire
from center.protocol.words import PeerRole
from center.services.base import kiosk_actor, of_kiosk, of_staff, staff_actor
from center.services.ports import UnitOfWork
from center.services.transactions import Ledger, Transactions

MARKS_CHANGED = "marks_changed"
"""The kind of change that drawing makes; it is no event of the log."""


class Papers:
    """Use cases of both sides. `who` is a kiosk's or a staff member's id, as `side` says; each
    raises NotFound or Forbidden when `who` has no part in the consultation."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def show(self, staff_id: str, consultation_id: str, sheet: wire.Sheet) -> None:
        """Put a page or a text on the resident's screen, in place of what lies there.

        Raises:
            NotFound: the consultation has no such page.
            IllegalTransition: there is no talk.
        """

        async def work(ledger: Ledger) -> None:
            consultation = await of_staff(ledger, staff_id, consultation_id)
            made = _sheet(consultation, sheet, ledger)
            shown = SheetShown(made.sheet_id, await _position(ledger, made))
            await ledger.record(consultation, shown, staff_actor(staff_id))
            await ledger.uow.papers.add_sheet(made)

        await self._transactions.run(work)

    async def close(self, side: PeerRole, who: str, consultation_id: str, sheet_id: str) -> None:
        """Take a sheet off the screen; harmless when it is gone already."""

        async def work(ledger: Ledger) -> None:
            consultation, actor = await _part(ledger, side, who, consultation_id)
            if consultation.state in TALKING:
                await ledger.record(consultation, SheetClosed(sheet_id), actor)

        await self._transactions.run(work)

    async def draw(
        self, side: PeerRole, who: str, consultation_id: str, drawing: wire.Drawing
    ) -> None:
        """Keep a mark; again is harmless.

        Raises:
            NotFound: the consultation has no such page.
            IllegalTransition: there is no talk.
            Conflict: the page is full, or the id is another mark's.
        """

        async def work(ledger: Ledger) -> None:
            consultation = await _talking(ledger, side, who, consultation_id)
            await _require_page(ledger, consultation_id, drawing.sha256)
            mark = _mark(consultation_id, side, drawing, ledger)
            if papers.drawn(await ledger.uow.papers.marks(consultation_id), mark):
                await ledger.uow.papers.save_mark(mark)
                await ledger.announce(MARKS_CHANGED, consultation, kiosk=True)

        await self._transactions.run(work)

    async def take_back(self, side: PeerRole, who: str, consultation_id: str, mark_id: str) -> None:
        """Take back a mark of one's own side; again is harmless.

        Raises:
            NotFound: there is no such mark.
            Forbidden: the other side drew it.
            IllegalTransition: there is no talk.
        """

        async def work(ledger: Ledger) -> None:
            consultation = await _talking(ledger, side, who, consultation_id)
            marks = await ledger.uow.papers.marks(consultation_id)
            gone = papers.taken_back(marks, mark_id, side)
            if gone is not None:
                await ledger.uow.papers.save_mark(gone)
                await ledger.announce(MARKS_CHANGED, consultation, kiosk=True)

        await self._transactions.run(work)


async def papers_view(uow: UnitOfWork, consultation: Consultation) -> wire.PapersView:
    """The sheet and the marks of a consultation."""
    sheet = None
    if consultation.sheet_id is not None:
        sheet = await uow.papers.sheet(consultation.id, consultation.sheet_id)
    marks = await uow.papers.marks(consultation.id)
    drawn_on = dict.fromkeys(mark.sha256 for mark in marks)
    return wire.PapersView(
        sheet=_sheet_view(sheet) if sheet else None,
        pages=tuple(_page_marks(sha256, marks) for sha256 in drawn_on),
    )


async def _part(
    ledger: Ledger, side: PeerRole, who: str, consultation_id: str
) -> tuple[Consultation, str]:
    if side is PeerRole.KIOSK:
        return await of_kiosk(ledger, who, consultation_id), kiosk_actor(who)
    return await of_staff(ledger, who, consultation_id), staff_actor(who)


async def _talking(ledger: Ledger, side: PeerRole, who: str, consultation_id: str) -> Consultation:
    consultation, _ = await _part(ledger, side, who, consultation_id)
    if consultation.state not in TALKING:
        raise IllegalTransition(f"{consultation.state}: nobody looks at papers together")
    return consultation


async def _require_page(ledger: Ledger, consultation_id: str, sha256: str) -> int:
    """The page's position. Raises NotFound."""
    for page in await ledger.uow.pages.of(consultation_id):
        if page.sha256 == sha256:
            return page.position
    raise NotFound(f"{consultation_id} has no page {sha256}")


async def _position(ledger: Ledger, sheet: Sheet) -> int | None:
    if sheet.sha256 is None:
        return None
    return await _require_page(ledger, sheet.consultation_id, sheet.sha256)


def _sheet(consultation: Consultation, asked: wire.Sheet, ledger: Ledger) -> Sheet:
    """Named after the version that its showing makes, which nobody else can make as well."""
    named = (f"s{consultation.version + 1}", consultation.id, ledger.now)
    if isinstance(asked, wire.PageSheet):
        return Sheet(*named, sha256=asked.sha256, rotation=asked.rotation)
    return Sheet(*named, text=asked.text, language=asked.language)


def _mark(consultation_id: str, side: PeerRole, drawing: wire.Drawing, ledger: Ledger) -> Mark:
    return Mark(
        mark_id=drawing.mark_id,
        consultation_id=consultation_id,
        sha256=drawing.sha256,
        author=side,
        kind=drawing.kind,
        points=drawing.points,
        made_at=ledger.now,
    )


def _sheet_view(sheet: Sheet) -> wire.SheetView:
    shown: dict[str, object] = (
        {"show": "text", "text": sheet.text, "language": sheet.language}
        if sheet.sha256 is None
        else {"show": "page", "sha256": sheet.sha256, "rotation": sheet.rotation}
    )
    return wire.SheetView.model_validate(
        {"sheet_id": sheet.sheet_id, "shown_at": sheet.shown_at, "sheet": shown}
    )


def _page_marks(sha256: str, marks: Sequence[Mark]) -> wire.PageMarks:
    there = (mark for mark in marks if mark.sha256 == sha256 and not mark.taken_back)
    return wire.PageMarks(sha256=sha256, marks=tuple(map(_mark_view, there)))


def _mark_view(mark: Mark) -> wire.PageMark:
    return wire.PageMark(
        mark_id=mark.mark_id,
        sha256=mark.sha256,
        kind=mark.kind,
        points=mark.points,
        author=mark.author,
    )
