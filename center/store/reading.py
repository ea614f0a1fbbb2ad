"""Page texts as the scanner reads them. It is imported with the first page: that takes longer than
loading all the rest of the center."""

import asyncio
from typing import TYPE_CHECKING

from center.services.texts import ReaderDownError

if TYPE_CHECKING:
    from scanner.text import TextReader
    from scanner.types import Image

SECONDS = 120.0
"""For a page: nobody waits for it, and calls come first."""


class ScannerReader:
    """`texts.PageReader`; a process of its own does the work, on one core and behind all others."""

    def __init__(self) -> None:
        self._reader: TextReader | None = None

    async def read(self, clean: bytes) -> str:
        """`PageText` as JSON; empty where the picture is damaged or reading took too long.

        Raises:
            ReaderDownError: the reading process does not run.
        """
        from scanner.errors import ImageError  # noqa: PLC0415
        from scanner.text import TextReader, TextTimeout, TextUnavailable  # noqa: PLC0415

        self._reader = self._reader or TextReader(SECONDS, threads=1)
        try:
            image = await asyncio.to_thread(_decoded, clean)
            return (await self._reader.read(image)).to_json()
        except (ImageError, TextTimeout):
            return ""
        except TextUnavailable as error:
            raise ReaderDownError(str(error)) from error

    async def close(self) -> None:
        """End the process."""
        if self._reader is not None:
            await self._reader.close()


def _decoded(clean: bytes) -> "Image":
    from scanner.image import decode  # noqa: PLC0415

    return decode(clean)
