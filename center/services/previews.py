"""Small pictures of pages: begun when a page arrives, so that the lawyer need not wait for them."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from center.services.ports import BlobStore

KEPT = 32
"""Previews in memory, some 200 kB each; they are made again when they are wanted again."""


class Previews:
    """By the hash of the flattened page; who asks while one is being made waits for that one."""

    def __init__(self, blobs: BlobStore, make: Callable[[bytes], bytes]) -> None:
        self._blobs, self._make = blobs, make
        self._made: OrderedDict[str, asyncio.Task[bytes]] = OrderedDict()

    def begin(self, clean_sha256: str) -> asyncio.Task[bytes]:
        """Make it now, unless it is there; a failure is told to whoever waits and not kept."""
        known = self._made.get(clean_sha256)
        if known is None or (known.done() and (known.cancelled() or known.exception())):
            known = self._made[clean_sha256] = asyncio.create_task(self._small(clean_sha256))
        self._made.move_to_end(clean_sha256)
        while len(self._made) > KEPT:
            self._made.popitem(last=False)
        return known

    async def get(self, clean_sha256: str) -> bytes:
        """The small picture, JPEG. Raises BlobMissing."""
        return await asyncio.shield(self.begin(clean_sha256))

    async def _small(self, clean_sha256: str) -> bytes:
        return await asyncio.to_thread(self._make, await self._blobs.get(clean_sha256))
