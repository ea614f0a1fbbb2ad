"""Page records, sealed documents, and what their time has come to delete."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, bindparam, delete, or_, tuple_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from center.domain.consultation import Consultation
from center.domain.records import Page
from center.protocol.words import ConsultationState, MediationState, PageStage
from center.services.office import SealedDocument
from center.services.ports import StoredEvent
from center.store.cipher import Cipher
from center.store.repositories.calls import consultation_of, row_of
from center.store.repositories.mapping import conflicts, picked, rows_of, values
from center.store.repositories.mediations import mediation_of
from center.store.tables.calls import ConfidenceRow, ConsultationRow
from center.store.tables.evidence import DocumentRow, PageRow, PageTextRow
from center.store.tables.log import EventRow
from center.store.tables.mediations import MediationRow
from center.store.tables.papers import MarkRow, SheetRow

PAGES: Table = PageRow.__table__  # type: ignore[attr-defined]
PAGES_OF = (
    PAGES.select()
    .where(PAGES.c.consultation_id == bindparam("consultation_id"))
    .order_by(PAGES.c.position)
)


class SqlPages:
    """`ports.Pages`; bar-code texts are sealed, bound to the consultation's id."""

    def __init__(self, session: AsyncSession, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    async def add(self, page: Page) -> bool:
        if await self._session.get(PageRow, (page.consultation_id, page.sha256)):
            return False
        codes = json.dumps(page.codes).encode()
        row = PageRow(**values(page) | {"codes": self._cipher.seal(codes, page.consultation_id)})
        self._session.add(row)
        with conflicts(f"page of {page.consultation_id}"):
            await self._session.flush()
        return True

    async def of(self, consultation_id: str) -> tuple[Page, ...]:
        rows = await rows_of(self._session, PAGES_OF, consultation_id=consultation_id)
        return tuple(page_of(row, self._cipher) for row in rows)

    async def grow(self, page: Page) -> None:
        row = await self._session.get_one(PageRow, (page.consultation_id, page.sha256))
        row.stage = page.stage
        await self._session.flush()


def page_of(row: PageRow | Row[Any], cipher: Cipher) -> Page:
    """The page of a row."""
    known = picked(row, Page)
    known["codes"] = tuple(json.loads(cipher.open(row.codes, row.consultation_id)))
    known["verdict"] = tuple(row.verdict)
    known["quad"] = row.quad and tuple((x, y) for x, y in row.quad)
    return Page(**known)


class SqlTexts:
    """`office.Texts`; sealed, bound to the consultation's id."""

    def __init__(self, session: AsyncSession, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    async def first_unread(self) -> Page | None:
        same = (col(PageTextRow.consultation_id) == col(PageRow.consultation_id)) & (
            col(PageTextRow.sha256) == col(PageRow.sha256)
        )
        unread = (
            select(PageRow)
            .outerjoin(PageTextRow, same)
            .where(col(PageTextRow.sealed).is_(None), col(PageRow.stage) != PageStage.PREVIEW)
        )
        query = unread.order_by(col(PageRow.received_at), col(PageRow.position)).limit(1)
        row = (await self._session.exec(query)).first()
        return page_of(row, self._cipher) if row else None

    async def keep(self, page: Page, text: str) -> None:
        sealed = self._cipher.seal(text.encode(), page.consultation_id)
        key = {"consultation_id": page.consultation_id, "sha256": page.sha256}
        await self._session.merge(PageTextRow(**key, sealed=sealed))

    async def of(self, consultation_id: str) -> dict[str, str]:
        query = select(PageTextRow).where(PageTextRow.consultation_id == consultation_id)
        rows = (await self._session.exec(query)).all()
        opened = {row.sha256: self._cipher.open(row.sealed, consultation_id) for row in rows}
        return {sha256: text.decode() for sha256, text in opened.items() if text}


class SqlDocuments:
    """`office.Documents`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, consultation_id: str) -> SealedDocument | None:
        row = await self._session.get(DocumentRow, consultation_id)
        return SealedDocument(**picked(row, SealedDocument)) if row else None

    async def save(self, document: SealedDocument) -> None:
        await self._session.merge(DocumentRow(**values(document)))


class SqlRetention:
    """`office.Retention`: deletes records; which blobs nobody names any more is told, not done."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def delete_pages(self, received_before: datetime) -> tuple[str, ...]:
        old = col(PageRow.received_at) < received_before
        pages = (await self._session.exec(select(PageRow).where(old))).all()
        owners = {page.consultation_id for page in pages}
        of_owners = col(DocumentRow.consultation_id).in_(owners)
        documents = (await self._session.exec(select(DocumentRow).where(of_owners))).all()
        await self._session.exec(delete(DocumentRow).where(of_owners))
        read = tuple_(col(PageTextRow.consultation_id), col(PageTextRow.sha256))
        gone = read.in_([(page.consultation_id, page.sha256) for page in pages])
        await self._session.exec(delete(PageTextRow).where(gone))
        await self._session.exec(delete(PageRow).where(old))
        pictures = {name for page in pages for name in _pictures(page)}
        kept = await self._still_named(sorted(pictures))
        return tuple(sorted((pictures - kept) | {document.sha256 for document in documents}))

    async def delete_confidences(self, requested_before: datetime) -> int:
        old = select(ConsultationRow.id).where(col(ConsultationRow.requested_at) < requested_before)
        found = col(ConfidenceRow.consultation_id).in_(old)
        doomed = (
            await self._session.exec(select(ConfidenceRow.consultation_id).where(found))
        ).all()
        await self._session.exec(
            delete(ConfidenceRow).where(found).execution_options(synchronize_session=False)
        )
        for table in (SheetRow, MarkRow):
            said = col(table.consultation_id).in_(old)
            await self._session.exec(
                delete(table).where(said).execution_options(synchronize_session=False)
            )
        return len(doomed)

    async def unnamed(self, blobs: Sequence[str]) -> tuple[str, ...]:
        named = await self._still_named(blobs)
        of_documents = select(DocumentRow.sha256).where(col(DocumentRow.sha256).in_(blobs))
        named |= set((await self._session.exec(of_documents)).all())
        agreed = col(MediationRow.agreement_sha256)
        concluded = (await self._session.exec(select(agreed).where(agreed.in_(blobs)))).all()
        named |= {name for name in concluded if name is not None}
        named |= await self._photos()
        return tuple(name for name in blobs if name not in named)

    async def named_people(
        self, requested_before: datetime, limit: int
    ) -> tuple[Consultation, ...]:
        query = select(ConsultationRow).where(
            col(ConsultationRow.requested_at) < requested_before,
            col(ConsultationRow.slip_code) != "",
            col(ConsultationRow.state).in_([ConsultationState.CLOSED, ConsultationState.LEFT]),
        )
        found = query.order_by(col(ConsultationRow.requested_at)).limit(limit)
        return tuple(map(consultation_of, (await self._session.exec(found)).all()))

    async def forget_people(
        self, consultation: Consultation, events: Sequence[StoredEvent]
    ) -> bool:
        row = row_of(consultation)
        same = (col(ConsultationRow.id) == consultation.id) & (
            col(ConsultationRow.version) == consultation.version
        )
        changed: Any = await self._session.exec(update(ConsultationRow).where(same).values(row))
        if changed.rowcount != 1:
            return False
        for event in events:
            entry = update(EventRow).where(col(EventRow.seq) == event.seq)
            await self._session.exec(entry.values(actor=event.actor, data=event.data))
        return True

    async def _photos(self) -> set[str]:
        """Of signers, as long as they may still go into a document."""
        under_way = select(MediationRow).where(MediationRow.state == MediationState.OPEN)
        rows = (await self._session.exec(under_way)).all()
        agreements = [mediation_of(row).agreement for row in rows]
        return {photo.sha256 for one in agreements for photo in one.photos if photo.sha256}

    async def _still_named(self, pictures: Sequence[str]) -> set[str]:
        """Pictures that a younger page holds as well."""
        kinds = (PageRow.sha256, PageRow.clean_sha256, PageRow.preview_sha256)
        query = select(PageRow).where(or_(*(col(kind).in_(pictures) for kind in kinds)))
        rows = (await self._session.exec(query)).all()
        return {name for row in rows for name in _pictures(row)}


def _pictures(page: PageRow) -> tuple[str, ...]:
    small = () if page.preview_sha256 is None else (page.preview_sha256,)
    return (page.sha256, page.clean_sha256, *small)
