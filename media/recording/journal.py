"""What a recorder writes while it runs: everything about one peer, as records in sealed chunks.

A record is kind, track, RTP time, arrival in microseconds since the recording began, and bytes. A
second's worth makes a chunk, so a crash loses that second and no more. Nothing here depends on what
comes later: tracks appear, change and end in the middle, and clocks are compared afterwards.
"""

import json
import struct
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from media.recording.sealed import MAX_CHUNK, SealedReader, SealedWriter

_HEAD = struct.Struct(">BBqQI")
_NTP = struct.Struct(">Q")
FLUSH_S = 1.0
FLUSH_BYTES = 1 << 18


class Kind(IntEnum):
    """What a record tells."""

    FACT = 1
    """JSON: who is recorded, a track that begins, why it ended."""
    FRAME = 2
    KEY_FRAME = 3
    REPORT = 4
    """The NTP time (64 bits) that an RTCP sender report gives for an RTP time."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record; `arrival` in seconds since the recording began."""

    kind: Kind
    track: int
    time: int
    arrival: float
    data: bytes

    @property
    def fact(self) -> dict[str, object]:
        """The JSON of a fact."""
        fact: dict[str, object] = json.loads(self.data)
        return fact

    @property
    def ntp(self) -> float:
        """Seconds since 1900, of a report."""
        return float(_NTP.unpack(self.data)[0]) / (1 << 32)


def ntp_bytes(ntp: int) -> bytes:
    """The 64 bits of an NTP time, for a report."""
    return _NTP.pack(ntp)


class Journal:
    """Collects records; `due` says when `take` should be written as a chunk."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._cuts: list[int] = []
        self._flushed = 0.0

    @property
    def waiting(self) -> int:
        """Bytes that are not on the disk yet."""
        return len(self._waiting)

    def add(self, record: Record) -> None:
        """Note a record; larger than a chunk it is cut into several when it is written."""
        self._waiting += _HEAD.pack(
            record.kind,
            record.track,
            record.time,
            max(0, round(record.arrival * 1e6)),
            len(record.data),
        )
        self._waiting += record.data

    def fact(self, arrival: float, **fact: object) -> None:
        """Note something in words."""
        data = json.dumps(fact, ensure_ascii=False).encode()
        self.add(Record(Kind.FACT, 0, 0, arrival, data))

    def due(self, now: float) -> bool:
        """A second has passed, or much has come; `now` in the time of the arrivals."""
        return bool(self._waiting) and (
            now - self._flushed >= FLUSH_S or len(self._waiting) >= FLUSH_BYTES
        )

    def take(self, now: float) -> list[bytes]:
        """Everything that waits, as chunks."""
        data, self._waiting, self._flushed = bytes(self._waiting), bytearray(), now
        return [data[at : at + MAX_CHUNK] for at in range(0, len(data), MAX_CHUNK)]


def read_journal(path: Path, key: bytes, name: str) -> Iterator[Record]:
    """The records of a journal, up to the last that is whole.

    Raises:
        TamperedError: it is not a journal of this name and key.
    """
    with SealedReader(path, key, name) as reader:
        rest = b""
        for chunk in reader.chunks():
            rest = yield from _records(rest + chunk)


def _records(data: bytes) -> Generator[Record, None, bytes]:
    """Whole records; returns what is left over."""
    at = 0
    while at + _HEAD.size <= len(data):
        kind, track, time, arrival, length = _HEAD.unpack_from(data, at)
        end = at + _HEAD.size + length
        if end > len(data):
            break
        yield Record(Kind(kind), track, time, arrival / 1e6, data[at + _HEAD.size : end])
        at = end
    return data[at:]


def write_chunks(writer: SealedWriter, chunks: list[bytes]) -> None:
    """Put chunks on the disk; blocks.

    Raises:
        DiskFullError: there is no room.
    """
    for chunk in chunks:
        writer.append(chunk)
