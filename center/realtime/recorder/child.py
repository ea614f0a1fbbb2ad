"""The recorder's process, started when it is first needed; implements `recording_ports.Recorder`.

A process rather than a thread: unpacking, decrypting and writing media holds the interpreter's lock
for milliseconds at a time, which signalling would feel, and a crash of the media libraries must not
take the center along. It gets its key on its standard input, where nobody else can read it.
"""

import asyncio
import itertools
import logging
import sys
from collections.abc import Callable, Sequence

from pydantic import BaseModel

from center.domain.errors import StorageFull
from center.services.recording_ports import (
    Heard,
    Ice,
    Offer,
    Participant,
    RecorderDiskError,
    RecorderDownError,
    RefusedOfferError,
)
from media.recording import orders
from media.recording.manifest import Consent

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "media", "recorder")
LINE_LIMIT = 2 << 20
PATIENCE_S = 20.0
"""For an answer to an order: gathering candidates waits 5 s for a relay that does not answer."""
GOODBYE_S = 5.0
PULSE_S = 2.0
HUNG_S = 10.0
"""How often it is asked whether it is there, and how long it may take to say so."""
LAUNCH_S = 60.0
"""For loading the media libraries: a second on an idle machine."""


def _nothing() -> None:
    return


class ChildRecorder:
    """One process for all recordings of this center; one that hangs is ended like one that died."""

    def __init__(self, setting: orders.Setting) -> None:
        self._setting = setting
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._pulsing: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[str | None]] = {}
        self._heard: Heard = lambda *_: None
        self._down: Callable[[], None] = _nothing

    def listen(self, heard: Heard, down: Callable[[], None]) -> None:
        """Whom to tell."""
        self._heard, self._down = heard, down

    async def prepare(self) -> None:
        """Have the process there."""
        async with self._starting:
            if self._process is None:
                await self._spawn()

    async def start(self, reel_id: str, room_id: str) -> None:
        """Begin a reel, and the process when it is not there."""
        await self.prepare()
        await self._order(orders.Start(number=next(self._numbers), reel=reel_id, room=room_id))

    async def answer(self, reel_id: str, participant: Participant, offer: Offer, ice: Ice) -> str:
        """The answer to an offer."""
        asked = orders.Answer(
            number=next(self._numbers),
            reel=reel_id,
            consent=_consent(participant),
            sdp=offer.sdp,
            names=offer.names,
            servers=tuple(orders.Server.model_validate(s.model_dump()) for s in ice.servers),
            relay_only=ice.relay_only,
        )
        return await self._order(asked) or ""

    async def add_candidates(self, reel_id: str, peer: str, candidates: Sequence[str]) -> None:
        """More ways to a peer."""
        read = tuple(orders.Candidate.model_validate_json(text) for text in candidates)
        number = next(self._numbers)
        await self._order(
            orders.AddCandidates(number=number, reel=reel_id, peer=peer, candidates=read)
        )

    async def hang_up(self, reel_id: str, peer: str) -> None:
        """This peer is not recorded any more."""
        await self._order(orders.HangUp(number=next(self._numbers), reel=reel_id, peer=peer))

    async def stop(self, reel_id: str) -> None:
        """The reel is over, and on the disk."""
        await self._order(orders.Stop(number=next(self._numbers), reel=reel_id))

    async def close(self) -> None:
        """Let the process end what it records, and wait for it."""
        process, self._process = self._process, None
        if self._pulsing is not None:
            self._pulsing.cancel()
        if process is not None and process.stdin is not None:
            process.stdin.close()
            await self._see_off(process)
        if self._reading is not None:
            await self._reading

    async def _see_off(self, process: asyncio.subprocess.Process) -> None:
        try:
            async with asyncio.timeout(GOODBYE_S):
                await process.wait()
        except TimeoutError:
            log.warning("the recorder did not end in time; what it wrote is finished later")
            process.kill()

    async def _spawn(self) -> None:
        """The process says a word when it has loaded what it needs."""
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *COMMAND, stdin=pipe, stdout=pipe, limit=LINE_LIMIT
        )
        self._process = process
        ready = self._waiting[orders.READY] = asyncio.get_running_loop().create_future()
        self._write(self._setting)
        self._reading = asyncio.create_task(self._read(process))
        try:
            async with asyncio.timeout(LAUNCH_S):
                await ready
        except TimeoutError as error:
            process.kill()
            raise RecorderDownError("the recorder does not start") from error
        finally:
            self._waiting.pop(orders.READY, None)
        self._pulsing = asyncio.create_task(self._feel(process))

    async def _feel(self, process: asyncio.subprocess.Process) -> None:
        try:
            while True:
                await asyncio.sleep(PULSE_S)
                await self._order(orders.Pulse(number=next(self._numbers)), HUNG_S)
        except RecorderDownError as error:
            if process.returncode is None:
                log.error("the recorder hangs: %s", error)  # noqa: TRY400
                process.kill()

    async def _order(self, what: orders.Order, patience_s: float = PATIENCE_S) -> str | None:
        if self._process is None:
            raise RecorderDownError("the recorder does not run")
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._waiting[what.number] = answer
        self._write(what)
        try:
            async with asyncio.timeout(patience_s):
                return await answer
        except TimeoutError as error:
            raise RecorderDownError(f"no answer to {what.do}") from error
        finally:
            self._waiting.pop(what.number, None)

    def _write(self, line: BaseModel) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(line.model_dump_json().encode() + b"\n")

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        while line := await process.stdout.readline():
            try:
                self._take(orders.word.validate_json(line))
            except ValueError:
                log.error("the recorder says what nobody understands: %r", line[:200])  # noqa: TRY400
        code = await process.wait()
        if process.stdin is not None:
            process.stdin.close()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(RecorderDownError("the recorder is gone"))
        if self._process is process:
            log.error("the recorder died with %s", code)
            self._process = None
            self._down()

    def _take(self, word: orders.Word) -> None:
        if isinstance(word, orders.News):
            self._heard(word.reel, word.peer, word.state)
            return
        waiting = self._waiting.get(word.number)
        if waiting is None or waiting.done():
            return
        if isinstance(word, orders.Done):
            waiting.set_result(word.sdp)
        else:
            waiting.set_exception(_error(word))


def _error(word: orders.Failed) -> Exception:
    match word.why:
        case "refused":
            return RefusedOfferError(word.detail)
        case "full":
            return StorageFull(word.detail)
        case "disk":
            return RecorderDiskError(word.detail)
        case _:
            return RecorderDownError(word.detail)


def _consent(participant: Participant) -> Consent:
    at = participant.agreed_at.isoformat(timespec="milliseconds")
    return Consent(peer=participant.peer, who=participant.who, at=at)
