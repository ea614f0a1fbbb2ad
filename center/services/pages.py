"""Records of pages: each arrives small picture first, and grows until its original is here."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from center.domain.consultation import Consultation
from center.domain.errors import BlobMissing, NotFound
from center.domain.events import PageAdded, PageGrew
from center.domain.records import Page
from center.protocol.rest import PageRecord
from center.protocol.words import PageStage
from center.services.base import kiosk_actor
from center.services.transactions import Ledger


async def keep(ledger: Ledger, consultation: Consultation, arrived: Page) -> Page:
    """The page as it is known now: a new one, one of which more has arrived, or the same."""
    pages = await ledger.uow.pages.of(consultation.id)
    known = next((page for page in pages if page.sha256 == arrived.sha256), None)
    actor = kiosk_actor(consultation.kiosk_id)
    if known is None:
        page = replace(arrived, position=len(pages) + 1)
        await ledger.record(consultation, PageAdded(page.position, page.sha256, page.stage), actor)
        await ledger.uow.pages.add(page)
    elif _more(known, arrived):
        page = replace(known, stage=arrived.stage)
        await ledger.record(consultation, PageGrew(page.position, page.stage), actor)
        await ledger.uow.pages.grow(page)
    else:
        return known
    return page


def _more(known: Page, arrived: Page) -> bool:
    """Of the same pictures: a page is not exchanged for another one."""
    same = known.clean_sha256 == arrived.clean_sha256
    return same and arrived.stage.order > known.stage.order


def page_of(
    consultation_id: str, sha256: str, record: PageRecord, stage: PageStage, now: datetime
) -> Page:
    """Without a place yet."""
    return Page(
        consultation_id=consultation_id,
        position=0,
        sha256=sha256,
        clean_sha256=record.clean_sha256,
        preview_sha256=record.preview_sha256,
        stage=stage,
        captured_at=record.captured_at,
        received_at=now,
        width=record.width,
        height=record.height,
        sharpness=record.sharpness,
        quad=record.quad.points if record.quad else None,
        verdict=record.verdict,
        codes=record.codes,
    )


def require_whole(consultation_id: str, pages: Sequence[Page]) -> None:
    """Raises NotFound when there are no pages, BlobMissing while originals are on their way."""
    if not pages:
        raise NotFound(f"{consultation_id} has no pages")
    coming = [str(page.position) for page in pages if page.stage is not PageStage.WHOLE]
    if coming:
        raise BlobMissing(f"originals still on their way: pages {', '.join(coming)}")
