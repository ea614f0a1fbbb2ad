"""The center's seal: its signing key on this disk, and sealed PDFs made with it."""

import asyncio
import json
import os
import tempfile
from pathlib import Path

from center.services.office import SealPage, SealRequest
from center.store.cipher import Cipher, derive_key
from scanner.document import PdfPage
from scanner.seal import Manifest, ManifestPage, Signer, seal

FILE = "signer"
"""Key and certificate, sealed under the center's secret; made once, never replaced."""

COMMON_NAME = "Jiujin mediation center"


class PdfSealer:
    """`office.Sealer`; signing runs off the event loop."""

    def __init__(self, folder: Path, secret: str) -> None:
        """Load the key, or make it at the first start.

        Raises:
            Tampered: the key was written under another secret, or altered.
        """
        cipher = Cipher(derive_key(secret, "seal key"))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (folder / FILE).exists():
            _keep(folder, cipher, Signer.create(COMMON_NAME))
        self._signer = _load(folder, cipher)

    async def seal(self, document: SealRequest) -> bytes:
        """The signed PDF of all pages with their originals attached."""
        return await asyncio.to_thread(self._seal, document)

    async def certificate(self) -> str:
        """PEM."""
        return self._signer.cert_pem.decode()

    def _seal(self, document: SealRequest) -> bytes:
        pages = [
            PdfPage(part.original, part.clean, part.page.captured_at) for part in document.pages
        ]
        return seal(pages, _manifest(document), self._signer)


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


def _keep(folder: Path, cipher: Cipher, signer: Signer) -> None:
    """Write the whole file under a passing name, then link it: of two starters one is first."""
    pems = {"key": signer.key_pem.decode(), "certificate": signer.cert_pem.decode()}
    descriptor, name = tempfile.mkstemp(dir=folder)  # readable by its owner only
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(cipher.seal(json.dumps(pems).encode(), FILE))
            file.flush()
            os.fsync(file.fileno())
        try:
            (folder / FILE).hardlink_to(name)
        except FileExistsError:
            return
    finally:
        Path(name).unlink()


def _load(folder: Path, cipher: Cipher) -> Signer:
    pems = json.loads(cipher.open((folder / FILE).read_bytes(), FILE))
    return Signer.load(pems["key"].encode(), pems["certificate"].encode())
