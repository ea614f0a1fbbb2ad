"""Follows the mediations: where a room has outgrown the mesh there is a stage for it, on one of the
servers; when that is lost, on another one.

What is true is read from the database each time, so a change that was missed, or a restart of the
center, is made good by the next look.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from center.domain.errors import DomainError
from center.realtime.engine.janus import JanusDownError, JanusRefusedError
from center.realtime.engine.stage import Lost, Stage
from center.realtime.hub import Hub
from center.services.ports import Bus
from config.chores import Chores
from config.settings import JanusServer

log = logging.getLogger(__name__)

AGAIN_S = 1.0
"""Pause before all servers are tried once more, when none would take the room."""


class EngineDesk:
    """One a process."""

    def __init__(self, hub: Hub, bus: Bus, servers: Sequence[JanusServer], people: int) -> None:
        self._hub, self._bus = hub, bus
        self._servers, self._people = servers, people
        self._stages: dict[str, tuple[JanusServer, Stage]] = {}
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._failed: set[str] = set()
        self._waiting: set[str] = set()
        self._chores = Chores("the engine desk")

    async def run(self) -> None:
        """Runs as long as the center."""
        changes = self._bus.subscribe()
        for room_id in await self._hub.services.rooms.all_outgrown():
            self._chores.begin(self._follow(room_id))
        async for change in changes:
            kind, _, room_id = change.stream.partition(":")
            if kind == "mediation":
                self._chores.begin(self._follow(room_id))

    async def close(self) -> None:
        """The center goes down; its rooms go on, and are taken over at the next start."""
        await self._chores.end()
        for room_id, (_, stage) in self._stages.items():
            self._hub.presence.carry(room_id, None)
            await stage.let_go()
        self._stages.clear()

    async def _follow(self, room_id: str) -> None:
        async with self._turns[room_id]:
            mediation = await self._hub.services.rooms.outgrown(room_id)
            if mediation is None:
                await self._leave(room_id)
            elif room_id not in self._stages:
                await self._begin(room_id, mediation.carrier)

    async def _begin(self, room_id: str, before: str | None) -> None:
        """`before` is where the last run of the center left it."""
        for server in self._in_order(before):
            try:
                stage = await self._open(room_id, server)
            except (JanusDownError, JanusRefusedError) as error:
                log.error("no room on %s: %s", server.url, error)  # noqa: TRY400
                self._failed.add(server.url)
                continue
            log.info("room %s goes through %s", room_id, server.url)
            self._failed.discard(server.url)
            self._stages[room_id] = server, stage
            self._hub.presence.carry(room_id, stage)
            await self._tell(room_id, server.url)
            self._hub.pushes.room_changed(room_id)
            self._chores.begin(self._watch(room_id, stage))
            return
        await self._tell(room_id, None)
        if room_id not in self._waiting:
            self._waiting.add(room_id)
            self._chores.begin(self._again(room_id))

    async def _open(self, room_id: str, server: JanusServer) -> Stage:
        say = partial(self._hub.say, room_id)
        changed = partial(self._hub.pushes.room_changed, room_id)
        return await Stage.open(room_id, server, self._people, say, changed)

    def _in_order(self, before: str | None) -> list[JanusServer]:
        """Where it was; those with the fewest rooms; those that lately failed."""
        rooms = Counter(server.url for server, _ in self._stages.values())
        return sorted(
            self._servers, key=lambda s: (s.url in self._failed, s.url != before, rooms[s.url])
        )

    async def _watch(self, room_id: str, stage: Stage) -> None:
        await stage.lost.wait()
        async with self._turns[room_id]:
            server, present = self._stages.get(room_id, (None, None))
            if server is None or present is not stage:
                return
            log.error("%s is lost, and with it room %s", server.url, room_id)
            self._failed.add(server.url)
            del self._stages[room_id]
            self._hub.presence.carry(room_id, Lost())
            self._chores.begin(stage.close())
            await self._tell(room_id, None)
        await self._follow(room_id)

    async def _leave(self, room_id: str) -> None:
        self._hub.presence.carry(room_id, None)
        _, stage = self._stages.pop(room_id, (None, None))
        if stage is not None:
            await stage.close()

    async def _tell(self, room_id: str, server: str | None) -> None:
        """For the log. A mediation that ended meanwhile is not concerned."""
        with suppress(DomainError):
            await self._hub.services.mediations.carried(room_id, server)

    async def _again(self, room_id: str) -> None:
        await asyncio.sleep(AGAIN_S)
        self._waiting.discard(room_id)
        await self._follow(room_id)
