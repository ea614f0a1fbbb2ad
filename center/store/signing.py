"""Sealed PDFs as the scanner makes them. Imported when first needed: PDF and signature libraries
take longer to load than all the rest of the center."""

import logging

from center.services.mediation_ports import AgreementRequest
from center.services.office import SealPage, SealRequest
from center.store.agreement_pages import DPI, agreement_pages
from scanner.document import PdfPage
from scanner.errors import StampUnavailable
from scanner.manifest import text_sha256
from scanner.seal import Manifest, ManifestPage, Signer, seal
from scanner.text import PageText

log = logging.getLogger(__name__)

COMMON_NAME = "Jiujin mediation center"


def new_key() -> tuple[str, str]:
    """A fresh key and its certificate, PEM."""
    signer = Signer.create(COMMON_NAME)
    return signer.key_pem.decode(), signer.cert_pem.decode()


def sign(document: SealRequest, key: str, certificate: str, stamp_url: str | None) -> bytes:
    """The PDF with its signed manifest. A time-stamp server that does not answer keeps nobody from
    the document: it is sealed without a stamp, and the log says so."""
    pages = [_pdf_page(part) for part in document.pages]
    return _sealed(pages, _manifest(document), key, certificate, stamp_url)


def _sealed(
    pages: list[PdfPage], manifest: Manifest, key: str, certificate: str, stamp_url: str | None
) -> bytes:
    signer = Signer.load(key.encode(), certificate.encode())
    try:
        return seal(pages, manifest, signer, stamp_url)
    except StampUnavailable as error:
        log.warning("%s is sealed without a time stamp: %s", manifest.number, error)
        return seal(pages, manifest, signer)


def sign_agreement(
    agreement: AgreementRequest, key: str, certificate: str, stamp_url: str | None
) -> bytes:
    """The agreement's own pages, sealed as scanned ones are, and behind them the signers' pictures
    as they were taken."""
    made_at = agreement.made_at
    pages = [
        PdfPage(page.jpeg, page.jpeg, made_at, text=page.text, dpi=DPI)
        for page in agreement_pages(agreement)
    ]
    pages += [
        PdfPage(photo.jpeg, photo.jpeg, photo.at, dpi=DPI)
        for photo in agreement.photos.values()
        if photo.jpeg is not None
    ]
    manifest = Manifest(
        number=agreement.number,
        kiosk=agreement.mediator.seat_id,
        hall=agreement.mediator.place,
        township=agreement.city,
        sealed_at=made_at,
        pages=tuple(
            ManifestPage.of(
                place,
                page.original_jpeg,
                page.clean_jpeg,
                page.captured_at,
                None if page.text is None else page.text.text,
            )
            for place, page in enumerate(pages, start=1)
        ),
    )
    return _sealed(pages, manifest, key, certificate, stamp_url)


def _pdf_page(part: SealPage) -> PdfPage:
    return PdfPage(part.original, part.clean, part.page.captured_at, text=_text(part))


def _text(part: SealPage) -> PageText | None:
    return None if part.text is None else PageText.from_json(part.text)


def _manifest(document: SealRequest) -> Manifest:
    return Manifest(
        number=document.number,
        kiosk=document.kiosk.kiosk_id,
        hall=f"{document.city} {document.kiosk.hall}",
        township=document.kiosk.township,
        sealed_at=document.made_at,
        pages=tuple(
            _manifest_page(place, part) for place, part in enumerate(document.pages, start=1)
        ),
    )


def _manifest_page(place: int, part: SealPage) -> ManifestPage:
    text = _text(part)
    return ManifestPage(
        position=place,
        sha256=part.page.sha256,
        captured_at=part.page.captured_at,
        clean_sha256=part.page.clean_sha256,
        text_sha256=None if text is None else text_sha256(text.text),
    )
