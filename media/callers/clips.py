"""Pictures and sound that are encoded once, in memory, at the first call."""

from fractions import Fraction
from functools import cache
from typing import cast

import numpy as np
from av import AudioFrame, CodecContext, Packet, VideoFrame
from av.video.codeccontext import VideoCodecContext


@cache
def pictures(
    width: int = 320, height: int = 240, count: int = 50, codec: str = "libvpx", fps: int = 25
) -> tuple[bytes, ...]:
    """Encoded frames of a moving pattern; only the first is a key frame."""
    encoder = cast("VideoCodecContext", CodecContext.create(codec, "w"))
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.bit_rate = Fraction(1, fps), 2 * width * height * fps // 25
    encoder.options = {
        "deadline": "realtime", "cpu-used": "8", "g": "9999", "lag-in-frames": "0"
    }  # fmt: skip
    packets = [p for n in range(count) for p in encoder.encode(_pattern(width, height, n))]
    return tuple(bytes(packet) for packet in [*packets, *encoder.encode(None)])


@cache
def sound(count: int = 50, milliseconds: int = 20) -> tuple[bytes, ...]:
    """Opus packets of a tone; `milliseconds` of each are 20, 40 or 60."""
    encoder = CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "mono", "s16"
    encoder.bit_rate, encoder.options = 32_000, {"frame_duration": str(milliseconds)}
    samples = 48 * milliseconds
    packets: list[Packet] = []  # type: ignore[type-arg]
    for n in range(count + 1):
        wave = np.sin((np.arange(samples) + samples * n) * 2 * np.pi * 440 / 48_000) * 8000
        frame = AudioFrame.from_ndarray(wave.astype(np.int16)[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts = 48_000, samples * n
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
