"""Packets to frames, on a clock of our own."""

from collections.abc import Iterator
from itertools import count, pairwise

import pytest
from aiortc.rtp import RtpPacket

from media.recording.frames import MAX_FRAME, TrackFrames, Wish
from media.recording.payloads import read_part
from media.recording.rtp import MAX_HELD, MAX_JUMP, Codec, Frame, Sequence, Unwrap

VP8, VP9, OPUS = 97, 98, 96
CODECS = {VP8: Codec.VP8, VP9: Codec.VP9, OPUS: Codec.OPUS}
KEY, DELTA = b"\x10\x00", b"\x10\x01"
"""VP8 descriptor (start of partition 0) and the first byte of the frame."""


def _picture() -> TrackFrames:
    return TrackFrames("video", CODECS.get)


def _sound() -> TrackFrames:
    return TrackFrames("audio", CODECS.get)


def _packet(
    number: int,
    payload: bytes,
    *,
    time: int = 0,
    last: bool = True,
    type_: int = VP8,
    ssrc: int = 7,
) -> RtpPacket:
    return RtpPacket(type_, int(last), number & 0xFFFF, time & 0xFFFFFFFF, ssrc, payload)


def _delta(number: int) -> RtpPacket:
    return _packet(number, DELTA + bytes([number & 0xFF]), time=number * 3000)


def _data(frames: list[Frame]) -> list[bytes]:
    return [frame.data for frame in frames]


def _ticks(start: float = 0.0) -> Iterator[float]:
    return (start + 0.04 * n for n in count())


def test_frames_come_whole_and_in_order() -> None:
    track = _picture()
    assert track.add(_packet(1, KEY + b"a", last=False), 0) == []
    assert track.add(_packet(3, DELTA, time=3000), 0) == []
    frames = track.add(_packet(2, b"\x00b"), 0)
    assert frames == [Frame(Codec.VP8, 0, True, b"\x00ab"), Frame(Codec.VP8, 3000, False, b"\x01")]


def test_nothing_before_the_first_key_frame_and_it_is_asked_for_every_half_second() -> None:
    track, asked = _picture(), []
    for number, now in zip(range(30), _ticks(), strict=False):
        assert track.add(_delta(number), now) == []
        wish = track.wish(now)
        if wish:
            assert wish == Wish(7, [], key=True)
            asked.append(round(now, 2))
    assert asked == [0.0, 0.52, 1.04]
    assert len(track.add(_packet(30, KEY), 1.2)) == 1
    assert track.wish(9.0) is None


def test_a_missing_packet_is_asked_for_again_and_again_and_its_frames_kept() -> None:
    track = _picture()
    track.add(_packet(1, KEY), 0.0)
    assert track.add(_delta(4), 0.0) == []
    assert track.wish(0.0) == Wish(7, [2, 3])
    assert track.wish(0.1) is None
    assert track.wish(0.2) == Wish(7, [2, 3])
    assert _data(track.add(_delta(2), 0.3)) == [b"\x01\x02"]
    assert track.wish(0.45) == Wish(7, [3])
    assert _data(track.add(_delta(3), 0.9)) == [b"\x01\x03", b"\x01\x04"]
    assert track.lost == 0


def test_after_a_second_it_is_given_up_and_frames_drop_to_the_next_key_frame() -> None:
    track = _picture()
    track.add(_packet(1, KEY), 0.0)
    track.add(_delta(3), 0.1)
    assert track.release(1.05) == []
    assert track.lost == 0
    assert track.release(1.1) == []
    assert track.lost == 1
    wish = track.wish(1.1)
    assert wish is not None
    assert wish.key
    assert track.add(_delta(4), 1.2) == []
    assert [frame.key for frame in track.add(_packet(5, KEY), 1.3)] == [True]
    assert _data(track.add(_delta(6), 1.4)) == [b"\x01\x06"]


def test_a_frame_that_lost_its_middle_is_never_given_out() -> None:
    track = _picture()
    track.add(_packet(1, KEY + b"a", last=False), 0.0)
    track.add(_packet(3, b"\x00c"), 0.0)
    assert track.release(2.0) == []
    assert _data(track.add(_packet(4, KEY + b"d"), 2.1)) == [b"\x00d"]


def test_a_key_frame_in_hand_ends_the_waiting_when_a_gap_is_given_up() -> None:
    track = _picture()
    track.add(_packet(1, KEY), 0.0)
    track.add(_packet(3, KEY + b"x"), 0.1)
    assert _data(track.release(1.2)) == [b"\x00x"]
    assert track.wish(1.2) is None


def test_sound_waits_a_fifth_of_a_second_and_asks_for_nothing() -> None:
    track = _sound()
    packets = [_packet(n, bytes([n]), time=n * 960, type_=OPUS) for n in range(1, 6)]
    assert _data(track.add(packets[0], 0.0)) == [b"\x01"]
    assert track.add(packets[2], 0.04) == []
    assert track.wish(0.1) is None
    assert _data(track.add(packets[1], 0.1)) == [b"\x02", b"\x03"]
    assert track.add(packets[4], 0.2) == []
    assert _data(track.release(0.41)) == [b"\x05"]
    assert track.lost == 1
    assert track.add(packets[3], 0.5) == []


