"""What stands in front of a codec's bytes in an RTP packet."""

from dataclasses import dataclass

from aiortc.codecs.vpx import VpxPayloadDescriptor

from media.recording.rtp import Codec


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a frame; `first`: a frame begins here, `key`: and it needs no other frame."""

    first: bool
    key: bool
    data: bytes


def read_part(codec: Codec, payload: bytes) -> Part:
    """The piece in `payload`, which is not empty.

    Raises:
        ValueError: the payload is shorter than it says.
    """
    if codec is Codec.VP8:
        return _vp8(payload)
    if codec is Codec.VP9:
        return _vp9(payload)
    return Part(first=True, key=True, data=payload)


def _vp8(payload: bytes) -> Part:
    """RFC 7741: a frame begins in partition 0; its first bit is zero in key frames."""
    descriptor, data = VpxPayloadDescriptor.parse(payload)
    first = bool(descriptor.partition_start) and descriptor.partition_id == 0
    return Part(first, first and bool(data) and not data[0] & 1, data)


def _vp9(payload: bytes) -> Part:
    """RFC 9628: flags I P L F B E V Z, then picture id, layers, references, structure."""
    flags, at = payload[0], 1
    has_id, predicted, layers, flexible, begins = (bool(flags & 0x80 >> bit) for bit in range(5))
    if has_id:
        at += 2 if payload[at : at + 1] >= b"\x80" else 1
    if layers:
        at += 1 if flexible else 2
    if flexible and predicted:
        at = _past_references(payload, at)
    if flags & 0x02:
        at = _past_structure(payload, at)
    if at >= len(payload):
        raise ValueError("VP9 descriptor is longer than the packet")
    return Part(begins, begins and not predicted, payload[at:])


def _past_references(payload: bytes, at: int) -> int:
    """At most three, each says whether another follows."""
    for _ in range(3):
        more = payload[at : at + 1]
        at += 1
        if not more or not more[0] & 1:
            break
    return at


def _past_structure(payload: bytes, at: int) -> int:
    """Sizes of the layers, and the group of pictures, where present."""
    if at >= len(payload):
        raise ValueError("VP9 structure is missing")
    head = payload[at]
    at += 1
    if head & 0x10:
        at += 4 * ((head >> 5) + 1)
    if head & 0x08:
        pictures = payload[at] if at < len(payload) else 0
        at += 1
        for _ in range(pictures):
            at += 1 + ((payload[at] >> 2 & 3) if at < len(payload) else 0)
    return at
