"""A sealed file for a muxer.

Matroska's comes back to the beginning, and only there, to put in the duration and the index. A
chunk is never encrypted twice under one nonce, so the first is kept in memory to the end.
"""

import io

from media.recording.sealed import SealedWriter

CHUNK = 1 << 16


class SealedFile(io.RawIOBase):
    """What the muxer writes, in sealed chunks of one size."""

    def __init__(self, writer: SealedWriter) -> None:
        self.writer = writer
        self._first, self._tail = bytearray(), bytearray()
        self._at = self._size = 0

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Anywhere within the first chunk, or to the end."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = base + offset
        return self._at

    def write(self, data: object) -> int:
        """Put bytes at the present place.

        Raises:
            DiskFullError: there is no room.
            io.UnsupportedOperation: they would change a chunk that is on the disk.
        """
        piece = bytes(data)  # type: ignore[call-overload]
        early = piece[: max(0, CHUNK - self._at)]
        self._first[self._at : self._at + len(early)] = early
        late, at = piece[len(early) :], self._at + len(early)
        if late and at != max(self._size, CHUNK):
            raise io.UnsupportedOperation("only the beginning can be changed")
        self._at += len(piece)
        self._append(late)
        self._size = max(self._size, self._at)
        return len(piece)

    def finish(self) -> None:
        """Everything is written.

        Raises:
            DiskFullError: there is no room.
        """
        if self._size <= CHUNK:
            self.writer.append(bytes(self._first))
        else:
            self.writer.append(bytes(self._tail))
            self.writer.fill_first(bytes(self._first))
        self.writer.close()

    def _append(self, data: bytes) -> None:
        if data and self._size <= CHUNK and not self._tail:
            self.writer.reserve_first(CHUNK)
        self._tail += data
        while len(self._tail) > CHUNK:
            self.writer.append(bytes(self._tail[:CHUNK]))
            del self._tail[:CHUNK]
