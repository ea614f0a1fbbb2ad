"""Recordings as Janus writes them, made from our own packets."""

import json
import struct
from collections.abc import Iterable

from aiortc.rtp import RtpPacket

BEGUN_US = 1_795_310_000_000_000


def head(**info: object) -> bytes:
    """The beginning of a file; of `info` what is null is left out."""
    said = {"t": "v", "c": "vp8", "s": BEGUN_US - 500, "u": BEGUN_US} | info
    text = json.dumps({name: value for name, value in said.items() if value is not None}).encode()
    return b"MJR00002" + struct.pack(">H", len(text)) + text


def packet(milliseconds: int, data: bytes) -> bytes:
    """One packet as it stands in the file."""
    return b"MEET" + struct.pack(">IH", milliseconds, len(data)) + data


def mjr(packets: Iterable[tuple[float, RtpPacket]], **info: object) -> bytes:
    """A whole file of packets and when they came, seconds."""
    body = (packet(round(at * 1000), one.serialize()) for at, one in packets)
    return head(**info) + b"".join(body)
