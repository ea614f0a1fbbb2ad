"""A file that can only be read with the center's key, and says where it ends.

    header   magic, nonce, the file's own key wrapped under the center's (AES-256-GCM, name bound)
    chunk    length (4 bytes, big endian), AES-256-GCM ciphertext
    …
    end      an empty chunk of the last kind

The nonce of a chunk is its number and whether it is the last, as in the STREAM construction (Hoang,
Reyhanitabar, Rogaway, Vizár 2015): chunks cannot be changed, swapped, doubled or taken from another
file, and a file cut short is readable up to its last whole chunk, but is not `whole`.
"""

import errno
import os
import struct
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"JJREC\x00\x00\x01"
KEY, NONCE, TAG = 32, 12, 16
HEADER = len(MAGIC) + NONCE + KEY + TAG
LENGTH = struct.Struct(">I")
MAX_CHUNK = 1 << 20
"""Plain bytes in a chunk, at most."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DiskFullError(OSError):
    """No room for another chunk; the file ends with the one before."""


class TamperedError(ValueError):
    """The bytes are not what was written under this name and key."""


def _nonce(index: int, last: bool) -> bytes:
    return index.to_bytes(NONCE - 1, "big") + bytes([last])


class SealedWriter:
    """Appends chunks to a new file; each is on the disk when `append` returns, or, where
    `each_chunk` is false, all when `close` does.

    Raises:
        FileExistsError: there is a file of that path already.
        DiskFullError: there is no room, not even for the beginning.
    """

    def __init__(self, path: Path, key: bytes, name: str, *, each_chunk: bool = True) -> None:
        self._each_chunk = each_chunk
        file_key, nonce = AESGCM.generate_key(256), os.urandom(NONCE)
        wrapped = AESGCM(key).encrypt(nonce, file_key, MAGIC + name.encode())
        self._aead = AESGCM(file_key)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self._end = self._index = 0
        try:
            self._put(MAGIC + nonce + wrapped)
            sync_folder(path.parent)
        except OSError:
            self.abandon()
            path.unlink()  # nothing half done is left where there was no room to begin
            raise

    def append(self, plain: bytes) -> None:
        """Keep another chunk, whole or not at all.

        Raises:
            DiskFullError: there is no room.
        """
        self._put(self._chunk(self._index, plain))
        self._index += 1

    def reserve_first(self, size: int) -> None:
        """Leave room for a first chunk of `size` plain bytes, to be filled last."""
        self._end += LENGTH.size + size + TAG
        self._index += 1

    def fill_first(self, plain: bytes) -> None:
        """Write the chunk that room was left for.

        Raises:
            DiskFullError: there is no room.
        """
        self._put(self._chunk(0, plain), HEADER)

    def close(self) -> None:
        """Say that nothing follows.

        Raises:
            DiskFullError: there is no room; the file stays readable, but is not whole.
        """
        try:
            self._each_chunk = True
            self._put(self._chunk(self._index, b"", last=True))
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Let go without the end."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _chunk(self, index: int, plain: bytes, *, last: bool = False) -> bytes:
        sealed = self._aead.encrypt(_nonce(index, last), plain, None)
        return LENGTH.pack(len(sealed)) + sealed

    def _put(self, data: bytes, at: int | None = None) -> None:
        begin = self._end if at is None else at
        try:
            _write_all(self._file, data, begin)
            if self._each_chunk:
                os.fdatasync(self._file)
        except OSError as error:
            os.ftruncate(self._file, self._end)
            if error.errno in _FULL:
                raise DiskFullError(error.errno, error.strerror) from error
            raise
        self._end = max(self._end, begin + len(data))


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk, so that a power cut forgets no file."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_all(file: int, data: bytes, at: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(file, view, at)
        view, at = view[written:], at + written


class SealedReader:
    """What a sealed file holds, in sequence or at any place.

    Raises:
        TamperedError: another key, another name, or no such file at all.
    """

    def __init__(self, path: Path, key: bytes, name: str) -> None:
        self._file = path.open("rb")
        try:
            self._aead = AESGCM(self._file_key(key, name))
        except BaseException:
            self._file.close()
            raise
        self._starts, self._places, self.whole = [0], list[tuple[int, int]](), False
        self._index()

    @property
    def size(self) -> int:
        """Plain bytes up to the last whole chunk."""
        return self._starts[-1]

    def chunks(self) -> Iterator[bytes]:
        """Chunk by chunk, up to the first that is not authentic; then `whole` is false."""
        for index in range(len(self._places)):
            try:
                yield self._chunk(index)
            except TamperedError:
                self.whole = False
                return

    def read(self, offset: int, size: int) -> bytes:
        """Up to `size` bytes from `offset`, as of an ordinary file.

        Raises:
            TamperedError: they are not authentic.
        """
        found, end = bytearray(), min(offset + size, self.size)
        while offset < end:
            index = bisect_right(self._starts, offset) - 1
            begin = offset - self._starts[index]
            piece = self._chunk(index)[begin : begin + end - offset]
            found += piece
            offset += len(piece)
        return bytes(found)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        self.close()

    def _file_key(self, key: bytes, name: str) -> bytes:
        header = self._file.read(HEADER)
        nonce = header[len(MAGIC) : len(MAGIC) + NONCE]
        try:
            return AESGCM(key).decrypt(
                nonce, header[len(MAGIC) + NONCE :], header[: len(MAGIC)] + name.encode()
            )
        except (InvalidTag, ValueError) as error:
            raise TamperedError(name) from error

    def _index(self) -> None:
        """Find the chunks by their lengths; what they hold is checked when it is read."""
        at, end = HEADER, os.fstat(self._file.fileno()).st_size
        while at + LENGTH.size <= end:
            length = LENGTH.unpack(os.pread(self._file.fileno(), LENGTH.size, at))[0]
            at += LENGTH.size
            if not TAG <= length <= MAX_CHUNK + TAG or at + length > end:
                return
            if length == TAG:
                self.whole = at + length == end and self._is_end(at)
                return
            self._places.append((at, length))
            self._starts.append(self._starts[-1] + length - TAG)
            at += length

    def _is_end(self, at: int) -> bool:
        try:
            self._aead.decrypt(
                _nonce(len(self._places), True), os.pread(self._file.fileno(), TAG, at), None
            )
        except InvalidTag:
            return False
        return True

    def _chunk(self, index: int) -> bytes:
        at, length = self._places[index]
        try:
            return self._aead.decrypt(
                _nonce(index, False), os.pread(self._file.fileno(), length, at), None
            )
        except InvalidTag as error:
            raise TamperedError(f"chunk {index}") from error
