"""Text in the background: one reading process, one page at a time, stopped when nobody waits."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress

from scanner.text.errors import TextTimeout, TextUnavailable
from scanner.text.page import PageText
from scanner.text.wire import PAGE, PAGE_SECONDS, TEXT
from scanner.types import Image

_GRACE = 15.0  # seconds beyond the page's own: to load the models and to finish the last line


class TextReader:
    """Starts its process with the first page and keeps the models loaded from then on."""

    def __init__(self, seconds: float = PAGE_SECONDS, threads: int = 2) -> None:
        """`seconds` a page; afterwards it comes incomplete."""
        self._seconds = seconds
        self._threads = threads
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    async def read(self, image: Image) -> PageText:
        """A flat, evenly lit page standing upright. Cancelling ends the work at once. Raises
        TextTimeout, TextUnavailable."""
        async with self._turn:
            try:
                async with asyncio.timeout(self._seconds + _GRACE):
                    return await self._ask(image)
            except TimeoutError as error:
                await self._stop()
                raise TextTimeout(f"nothing within {self._seconds + _GRACE:g} s") from error
            except (OSError, asyncio.IncompleteReadError) as error:
                await self._stop()
                raise TextUnavailable("the reading process ended") from error
            except BaseException:
                await self._stop()
                raise

    async def close(self) -> None:
        async with self._turn:
            await self._stop()

    async def _ask(self, image: Image) -> PageText:
        process = await self._running()
        if process.stdin is None or process.stdout is None:
            raise TextUnavailable("the reading process has no pipes")
        process.stdin.write(PAGE.pack(*image.shape[:2], self._seconds) + image.tobytes())
        await process.stdin.drain()
        (length,) = TEXT.unpack(await process.stdout.readexactly(TEXT.size))
        return PageText.from_json(await process.stdout.readexactly(length))

    async def _running(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            command = [sys.executable, "-m", "scanner.text.worker", "--threads", str(self._threads)]
            # OpenMP inside tesseract would spin on every core for each line.
            calm = {**os.environ, "OMP_THREAD_LIMIT": "1"}
            self._process = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, env=calm
            )
        return self._process

    async def _stop(self) -> None:
        """Kill, not ask: a network or tesseract in the middle of a line hears nothing."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        await asyncio.shield(process.wait())
