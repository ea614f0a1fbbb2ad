"""A recording of Janus: one medium of one publisher, as the RTP packets that arrived.

    "MJR00002"  length (2 bytes), JSON: medium, codec, when the first packet was written
    "MEET"      milliseconds since then (4 bytes), length (2 bytes), RTP packet
    …

Numbers are big endian; https://janus.conf.meetecho.com/docs/recordings.html. Whoever died while
writing leaves a torn end: what is whole before it is read, and the file is not `whole`.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO, Literal, Self

from aiortc.rtp import RtpPacket
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from media.recording.rtp import Codec

MAGIC, PACKET_MARK = b"MJR00002", b"MEET"
MAX_INFO = 8192
"""Bytes of the JSON; Janus writes a few hundred."""
MAX_PACKET = 2048
"""Bytes of a packet; longer ones cannot have come over the internet unbroken."""
_LENGTH, _PACKET = struct.Struct(">H"), struct.Struct(">4sIH")
_CODECS = {codec.value.lower(): codec for codec in Codec}


class MjrError(ValueError):
    """This is no recording of Janus that can be kept; the message says why."""


class NothingRecordedError(MjrError):
    """Janus opened the file, and no packet ever came."""


class Info(BaseModel):
    """What the head of a file says; `written_us` is when the first packet was, since 1970."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    medium: Literal["a", "v"] = Field(alias="t")
    name: Literal["vp8", "vp9", "opus"] = Field(alias="c")
    written_us: int = Field(alias="u", ge=0, lt=1 << 52)
    encrypted: Literal[False] = Field(alias="e", default=False)
    red: None = Field(alias="or", default=None)

    @property
    def codec(self) -> Codec:
        """The same in our words."""
        return _CODECS[self.name]

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if (self.medium == "a") != (self.codec is Codec.OPUS):
            raise ValueError("the codec is not of the medium")
        return self


class Mjr:
    """An open file.

    Raises:
        NothingRecordedError: it ends before it says anything.
        MjrError: it is no such file, or of a medium or codec that is not kept.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.info = _info(file)
        self.whole = True

    def packets(self) -> Iterator[tuple[float, RtpPacket]]:
        """Seconds since the first packet, never back, and what arrived then; what is no RTP is left
        out. Once."""
        now = 0.0
        while head := self._file.read(_PACKET.size):
            data = self._packet(head)
            if data is None:
                self.whole = False
                return
            now = max(now, _PACKET.unpack(head)[1] / 1000)
            try:
                yield now, RtpPacket.parse(data)
            except ValueError:
                continue

    def _packet(self, head: bytes) -> bytes | None:
        """The bytes of a packet; null where the file is torn or damaged."""
        if len(head) < _PACKET.size:
            return None
        mark, _, length = _PACKET.unpack(head)
        if mark != PACKET_MARK or length > MAX_PACKET:
            return None
        data = self._file.read(length)
        return data if len(data) == length else None


def _info(file: BinaryIO) -> Info:
    if file.read(len(MAGIC)) != MAGIC:
        raise MjrError("not a recording of Janus, or of a version before 0.10")
    prefix = file.read(_LENGTH.size)
    if not prefix:
        raise NothingRecordedError("no packet was ever recorded")
    length = _LENGTH.unpack(prefix.ljust(_LENGTH.size, b"\0"))[0]
    if length > MAX_INFO:
        raise MjrError(f"{length} bytes about itself")
    try:
        return Info.model_validate_json(file.read(length))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise MjrError(f"what it says of itself cannot be used: {where} {first['msg']}") from None