def test_padding_and_duplicates_leave_no_trace() -> None:
    track = _picture()
    frames = track.add(_packet(1, KEY), 0.0)
    frames += track.add(_packet(2, b"", last=False), 0.0)
    frames += track.add(_packet(1, KEY), 0.0)
    frames += track.add(_delta(3), 0.0)
    assert [frame.key for frame in frames] == [True, False]


def test_numbers_and_times_wrap() -> None:
    track, frames = _sound(), []
    for n in range(65_530, 65_545):
        frames += track.add(_packet(n, b"x", time=(1 << 32) - 5000 + n * 960, type_=OPUS), 0.0)
    steps = [b.time - a.time for a, b in pairwise(frames)]
    assert steps == [960] * 14
    unwrap = Unwrap(8)
    assert [unwrap(value) for value in (250, 4, 255, 3)] == [250, 260, 255, 259]


def test_a_second_source_is_kept_out_while_the_first_speaks() -> None:
    track = _picture()
    track.add(_packet(1, KEY), 0.0)
    assert track.add(_packet(900, KEY, ssrc=8), 0.5) == []
    assert track.strangers == 1
    assert len(track.add(_delta(2), 1.0)) == 1
    assert len(track.add(_packet(901, KEY, ssrc=8), 3.1)) == 1
    assert (track.ssrc, track.sources) == (8, 2)


def test_unknown_payload_is_not_even_remembered() -> None:
    track = _picture()
    assert track.add(_packet(1, KEY, type_=111), 0.0) == []
    assert track.ssrc is None


def test_a_jump_needs_two_packets_and_begins_anew() -> None:
    track = _picture()
    track.add(_packet(1, KEY), 0.0)
    assert track.add(_packet(30_000, KEY), 0.1) == []
    assert len(track.add(_delta(2), 0.2)) == 1
    assert track.add(_packet(40_000, DELTA), 0.3) == []
    assert [frame.key for frame in track.add(_packet(40_001, KEY), 0.3)] == [True]


def test_what_is_held_is_bounded() -> None:
    sequence = Sequence(patience=1e9)
    sequence.put(_packet(0, b"x"), 0.0)
    assert len(list(sequence.take())) == 1
    for n in range(2, MAX_HELD + 10):
        sequence.put(_packet(n, b"x"), 0.0)
        sequence.give_up(0.0)
        list(sequence.take())
    assert len(sequence._held) < 10
    assert sequence.lost == 1


def test_numbers_that_run_ahead_make_few_holes_and_a_key_frame_ends_it() -> None:
    """Each packet claims that almost MAX_JUMP before it are missing."""
    track = _picture()
    track.add(_packet(0, KEY), 0.0)
    for n in range(1, 100):
        track.add(_packet(n * (MAX_JUMP - 1), DELTA), 0.0)
        assert len(track._sequence._holes) <= MAX_HELD
    wish = track.wish(0.0)
    assert wish is not None
    assert wish.key
    assert [frame.key for frame in track.add(_packet(99 * (MAX_JUMP - 1) + 1, KEY), 0.1)] == [True]


def test_a_frame_without_end_is_dropped() -> None:
    track = _picture()
    track.add(_packet(0, KEY, last=False), 0.0)
    piece = b"\x00" + bytes(60_000)
    for n in range(1, MAX_FRAME // 60_000 + 2):
        assert track.add(_packet(n, piece, last=False), 0.0) == []
    wish = track.wish(0.0)
    assert wish is not None
    assert wish.key


@pytest.mark.parametrize(
    ("payload", "first", "key", "data"),
    [
        (b"\x08\x82", True, True, b"\x82"),  # begins, no prediction
        (b"\x48\x82", True, False, b"\x82"),  # predicted
        (b"\x80\x05D", False, False, b"D"),  # short picture id
        (b"\x88\x85\x06D", True, True, b"D"),  # long picture id
        (b"\xa8\x05\x20\x01D", True, True, b"D"),  # layer and TL0PICIDX
        (b"\xf8\x05\x20\x03\x02D", True, False, b"D"),  # flexible: two references
        (b"\x0a\x18\x01\x40\x00\xf0\x01\x04\x09D", True, True, b"D"),  # size and one picture
    ],
)
def test_vp9_descriptors(payload: bytes, first: bool, key: bool, data: bytes) -> None:
    part = read_part(Codec.VP9, payload)
    assert (part.first, part.key, part.data) == (first, key, data)


@pytest.mark.parametrize(
    "payload", [b"\x80", b"\x0a", b"\x0a\x18\x01", b"\xf8\x05\x20\x03", b"\x08"]
)
def test_truncated_vp9_is_a_broken_chain(payload: bytes) -> None:
    with pytest.raises(ValueError, match="VP9"):
        read_part(Codec.VP9, payload)
    track = _picture()
    track.add(_packet(1, b"\x08K", type_=VP9), 0.0)
    assert track.add(_packet(2, payload, type_=VP9), 0.0) == []
    assert track.add(_packet(3, b"\x48D", type_=VP9), 0.0) == []
    assert len(track.add(_packet(4, b"\x08K", type_=VP9), 0.0)) == 1


def test_a_track_may_change_its_codec() -> None:
    track = _picture()
    frames = track.add(_packet(1, KEY), 0.0) + track.add(_packet(2, b"\x08K", type_=VP9), 0.1)
    assert [frame.codec for frame in frames] == [Codec.VP8, Codec.VP9]
