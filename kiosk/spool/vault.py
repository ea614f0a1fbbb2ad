"""Encrypted files in a bounded folder."""

import logging
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.spool.disk import FULL, Disk, DiskFullError

log = logging.getLogger(__name__)

NONCE = 12


class Vault:
    """AES-256-GCM files; each is bound to its name, so none can stand in for another."""

    def __init__(self, folder: Path, key: bytes, disk: Disk) -> None:
        self.folder = folder
        self._cipher, self._disk = AESGCM(key), disk
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def write(self, name: str, data: bytes) -> None:
        """Keep `data` under `name`, whole or not at all.

        Raises:
            DiskFullError: there is no room.
        """
        nonce = os.urandom(NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, data, name.encode())
        try:
            self._disk.write(self.folder / name, sealed)
        except OSError as error:
            if error.errno in FULL:
                raise DiskFullError(str(error)) from error
            raise

    def read(self, name: str) -> bytes | None:
        """What is kept under `name`; null when it is missing or not ours any more."""
        try:
            sealed = (self.folder / name).read_bytes()
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], name.encode())
        except FileNotFoundError:
            return None
        except (InvalidTag, ValueError):
            log.warning("spool file %s cannot be opened with this key", name)
            return None

    def shred(self, name: str) -> None:
        """Delete, so that nothing can be read back."""
        self._disk.shred(self.folder / name)

    def names(self) -> list[str]:
        """Everything kept, as paths below the folder."""
        return sorted(
            str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file()
        )

    def size(self) -> int:
        """Bytes on the disk."""
        return sum((self.folder / name).stat().st_size for name in self.names())

    def free(self) -> int:
        """Bytes the disk still has."""
        return self._disk.free(self.folder)
