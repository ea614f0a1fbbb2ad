"""Chromium's DevTools protocol over two pipes: no port that another program could speak to."""

import asyncio
import fcntl
import json
import os
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

MOST_BYTES = 1 << 20
"""Of one frame; what is asked here is answered in far less."""
PIPES = 'exec "$@" 3<&{asks} 4>&{answers}'
"""Chromium reads from descriptor 3 and writes to 4. Plain sh knows descriptors up to 9 only."""

Frame = dict[str, Any]


class GoneError(Exception):
    """Chromium does not listen any more."""


class RefusedError(Exception):
    """Chromium would not do it."""


class DevTools:
    """What one Chromium is asked, answers and tells."""

    def __init__(self, reader: asyncio.StreamReader, asks: int) -> None:
        self._reader, self._asks = reader, asks
        self._waiting: dict[int, asyncio.Future[Frame]] = {}
        self._asked = 0
        self._events: asyncio.Queue[Frame | None] = asyncio.Queue()

    async def ask(self, method: str, session: str | None = None, **parameters: Any) -> Frame:
        """What Chromium answers. Raises GoneError, RefusedError."""
        self._asked += 1
        number = self._asked
        frame = {"id": number, "method": method, "params": parameters}
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        text = json.dumps(frame | ({"sessionId": session} if session else {}))
        try:
            # A frame of a few hundred bytes fits into the pipe, which nobody lets run full.
            os.write(self._asks, text.encode() + b"\0")
            return await answer
        except OSError as error:
            raise GoneError(str(error)) from error
        finally:
            self._waiting.pop(number, None)

    async def events(self) -> AsyncIterator[Frame]:
        """What happens, until Chromium is gone."""
        while (event := await self._events.get()) is not None:
            yield event

    async def listen(self) -> None:
        """Reads until Chromium is gone; runs beside everything else."""
        try:
            while True:
                self._take(json.loads((await self._reader.readuntil(b"\0"))[:-1]))
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            self._events.put_nowait(None)
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(GoneError("the pipe is closed"))

    def _take(self, frame: Frame) -> None:
        if "id" not in frame:
            self._events.put_nowait(frame)
        elif (answer := self._waiting.get(frame["id"])) is not None and not answer.done():
            if "error" in frame:
                answer.set_exception(RefusedError(frame["error"].get("message")))
            else:
                answer.set_result(frame.get("result", {}))


@asynccontextmanager
async def chromium(command: Sequence[str]) -> AsyncIterator[DevTools]:
    """Start `command` (Chromium with its flags) and speak with it.

    Raises:
        OSError: there is no such program.
    """
    theirs_in, asks = _pipe()
    answers, theirs_out = _pipe()
    shell = PIPES.format(asks=theirs_in, answers=theirs_out)
    line = ("/bin/bash", "-c", shell, "bash", *command, "--remote-debugging-pipe")
    try:
        process = await asyncio.create_subprocess_exec(
            *line, pass_fds=(theirs_in, theirs_out), stdout=DEVNULL, stderr=DEVNULL
        )
    finally:
        os.close(theirs_in)
        os.close(theirs_out)
    reader = asyncio.StreamReader(MOST_BYTES)
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: protocol, os.fdopen(answers, "rb", 0)
    )
    tools = DevTools(reader, asks)
    listening = asyncio.create_task(tools.listen())
    try:
        yield tools
    finally:
        listening.cancel()
        transport.close()
        os.close(asks)
        await _end(process)


def _pipe() -> tuple[int, int]:
    """Two ends above 9, so that none is in the way of the descriptors that Chromium wants."""
    ends = os.pipe()
    high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return high[0], high[1]


async def _end(process: Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), 5)
    except TimeoutError:
        process.kill()
        await process.wait()
