"""Encoded frames into one WebM file, without touching what is in them."""

import io
import struct
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO, cast

import av
from av.error import FFmpegError
from av.stream import Stream

from media.recording.rtp import Codec

MILLISECOND = Fraction(1, 1000)
CLUSTER_MS = 2000
"""Longest cluster: what a player must read to begin anywhere."""
_FOURCC = {Codec.VP8: b"VP80", Codec.VP9: b"VP90"}


class NoPictureError(ValueError):
    """What claims to be a key frame is none."""


@dataclass(frozen=True, slots=True)
class Source:
    """One stream of the file; `sample` is its first key frame, which tells the size."""

    codec: Codec
    sample: bytes = b""


@dataclass(frozen=True, slots=True)
class Moment:
    """A frame of stream number `stream`, at `at` seconds."""

    stream: int
    at: float
    key: bool
    data: bytes


def write_webm(file: BinaryIO, sources: list[Source], moments: Iterable[Moment]) -> list[int]:
    """Mux and return how many frames each stream got. Times within a stream must not go back by
    much; a frame that is not later than the one before is put a millisecond after it.

    Raises:
        NoPictureError: a sample cannot be read.
    """
    options = {"cluster_time_limit": str(CLUSTER_MS)}
    container = av.open(file, "w", format="webm", options=options)
    try:
        counts = _mux(container, sources, moments)
    except BaseException:
        with suppress(FFmpegError):  # it fails again; the first failure tells more
            container.close()
        raise
    container.close()
    return counts


def _mux(
    container: av.container.OutputContainer, sources: list[Source], moments: Iterable[Moment]
) -> list[int]:
    streams = [_add(container, source) for source in sources]
    counts, last = [0] * len(streams), [-1] * len(streams)
    for moment in moments:
        n = moment.stream
        last[n] = max(round(moment.at * 1000), last[n] + 1)
        container.mux(_packet(streams[n], moment, last[n]))
        counts[n] += 1
    return counts


def readable(source: Source) -> bool:
    """Whether the sample of a picture tells its size."""
    try:
        _open(source).close()
    except NoPictureError:
        return False
    return True


def _add(container: av.container.OutputContainer, source: Source) -> Stream:
    if source.codec is Codec.OPUS:
        return cast("Stream", container.add_stream("libopus", rate=48_000))
    with _open(source) as sample:
        return cast("Stream", container.add_stream_from_template(sample.streams.video[0]))


def _open(source: Source) -> av.container.InputContainer:
    """The sample as an IVF file of one frame, so that FFmpeg reads its header."""
    head = struct.pack("<4sHH4sHHIIII", b"DKIF", 0, 32, _FOURCC[source.codec], 0, 0, 1000, 1, 1, 0)
    data = head + struct.pack("<IQ", len(source.sample), 0) + source.sample
    try:
        sample = av.open(io.BytesIO(data), "r", format="ivf")
    except FFmpegError as error:
        raise NoPictureError(str(error)) from error
    if not sample.streams.video or not sample.streams.video[0].width:
        sample.close()
        raise NoPictureError("no size")
    return sample


def _packet(stream: Stream, moment: Moment, milliseconds: int) -> "av.Packet[Stream]":
    packet: av.Packet[Stream] = av.Packet(moment.data)
    packet.pts = packet.dts = milliseconds
    packet.time_base = MILLISECOND
    packet.is_keyframe = moment.key
    packet.stream = stream
    return packet
