"""Files of evidence: named by content, sealed, whole or absent."""

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from center.domain.errors import BlobMissing, HashMismatch, StorageFull
from center.store.blobs import FileBlobs
from center.store.cipher import Cipher, Tampered, derive_key

DATA = "一页材料".encode() * 1000
NAME = hashlib.sha256(DATA).hexdigest()


def open_blobs(root: Path, secret: str = "secret") -> FileBlobs:
    return FileBlobs(root, Cipher(derive_key(secret, "evidence")))


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


async def test_what_was_put_is_got(tmp_path: Path) -> None:
    blobs = open_blobs(tmp_path)
    assert not await blobs.has(NAME)
    await blobs.put(NAME, DATA)
    await blobs.put(NAME, DATA)
    assert await blobs.has(NAME)
    assert await open_blobs(tmp_path).get(NAME) == DATA
    assert len(files(tmp_path)) == 1


async def test_the_disk_holds_no_plain_bytes(tmp_path: Path) -> None:
    await open_blobs(tmp_path).put(NAME, DATA)
    (file,) = files(tmp_path)
    assert "材料".encode() not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


async def test_other_bytes_than_the_name_says_are_refused(tmp_path: Path) -> None:
    with pytest.raises(HashMismatch):
        await open_blobs(tmp_path).put(NAME, DATA + b"x")
    assert files(tmp_path) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "A" * 64, "", "a" * 63])
async def test_a_name_that_is_no_hash_never_reaches_the_disk(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        await open_blobs(tmp_path).get(name)


async def test_a_missing_blob_is_said_to_be_missing(tmp_path: Path) -> None:
    blobs = open_blobs(tmp_path)
    with pytest.raises(BlobMissing):
        await blobs.get(NAME)
    await blobs.delete(NAME)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-1]),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(b"\0" + file.read_bytes()[1:]),
    ],
    ids=["cut", "emptied", "altered"],
)
async def test_an_altered_file_is_refused(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    blobs = open_blobs(tmp_path)
    await blobs.put(NAME, DATA)
    spoil(files(tmp_path)[0])
    with pytest.raises(Tampered):
        await blobs.get(NAME)


async def test_a_file_under_another_name_is_refused(tmp_path: Path) -> None:
    blobs = open_blobs(tmp_path)
    await blobs.put(NAME, DATA)
    other = hashlib.sha256(b"other").hexdigest()
    (tmp_path / other[:2]).mkdir(exist_ok=True)
    files(tmp_path)[0].rename(tmp_path / other[:2] / other)
    with pytest.raises(Tampered):
        await blobs.get(other)


async def test_another_key_opens_nothing(tmp_path: Path) -> None:
    await open_blobs(tmp_path).put(NAME, DATA)
    with pytest.raises(Tampered):
        await open_blobs(tmp_path, "another").get(NAME)


async def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    blobs = open_blobs(tmp_path)
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(StorageFull):
            await blobs.put(NAME, DATA)
    assert files(tmp_path) == []
    await blobs.put(NAME, DATA)
    assert await blobs.get(NAME) == DATA


async def test_half_written_files_of_a_killed_process_are_swept(tmp_path: Path) -> None:
    open_blobs(tmp_path)
    (tmp_path / "partial" / "tmpabc").write_bytes(b"half")
    open_blobs(tmp_path)
    assert files(tmp_path) == []
