"""Pages as evidence: in by hash from the consultation's kiosk, out to its lawyer only."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from center.domain.consultation import Consultation
from center.domain.errors import (
    BlobMissing,
    HashMismatch,
    ImageTooLarge,
    NotAnImage,
    NotFound,
)
from center.domain.records import Page
from center.protocol.base import PAGE_LIMIT
from center.protocol.papers import PapersView
from center.protocol.rest import BlobStored, PageRecord, PageStored
from center.protocol.views import StaffView
from center.protocol.words import ConsultationState, PageStage, Role
from center.services.audit import entry
from center.services.base import of_kiosk, staff_actor
from center.services.hands import require_in_hand
from center.services.office import (
    OfficeWork,
    OfficeWorkFactory,
    SealedDocument,
    Sealer,
    SealPage,
    SealRequest,
)
from center.services.pages import keep, page_of, require_whole
from center.services.papers import papers_view
from center.services.ports import JPEG, BlobStore, Clock
from center.services.previews import Previews
from center.services.transactions import Ledger, Transactions
from center.services.views import page_view

PictureKind = Literal["clean", "original", "preview"]

CheckPicture = Callable[[bytes], None]
"""Reads the header only. Raises NotAnImage, ImageTruncated, ImageTooLarge."""


@dataclass(frozen=True, slots=True)
class Vault:
    """Where pictures lie, and what is done to them on the way in and out."""

    blobs: BlobStore
    check_picture: CheckPicture
    preview: Callable[[bytes], bytes]
    sealer: Sealer


class Evidence:
    """Use cases of pages and sealed documents."""

    def __init__(
        self,
        work: OfficeWorkFactory,
        transactions: Transactions,
        clock: Clock,
        vault: Vault,
        city: str,
    ) -> None:
        self._work = work
        self._transactions = transactions
        self._clock = clock
        self._vault = vault
        self._previews = Previews(vault.blobs, vault.preview)
        self._city = city

    async def put_blob(self, kiosk_id: str, sha256: str, data: bytes) -> BlobStored:
        """Keep a picture under its hash; again is harmless.

        Raises:
            HashMismatch, NotAnImage, ImageTruncated, ImageTooLarge: nothing was kept.
            StorageFull: the disk has no room.
        """
        await asyncio.to_thread(self._check, sha256, data, kiosk_id)
        await self._vault.blobs.put(sha256, data)
        return BlobStored(sha256=sha256, size=len(data))

    async def has_blob(self, sha256: str) -> bool:
        """Whether a picture is kept, all of it."""
        return await self._vault.blobs.has(sha256)

    async def register_page(
        self, kiosk_id: str, consultation_id: str, sha256: str, record: PageRecord
    ) -> PageStored:
        """Add a page as far as its pictures are kept, or note that more of them are; again is
        harmless. When the answer says that it is whole, the kiosk may forget the page.

        Raises:
            BlobMissing: not even its small picture was stored.
            NotAnImage: the flattened picture is no JPEG, as documents need it.
            NotFound: the kiosk has no such consultation.
            IllegalTransition: the resident left before.
        """
        stage = await self._stage(sha256, record)
        if record.preview_sha256 is None:
            self._previews.begin(record.clean_sha256)

        async def work(ledger: Ledger) -> PageStored:
            consultation = await of_kiosk(ledger, kiosk_id, consultation_id)
            arrived = page_of(consultation_id, sha256, record, stage, ledger.now)
            page = await keep(ledger, consultation, arrived)
            seq = await ledger.uow.events.last_seq(f"consultation:{consultation_id}")
            return PageStored(seq=seq, page=page_view(page))

        return await self._transactions.run(work)

    async def picture(
        self, staff: StaffView, consultation_id: str, position: int, kind: PictureKind
    ) -> bytes:
        """A page's picture, as captured, flattened, or flattened and small; the reading is audited
        first, that of a preview as one of the flattened page.

        Raises:
            NotFound: no such consultation or page.
            Forbidden: the consultation is and was not in this person's hands.
        """
        async with self._work() as work:
            await _require_in_hand(work, staff, consultation_id)
            pages = {page.position: page for page in await work.pages.of(consultation_id)}
            if position not in pages:
                raise NotFound(f"page {position} of {consultation_id}")
            page = pages[position]
            read = "original" if kind == "original" else "clean"
            await self._audit(work, staff, f"page.{read}", consultation_id, f"page {position}")
            await work.commit()
        if kind == "preview":
            return await self._preview(page)
        return await self._vault.blobs.get(page.sha256 if kind == "original" else page.clean_sha256)

    async def _preview(self, page: Page) -> bytes:
        """The kiosk's; made here where it sent none."""
        sent = page.preview_sha256
        if sent is not None and await self._vault.blobs.has(sent):
            return await self._vault.blobs.get(sent)
        return await self._previews.get(page.clean_sha256)

    async def marks(self, staff: StaffView, consultation_id: str) -> PapersView:
        """What was drawn on the pages; the reading is audited.

        Raises:
            NotFound: no such consultation.
            Forbidden: the consultation is and was not in this person's hands.
        """
        async with self._work() as work:
            consultation = await _require_in_hand(work, staff, consultation_id)
            view = await papers_view(work, consultation)
            await self._audit(work, staff, "marks", consultation_id, f"{len(view.pages)} pages")
            await work.commit()
        return view

    async def document(self, staff: StaffView, consultation_id: str) -> bytes:
        """All pages as one sealed PDF; made once and kept until a page comes or is read.

        Raises:
            NotFound: no such consultation, or it has no pages.
            BlobMissing: the originals of some pages are still on their way; it says of which.
            Forbidden: the consultation is and was not in this person's hands.
        """
        async with self._work() as work:
            consultation = await _require_in_hand(work, staff, consultation_id)
            pages = await work.pages.of(consultation_id)
            require_whole(consultation_id, pages)
            texts = await work.texts.of(consultation_id)
            known = await work.documents.get(consultation_id)
            await self._audit(work, staff, "document", consultation_id, f"{len(pages)} pages")
            await work.commit()
        digest = _digest(pages, texts)
        if known and known.pages_digest == digest and await self._vault.blobs.has(known.sha256):
            return await self._vault.blobs.get(known.sha256)
        request = await self._request(consultation, pages, texts)
        return await self._seal(consultation.id, request, digest, known)

    async def seal_certificate(self) -> str:
        """The certificate that this center's seals are checked against, PEM."""
        return await self._vault.sealer.certificate()

    async def _stage(self, original: str, record: PageRecord) -> PageStage:
        """How much of the page is kept. Raises BlobMissing, NotAnImage."""
        blobs, small = self._vault.blobs, record.preview_sha256
        if await blobs.has(record.clean_sha256):
            if not (await blobs.get(record.clean_sha256)).startswith(JPEG):
                raise NotAnImage("the flattened picture is no JPEG")
            return PageStage.WHOLE if await blobs.has(original) else PageStage.CLEAN
        if small is None or not await blobs.has(small):
            raise BlobMissing(small or record.clean_sha256)
        return PageStage.PREVIEW

    def _check(self, sha256: str, data: bytes, kiosk_id: str) -> None:
        if len(data) > PAGE_LIMIT:
            raise ImageTooLarge(f"{kiosk_id} sent {len(data)} bytes")
        if hashlib.sha256(data).hexdigest() != sha256:
            raise HashMismatch(f"{kiosk_id} sent other bytes than {sha256}")
        self._vault.check_picture(data)

    async def _seal(
        self,
        consultation_id: str,
        request: SealRequest,
        digest: str,
        stale: SealedDocument | None,
    ) -> bytes:
        pdf = await self._vault.sealer.seal(request)
        name = hashlib.sha256(pdf).hexdigest()
        await self._vault.blobs.put(name, pdf)
        async with self._work() as work:
            made = SealedDocument(consultation_id, digest, name, request.made_at)
            await work.documents.save(made)
            await work.commit()
        if stale and stale.sha256 != name:
            await self._vault.blobs.delete(stale.sha256)
        return pdf

    async def _request(
        self, consultation: Consultation, pages: tuple[Page, ...], texts: Mapping[str, str]
    ) -> SealRequest:
        async with self._work() as work:
            kiosk = await work.kiosks.get(consultation.kiosk_id)
        get = self._vault.blobs.get
        return SealRequest(
            number=consultation.number,
            kiosk=kiosk,
            city=self._city,
            made_at=self._clock.now(),
            pages=tuple(
                [
                    SealPage(p, await get(p.sha256), await get(p.clean_sha256), texts.get(p.sha256))
                    for p in pages
                ]
            ),
        )

    async def _audit(
        self, work: OfficeWork, staff: StaffView, what: str, subject: str, detail: str
    ) -> None:
        actor = staff_actor(staff.staff_id)
        await work.audit.add(entry(self._clock.now(), actor, f"read.{what}", subject, detail))


async def _require_in_hand(
    work: OfficeWork, staff: StaffView, consultation_id: str
) -> Consultation:
    """A message is in the hands of everybody who may answer it."""
    consultation = await work.consultations.get(consultation_id)
    answers = staff.role in (Role.LAWYER, Role.MEDIATOR)
    if answers and consultation.state is ConsultationState.MESSAGE:
        return consultation
    await require_in_hand(work, staff.staff_id, consultation_id)
    return consultation


def _digest(pages: tuple[Page, ...], texts: Mapping[str, str]) -> str:
    """Changes with any page, with their order, and when another was read."""
    lines = [
        f"{page.position} {page.sha256} {page.clean_sha256} {page.sha256 in texts}"
        for page in pages
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
