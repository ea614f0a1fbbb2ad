"""Sealed files: what can be read, by whom, and where it ends."""

import errno
import os
from pathlib import Path

import pytest

from media.recording.sealed import (
    HEADER,
    LENGTH,
    TAG,
    DiskFullError,
    SealedReader,
    SealedWriter,
    TamperedError,
)

KEY = b"k" * 32
PARTS = [b"one", b"two" * 100, b"three"]
CHUNKS = [LENGTH.size + len(part) + TAG for part in PARTS]


def _write(path: Path, parts: list[bytes], *, close: bool = True) -> Path:
    writer = SealedWriter(path, KEY, "name")
    for part in parts:
        writer.append(part)
    (writer.close if close else writer.abandon)()
    return path


def _read(path: Path) -> tuple[list[bytes], bool]:
    with SealedReader(path, KEY, "name") as reader:
        return list(reader.chunks()), reader.whole


def test_what_was_written_is_read_and_is_whole(tmp_path: Path) -> None:
    path = _write(tmp_path / "a", PARTS)
    assert _read(path) == (PARTS, True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"two" not in path.read_bytes()


@pytest.mark.parametrize(
    ("key", "name"), [(b"x" * 32, "name"), (KEY, "other")], ids=["key", "name"]
)
def test_another_key_or_name_opens_nothing(tmp_path: Path, key: bytes, name: str) -> None:
    with pytest.raises(TamperedError):
        SealedReader(_write(tmp_path / "a", PARTS), key, name)


def test_no_sealed_file_at_all(tmp_path: Path) -> None:
    for junk in (b"", b"short", os.urandom(500)):
        (tmp_path / "junk").write_bytes(junk)
        with pytest.raises(TamperedError):
            SealedReader(tmp_path / "junk", KEY, "name")


def test_cut_anywhere_it_is_readable_to_the_last_whole_chunk(tmp_path: Path) -> None:
    data = _write(tmp_path / "a", PARTS).read_bytes()
    ends = [HEADER + sum(CHUNKS[:n]) for n in range(4)]
    for cut in range(HEADER, len(data)):
        (tmp_path / "cut").write_bytes(data[:cut])
        whole = sum(end <= cut for end in ends) - 1
        assert _read(tmp_path / "cut") == (PARTS[:whole], False)


def test_zeros_after_a_power_cut_end_it(tmp_path: Path) -> None:
    path = _write(tmp_path / "a", PARTS, close=False)
    with path.open("ab") as file:
        file.write(bytes(4096))
    assert _read(path) == (PARTS, False)


def test_any_changed_byte_ends_it_before_that_chunk(tmp_path: Path) -> None:
    data = bytearray(_write(tmp_path / "a", PARTS).read_bytes())
    data[HEADER + CHUNKS[0] + LENGTH.size + 1] ^= 1
    (tmp_path / "a").write_bytes(data)
    assert _read(tmp_path / "a") == (PARTS[:1], False)
    with SealedReader(tmp_path / "a", KEY, "name") as reader, pytest.raises(TamperedError):
        reader.read(0, 10)


def test_chunks_cannot_be_swapped_dropped_or_taken_from_elsewhere(tmp_path: Path) -> None:
    same = [b"aaaa", b"bbbb", b"cccc"]
    data = _write(tmp_path / "a", same).read_bytes()
    other = _write(tmp_path / "b", same).read_bytes()
    size = LENGTH.size + 4 + TAG
    head, first, second, rest = (
        data[:HEADER],
        data[HEADER : HEADER + size],
        data[HEADER + size : HEADER + 2 * size],
        data[HEADER + 2 * size :],
    )
    foreign = other[HEADER : HEADER + size]
    for forged in (second + first + rest, second + rest, foreign + second + rest):
        (tmp_path / "forged").write_bytes(head + forged)
        assert _read(tmp_path / "forged") == ([], False)


def test_an_end_that_was_not_written_is_none(tmp_path: Path) -> None:
    path = _write(tmp_path / "a", PARTS, close=False)
    with path.open("ab") as file:
        file.write(LENGTH.pack(TAG) + bytes(TAG))
    assert _read(path) == (PARTS, False)


def test_an_empty_chunk_does_not_pass_for_the_end(tmp_path: Path) -> None:
    path = _write(tmp_path / "a", [*PARTS, b""], close=False)
    assert _read(path) == (PARTS, False)


def test_any_place_is_read(tmp_path: Path) -> None:
    plain = b"".join(PARTS)
    with SealedReader(_write(tmp_path / "a", PARTS), KEY, "name") as reader:
        assert reader.size == len(plain)
        for begin in range(0, len(plain), 7):
            assert reader.read(begin, 11) == plain[begin : begin + 11]
        assert reader.read(len(plain), 5) == b""


def test_a_first_chunk_filled_last(tmp_path: Path) -> None:
    writer = SealedWriter(tmp_path / "a", KEY, "name")
    writer.reserve_first(4)
    writer.append(b"second")
    writer.fill_first(b"head")
    writer.close()
    assert _read(tmp_path / "a") == ([b"head", b"second"], True)


def test_an_existing_recording_is_never_written_over(tmp_path: Path) -> None:
    path = _write(tmp_path / "a", PARTS)
    with pytest.raises(FileExistsError):
        SealedWriter(path, KEY, "name")


def test_no_room_for_the_beginning_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(DiskFullError):
        SealedWriter(tmp_path / "a", KEY, "name")
    assert not list(tmp_path.iterdir())
