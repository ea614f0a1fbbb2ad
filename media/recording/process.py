"""The recorder as a process of its own: media of many rooms never slows the center's signalling."""

import asyncio
import errno
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from aiortc import RTCIceServer
from pydantic import BaseModel

from media.loopback import allow_loopback
from media.recording import orders
from media.recording.peer import Reach, State
from media.recording.recorder import NotAgreedError, Recording

LINE_LIMIT = 2 << 20
"""Bytes of a line; an offer is 200 kB at most."""
NICER = 10
"""How much finishing yields to talks; recording does not wait, its packets would be lost."""
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})

Say = Callable[[BaseModel], None]


class Recorder:
    """Carries out orders, those for one recording one at a time."""

    def __init__(self, setting: orders.Setting, say: Say) -> None:
        self._folder, self._key = Path(setting.folder), bytes.fromhex(setting.key)
        self._say = say
        self._reels: dict[str, Recording] = {}
        self._turns: dict[str, asyncio.Lock] = {}

    async def obey(self, order: orders.OfReel) -> None:
        """Do it and say so."""
        try:
            async with self._turns.setdefault(order.reel, asyncio.Lock()):
                sdp = await self._do(order)
        except (ValueError, LookupError, NotAgreedError) as error:
            self._failed(order, "refused", error)
        except OSError as error:
            self._failed(order, "full" if error.errno in NO_ROOM else "disk", error)
        except Exception as error:  # noqa: BLE001 - told to whoever ordered it
            self._failed(order, "failed", error)
        else:
            self._say(orders.Done(number=order.number, sdp=sdp))

    async def close(self) -> None:
        """Stop everything that runs."""
        for reel in list(self._reels.values()):
            await reel.stop()

    async def _do(self, order: orders.OfReel) -> str | None:
        match order:
            case orders.Start():
                self._start(order)
            case orders.Answer(consent=consent, sdp=sdp, names=names):
                reach = Reach(list(map(_server, order.servers)), order.relay_only)
                return await self._reels[order.reel].answer(consent, sdp, names, reach)
            case orders.AddCandidates(peer=peer, candidates=candidates):
                await self._reels[order.reel].add_candidates(peer, candidates)
            case orders.HangUp(peer=peer):
                await self._reels[order.reel].hang_up(peer)
            case orders.Stop():
                await self._stop(order.reel)
        return None

    def _start(self, order: orders.Start) -> None:
        self._reels[order.reel] = Recording(
            self._folder / order.reel,
            self._key,
            order.room,
            partial(self._changed, order.reel),
        )

    async def _stop(self, reel: str) -> None:
        recording = self._reels.pop(reel, None)
        self._turns.pop(reel, None)
        if recording is not None:
            await recording.stop()

    def _changed(self, reel: str, peer: str, state: State) -> None:
        self._say(orders.News(reel=reel, peer=peer, state=state))

    def _failed(self, order: orders.OfReel, why: str, error: Exception) -> None:
        detail = f"{type(error).__name__}: {error}"[:400]
        self._say(
            orders.Failed.model_validate({"number": order.number, "why": why, "detail": detail})
        )


def _server(told: orders.Server) -> RTCIceServer:
    return RTCIceServer(list(told.urls), told.username, told.credential)


async def run() -> None:
    """Until the end of the input."""
    lines = asyncio.StreamReader(limit=LINE_LIMIT)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    setting = orders.Setting.model_validate_json(await lines.readline())
    if setting.loopback:
        allow_loopback()
    recorder = Recorder(setting, _say)
    _say(orders.Done(number=orders.READY))
    running: set[asyncio.Task[None]] = set()
    while line := await lines.readline():
        order = orders.order.validate_json(line)
        if isinstance(order, orders.Pulse):
            _say(orders.Done(number=order.number))
            continue
        task = asyncio.create_task(recorder.obey(order))
        running.add(task)
        task.add_done_callback(running.discard)
    if running:
        await asyncio.wait(running)
    await recorder.close()


def _say(word: BaseModel) -> None:
    sys.stdout.write(word.model_dump_json() + "\n")
    sys.stdout.flush()


def finish() -> None:
    """Finish the one recording that standard input names; prints what it made."""
    _finish(orders.Finishing.model_validate_json(sys.stdin.read()))


def convert() -> int:
    """Keep the one recording of Janus that standard input names, and print what was made; or say
    what is wrong with it, and exit with 2."""
    from media.recording.convert import Publication, convert  # noqa: PLC0415
    from media.recording.mjr import MjrError  # noqa: PLC0415

    told = orders.Converting.model_validate_json(sys.stdin.read())
    files = [{name: Path(file) for name, file in one.files.items()} for one in told.published]
    consents = [one.consent for one in told.published]
    publications = list(map(Publication, consents, files))
    try:
        convert(Path(told.folder), bytes.fromhex(told.key), told.room, publications)
    except (MjrError, NotAgreedError, OSError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201 - as below
        return 2
    _finish(told)
    return 0


def _finish(told: orders.Finishing) -> None:
    # These load codecs and signatures, which a running recorder never needs.
    from media.recording.finish import finish as finish_reel  # noqa: PLC0415
    from media.recording.signature import sign  # noqa: PLC0415

    os.nice(NICER)
    seal = told.seal_key, told.seal_certificate
    key = bytes.fromhex(told.key)
    manifest = finish_reel(Path(told.folder), key, lambda text: sign(text, *seal))
    print(manifest.model_dump_json())  # noqa: T201 - what it was started for
