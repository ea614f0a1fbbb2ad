"""One reel of a room whose media go through a server: the server records what is sent to it."""

import asyncio
from collections import Counter
from contextlib import suppress
from functools import partial
from pathlib import Path

from center.realtime.hub import Hub
from center.realtime.recorder.alarm import Alarm, Report, keep_looking
from center.realtime.rooms import Carrier
from center.services.recording_ports import RecorderDownError, Reel, Running


def records(hub: Hub, room_id: str) -> bool:
    """Whether there is a server that carries the room and has somewhere to record to."""
    carrier = hub.presence.carrier(room_id)
    return carrier is not None and carrier.records_into is not None


class EngineSession:
    """For as long as everybody in the room agrees, nobody is apart, and the server lasts."""

    def __init__(self, hub: Hub, talk: Running, reel: Reel, report: Report) -> None:
        self.reel = reel
        self._hub, self._talk = hub, talk
        self._alarm = Alarm(talk, report)
        self._carrier: Carrier | None = None
        self._sizes: Counter[str] = Counter()
        self._looking: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Whoever is to be recorded is, as soon as they send.

        Raises:
            RecorderDownError: no server carries the room, or it has nowhere to record to.
        """
        carrier = self._hub.presence.carrier(self._talk.room_id)
        if carrier is None or carrier.records_into is None:
            raise RecorderDownError("no server records the room")
        self._carrier = carrier
        await self.follow(self._talk)
        look = partial(self._look, carrier.records_into)
        self._looking = asyncio.create_task(keep_looking(look))

    async def close(self) -> None:
        """Nothing is recorded any more; the files are whole."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        if self._carrier is not None:
            await self._carrier.record({})

    def serves(self, talk: Running) -> bool:
        """Whether this is how the talk is to be recorded now."""
        present = self._hub.presence.carrier(talk.room_id)
        same = talk.recording_id == self.reel.recording_id and talk.engine
        return same and present is self._carrier

    async def follow(self, talk: Running) -> None:
        """Record whoever is there now; whoever went away is missed no more."""
        self._talk = talk
        self._alarm.follow(talk)
        if self._carrier is not None:
            names = {peer: f"{self.reel.reel_id}.{seat}" for peer, seat in talk.seats.items()}
            await self._carrier.record(names)

    def changed(self, peer: str, state: str) -> None:
        """Nobody of this room is recorded by our own recorder."""

    async def _look(self, folder: Path) -> None:
        """The server tells nobody that it does not record; but its files grow."""
        sizes = await asyncio.to_thread(_sizes, folder, self.reel.reel_id)
        for peer, seat in self._talk.seats.items():
            if sizes[seat] > self._sizes[seat]:
                self._alarm.heard(peer)
            else:
                self._alarm.missed(peer)
        self._sizes = sizes
        await self._alarm.look()


def _sizes(folder: Path, reel_id: str) -> Counter[str]:
    """Bytes by seat. A file may get its last name meanwhile; one that cannot be seen counts not."""
    sizes: Counter[str] = Counter()
    for path in folder.glob(f"{reel_id}.*"):
        with suppress(OSError):
            sizes[path.name.split(".")[1]] += path.stat().st_size
    return sizes
