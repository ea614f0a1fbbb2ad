"""The center's seal: its signing key on this disk, and sealed PDFs made with it."""

import asyncio
import json
import os
import tempfile
from pathlib import Path

from center.services.mediation_ports import AgreementRequest
from center.services.office import SealRequest
from center.store.cipher import Cipher, derive_key

FILE = "signer"
"""Key and certificate, sealed under the center's secret; made once, never replaced."""


class PdfSealer:
    """`office.Sealer`; signing runs off the event loop."""

    def __init__(self, folder: Path, secret: str, stamp_url: str | None = None) -> None:
        """Read the key, or make it at the first start. `stamp_url`: of an RFC 3161 server.

        Raises:
            Tampered: the key was written under another secret, or altered.
        """
        cipher = Cipher(derive_key(secret, "seal key"))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (folder / FILE).exists():
            _make(folder, cipher)
        pems = json.loads(cipher.open((folder / FILE).read_bytes(), FILE))
        self._key, self._certificate = pems["key"], pems["certificate"]
        self._stamp_url = stamp_url

    async def seal(self, document: SealRequest) -> bytes:
        """The signed PDF/A of all pages with their originals inside."""
        return await asyncio.to_thread(self._seal, document)

    async def seal_agreement(self, agreement: AgreementRequest) -> bytes:
        """The signed PDF/A of an agreement."""
        return await asyncio.to_thread(self._seal_agreement, agreement)

    async def certificate(self) -> str:
        """PEM."""
        return str(self._certificate)

    def pems(self) -> tuple[str, str]:
        """Key and certificate, for what else is signed in the center's name."""
        return self._key, self._certificate

    def _seal_agreement(self, agreement: AgreementRequest) -> bytes:
        from center.store.signing import sign_agreement  # noqa: PLC0415 - it takes long to load

        return sign_agreement(agreement, self._key, self._certificate, self._stamp_url)

    def _seal(self, document: SealRequest) -> bytes:
        from center.store.signing import sign  # noqa: PLC0415 - it takes long to load

        return sign(document, self._key, self._certificate, self._stamp_url)


def _make(folder: Path, cipher: Cipher) -> None:
    """Write the whole file under a passing name, then link it: of two starters one is first."""
    from center.store.signing import new_key  # noqa: PLC0415 - it takes long to load

    key, certificate = new_key()
    pems = {"key": key, "certificate": certificate}
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
