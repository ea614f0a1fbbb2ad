"""Papers while talking, as they are pushed."""

from center.protocol.papers import MarksPush, PapersView, SheetPush
from center.realtime.registry import Link


def send_papers(link: Link, consultation_id: str, papers: PapersView, seq: int) -> None:
    """The sheet, then each page's marks; what the link was sent already is left out."""
    frames: tuple[SheetPush | MarksPush, ...] = (
        SheetPush(seq=seq, consultation_id=consultation_id, view=papers.sheet),
        *(MarksPush(seq=seq, consultation_id=consultation_id, page=page) for page in papers.pages),
    )
    for frame in frames:
        page = frame.page.sha256 if isinstance(frame, MarksPush) else "sheet"
        content = frame.model_copy(update={"seq": 0})
        link.connection.send_view(f"papers {consultation_id} {page}", frame, content)
