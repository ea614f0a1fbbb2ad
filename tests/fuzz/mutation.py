"""Good bytes to bad bytes, the same for the same number."""

import random
import struct
from collections.abc import Callable, Sequence

Mutation = Callable[[random.Random, bytearray, Sequence[bytes]], None]

_TELLING = (
    *(b"\0", b"\xff", b"\x7f", b"\x80", b"\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\xff"),
    *(b"\x7f\xff\xff\xff", b"\x80\0\0\0", struct.pack("<I", 1 << 30), struct.pack(">I", 1 << 30)),
    *(b"\xff\xd8", b"\xff\xd9", b"\xff\xda", b"IHDR", b"IDAT", b"acTL", b"RIFF", b"Exif\0\0"),
    *(b"endobj", b"stream", b"%%EOF", b"/Kids", b"/Length 0", b"0 R", b"<<", b">>", b"-1"),
)


def mutated(number: int, seeds: Sequence[bytes]) -> bytes:
    """One seed after one to eight mutations."""
    chance = random.Random(number)
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        chance.choice(_MUTATIONS)(chance, data, seeds)
    return bytes(data)


def _place(chance: random.Random, data: bytearray) -> int:
    """Headers are small and matter most."""
    most = max(1, len(data))
    return chance.randrange(min(most, 600)) if chance.random() < 0.5 else chance.randrange(most)


def _flip(chance: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    if data:
        data[_place(chance, data) % len(data)] ^= 1 << chance.randrange(8)


def _overwrite(chance: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    at, word = _place(chance, data), chance.choice(_TELLING)
    data[at : at + len(word)] = word


def _insert(chance: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    at = _place(chance, data)
    data[at:at] = chance.choice(_TELLING) * chance.choice((1, 1, 50))


def _cut(chance: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    del data[_place(chance, data) :]


def _remove(chance: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    at = _place(chance, data)
    del data[at : at + chance.choice((1, 4, 100, 5000))]


def _repeat(chance: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    at = _place(chance, data)
    data[at:at] = data[at : at + chance.choice((4, 64, 2000))] * chance.choice((1, 20))


def _splice(chance: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    other = chance.choice(seeds)
    data[_place(chance, data) :] = other[chance.randrange(max(1, len(other))) :]


_MUTATIONS: tuple[Mutation, ...] = (_flip, _overwrite, _insert, _cut, _remove, _repeat, _splice)
