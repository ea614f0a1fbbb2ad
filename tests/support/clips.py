"""Pre-encoded pictures and sound for synthetic peers."""

from fractions import Fraction
from functools import cache

import av
import numpy as np
from av import AudioFrame, CodecContext, Packet, VideoFrame
from av.audio.codeccontext import AudioCodecContext
from av.video.codeccontext import VideoCodecContext


@cache
def pictures(
    width: int = 320, height: int = 240, count: int = 50, codec: str = "libvpx", fps: int = 25
) -> tuple[bytes, ...]:
    """Encoded frames of a moving pattern; only the first is a key frame."""
    encoder = CodecContext.create(codec, "w")
    assert isinstance(encoder, VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.bit_rate = Fraction(1, fps), 2 * width * height * fps // 25
    encoder.options = {
        "deadline": "realtime", "cpu-used": "8", "g": "9999", "lag-in-frames": "0"
    }  # fmt: skip
    packets = [p for n in range(count) for p in encoder.encode(_pattern(width, height, n))]
    packets += encoder.encode(None)
    assert [p.is_keyframe for p in packets].count(True) == 1
    return tuple(bytes(packet) for packet in packets)


@cache
def sound(count: int = 50) -> tuple[bytes, ...]:
    """Opus packets of 20 ms of a tone."""
    encoder = CodecContext.create("libopus", "w")
    assert isinstance(encoder, AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "mono", "s16"
    encoder.bit_rate = 32_000
    packets: list[Packet] = []  # type: ignore[type-arg]
    for n in range(count + 1):
        wave = np.sin((np.arange(960) + 960 * n) * 2 * np.pi * 440 / 48_000) * 8000
        frame = AudioFrame.from_ndarray(wave.astype(np.int16)[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts = 48_000, 960 * n
        packets += encoder.encode(frame)
    return tuple(bytes(packet) for packet in packets[:count])


def _pattern(width: int, height: int, n: int) -> VideoFrame:
    picture = np.zeros((height, width, 3), np.uint8)
    picture[:, :, 1] = np.linspace(0, 200, width, dtype=np.uint8)
    x = (n * 7) % (width - 40)
    picture[20:80, x : x + 40] = 255
    frame = VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
    frame.pts = n
    return frame


def decodes(data: bytes, codec: str = "libvpx") -> tuple[int, int]:
    """Width and height of a key frame, decoded for real."""
    decoder = CodecContext.create(codec, "r")
    assert isinstance(decoder, VideoCodecContext)
    frame = decoder.decode(av.Packet(data))[0]
    return frame.width, frame.height
