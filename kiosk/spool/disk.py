"""The one way the spool touches the disk, so that tests can fill it or cut it off."""

import errno
import os
from pathlib import Path
from typing import Protocol


class DiskFullError(Exception):
    """No room: the disk's end, the spool's limit or the reserve; nothing was changed."""


class Disk(Protocol):
    """Atomic files."""

    def write(self, path: Path, data: bytes) -> None:
        """Replace `path` whole or not at all.

        Raises:
            OSError: with `ENOSPC` when the disk is full.
        """

    def shred(self, path: Path) -> None:
        """Overwrite and delete; a missing file is fine."""

    def free(self, folder: Path) -> int:
        """Bytes that may still be written."""


class RealDisk:
    """Files of the operating system, on the platter before a call returns."""

    def write(self, path: Path, data: bytes) -> None:
        fresh = path.with_name(path.name + ".tmp")
        try:
            with os.fdopen(os.open(fresh, _CREATE, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)

    def shred(self, path: Path) -> None:
        if not path.is_file():
            return
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()

    def free(self, folder: Path) -> int:
        stat = os.statvfs(folder)
        return stat.f_bavail * stat.f_frsize


_CREATE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
