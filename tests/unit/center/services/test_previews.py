"""A preview is made once for all who wait, again when it was dropped, and no failure is kept."""

import asyncio

import pytest

from center.domain.errors import BlobMissing
from center.services.previews import KEPT, Previews


class Shelf:
    """Blobs whose bytes are their names, except those that are missing."""

    def __init__(self) -> None:
        self.missing: set[str] = set()

    async def get(self, sha256: str) -> bytes:
        if sha256 in self.missing:
            raise BlobMissing(sha256)
        return sha256.encode()


@pytest.fixture
def made() -> list[bytes]:
    return []


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def previews(shelf: Shelf, made: list[bytes]) -> Previews:
    def make(data: bytes) -> bytes:
        made.append(data)
        return b"small " + data

    return Previews(shelf, make)  # type: ignore[arg-type]


async def test_one_is_made_for_all_who_wait(previews: Previews, made: list[bytes]) -> None:
    previews.begin("a")
    assert set(await asyncio.gather(previews.get("a"), previews.get("a"))) == {b"small a"}
    assert made == [b"a"]


async def test_only_the_newest_are_kept(previews: Previews, made: list[bytes]) -> None:
    for name in ["a", *(f"n{n}" for n in range(KEPT)), "a"]:
        await previews.get(name)
    assert made.count(b"a") == 2


async def test_a_failure_is_told_and_not_kept(previews: Previews, shelf: Shelf) -> None:
    shelf.missing.add("a")
    with pytest.raises(BlobMissing):
        await previews.get("a")
    shelf.missing.clear()
    assert await previews.get("a") == b"small a"
