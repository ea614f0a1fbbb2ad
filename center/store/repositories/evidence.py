"""Page records, sealed documents, and what their time has come to delete."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from center.domain.records import Page
from center.services.office import SealedDocument
from center.store.cipher import Cipher
from center.store.repositories.mapping import conflicts, picked, values
from center.store.tables.calls import ConfidenceRow, ConsultationRow
from center.store.tables.evidence import DocumentRow, PageRow


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
        query = select(PageRow).where(PageRow.consultation_id == consultation_id)
        rows = (await self._session.exec(query.order_by(col(PageRow.position)))).all()
        return tuple(map(self._page, rows))

    def _page(self, row: PageRow) -> Page:
        known = picked(row, Page)
        known["codes"] = tuple(json.loads(self._cipher.open(row.codes, row.consultation_id)))
        known["verdict"] = tuple(row.verdict)
        known["quad"] = row.quad and tuple((x, y) for x, y in row.quad)
        return Page(**known)


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
        await self._session.exec(delete(PageRow).where(old))
        pictures = {name for page in pages for name in (page.sha256, page.clean_sha256)}
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
        return len(doomed)

    async def _still_named(self, pictures: Sequence[str]) -> set[str]:
        """Pictures that a younger page holds as well."""
        original, clean = col(PageRow.sha256), col(PageRow.clean_sha256)
        query = select(PageRow).where(or_(original.in_(pictures), clean.in_(pictures)))
        rows = (await self._session.exec(query)).all()
        return {name for row in rows for name in (row.sha256, row.clean_sha256)}
