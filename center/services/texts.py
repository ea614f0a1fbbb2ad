"""The text of pages, read in the background once they are here, for their sealed documents.

Nothing is kept of what is still to do: a page without text is to be read. So a center that was
started anew goes on where it stopped.
"""

import logging
from collections.abc import AsyncIterator
from typing import Protocol

from center.domain.errors import BlobMissing
from center.domain.records import Page
from center.services.office import OfficeWorkFactory
from center.services.ports import BlobStore, Change

log = logging.getLogger(__name__)

GROWN = frozenset({"page_added", "page_grew"})


class ReaderDownError(Exception):
    """Nothing can be read now; it may be possible later."""


class PageReader(Protocol):
    """Reads flattened pages."""

    async def read(self, clean: bytes) -> str:
        """Lines and words with their places, as JSON; empty where nothing could be read.

        Raises:
            ReaderDownError: its engines do not run.
        """


class Texts:
    """One page at a time: reading must leave the machine to the calls."""

    def __init__(self, work: OfficeWorkFactory, blobs: BlobStore, reader: PageReader) -> None:
        self._work, self._blobs, self._reader = work, blobs, reader

    async def run(self, changes: AsyncIterator[Change]) -> None:
        """Read what is there, then what comes; runs as long as the center."""
        await self.look()
        async for change in changes:
            if change.kind in GROWN:
                await self.look()

    async def look(self) -> None:
        """Read every page without text, the oldest first."""
        while page := await self._next():
            try:
                text = await self._read(page)
            except ReaderDownError as error:
                log.warning("pages stay unread: %s", error)
                return
            async with self._work() as work:
                await work.texts.keep(page, text)
                await work.commit()

    async def _next(self) -> Page | None:
        async with self._work() as work:
            return await work.texts.first_unread()

    async def _read(self, page: Page) -> str:
        try:
            clean = await self._blobs.get(page.clean_sha256)
        except BlobMissing:
            return ""  # its time was over, and the record follows
        return await self._reader.read(clean)
