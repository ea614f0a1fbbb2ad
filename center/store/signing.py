"""Sealed PDFs as the scanner makes them. Imported when first needed: PDF and signature libraries
take longer to load than all the rest of the center."""

from center.services.office import SealPage, SealRequest
from scanner.document import PdfPage
from scanner.seal import Manifest, ManifestPage, Signer, seal

COMMON_NAME = "Jiujin mediation center"


def new_key() -> tuple[str, str]:
    """A fresh key and its certificate, PEM."""
    signer = Signer.create(COMMON_NAME)
    return signer.key_pem.decode(), signer.cert_pem.decode()


def sign(document: SealRequest, key: str, certificate: str) -> bytes:
    """The PDF with its signed manifest."""
    pages = [PdfPage(part.original, part.clean, part.page.captured_at) for part in document.pages]
    signer = Signer.load(key.encode(), certificate.encode())
    return seal(pages, _manifest(document), signer)


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
    return ManifestPage(
        position=place,
        sha256=part.page.sha256,
        captured_at=part.page.captured_at,
        clean_sha256=part.page.clean_sha256,
    )
