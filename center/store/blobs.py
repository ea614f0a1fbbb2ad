"""Content-addressed files: each named by the SHA-256 of what it holds, encrypted, written whole.

A write goes to a temporary file, is forced to disk, and is then renamed into place, so a name that
exists is a blob that is complete. Writing the same bytes twice changes nothing.
"""

import asyncio
import contextlib
import errno
import hashlib
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from center.domain.errors import BlobMissing, HashMismatch, StorageFull
from center.store.cipher import Cipher, Tampered

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


class FileBlobs:
    """Blobs in a folder of this machine; the disk is touched off the event loop."""

    def __init__(self, root: Path, cipher: Cipher) -> None:
        self._root = root
        self._cipher = cipher
        self._partial = root / "partial"
        self._partial.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep()

    async def put(self, sha256: str, data: bytes) -> None:
        """Keep `data` under its hash; returns when it is on the disk.

        Raises:
            HashMismatch: `data` has another hash.
            StorageFull: no room; nothing was changed.
        """
        await asyncio.to_thread(self._put, sha256, data)

    async def get(self, sha256: str) -> bytes:
        """The bytes, checked against their name.

        Raises:
            BlobMissing: nothing has this hash.
            Tampered: what the disk holds is not what was put.
        """
        return await asyncio.to_thread(self._get, sha256)

    async def has(self, sha256: str) -> bool:
        """Whether a complete blob has this hash."""
        return await asyncio.to_thread(self._path(sha256).is_file)

    async def delete(self, sha256: str, before: datetime | None = None) -> bool:
        """Forget a blob, with `before` only if it was not put (again) since; whether it was
        there. One that is not there is no error."""
        return await asyncio.to_thread(self._delete, self._path(sha256), before)

    async def put_before(self, moment: datetime) -> tuple[str, ...]:
        """Blobs that were put (again) before this moment."""
        return await asyncio.to_thread(self._put_before, moment)

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("not a lower-case SHA-256 in hex")
        return self._root / sha256[:2] / sha256

    def _put(self, sha256: str, data: bytes) -> None:
        if hashlib.sha256(data).hexdigest() != sha256:
            raise HashMismatch(sha256)
        path = self._path(sha256)
        with contextlib.suppress(FileNotFoundError):
            os.utime(path)
            return
        try:
            self._write_whole(path, self._cipher.seal(data, sha256))
        except OSError as error:
            if error.errno in _NO_SPACE:
                raise StorageFull(f"no room for {len(data)} bytes") from error
            raise

    def _write_whole(self, path: Path, sealed: bytes) -> None:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self._partial)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            Path(name).rename(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        _sync_folder(self._root)

    def _get(self, sha256: str) -> bytes:
        try:
            sealed = self._path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise BlobMissing(sha256) from error
        data = self._cipher.open(sealed, sha256)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Tampered(sha256)
        return data

    def _delete(self, path: Path, before: datetime | None) -> bool:
        try:
            if before is not None and _put_at(path) >= before:
                return False
            path.unlink()
        except FileNotFoundError:
            return False
        return True

    def _put_before(self, moment: datetime) -> tuple[str, ...]:
        names = (path for path in self._root.glob("[0-9a-f][0-9a-f]/*") if path.is_file())
        return tuple(sorted(path.name for path in names if _put_at(path) < moment))

    def _sweep(self) -> None:
        """Remove what a killed process left half written."""
        for leftover in self._partial.iterdir():
            leftover.unlink(missing_ok=True)


def _put_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _sync_folder(folder: Path) -> None:
    """A rename is on the disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
