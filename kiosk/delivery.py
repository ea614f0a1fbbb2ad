"""Sends pages to the center, picture by picture.

The small picture of every page goes first, so that the lawyer sees it at once, then the flattened
page, then the original. Large pictures have a connection of their own, and wait while a small one
is under way. All requests are idempotent, and the center's answer says what it has of a page: an
agent that was killed sends the small picture again and goes on from there; an original that a cut
line interrupted goes on where it was.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from aiohttp import ClientError
from pydantic import ValidationError

from center.protocol.words import ErrorCode, PageStage
from kiosk.backoff import Backoff
from kiosk.center import Center, RefusedError, Turn, at_once
from kiosk.journey import events
from kiosk.spool import Spool, SpooledPage

log = logging.getLogger(__name__)

HOPELESS = frozenset(
    {
        ErrorCode.NOT_AN_IMAGE,
        ErrorCode.IMAGE_TRUNCATED,
        ErrorCode.IMAGE_TOO_LARGE,
        ErrorCode.BODY_TOO_LARGE,
        ErrorCode.BODY_INVALID,
        ErrorCode.HASH_MISMATCH,
        ErrorCode.NOT_FOUND,
        ErrorCode.FORBIDDEN,
        ErrorCode.ILLEGAL_TRANSITION,
    }
)
"""Refusals that the same page would meet again."""

NEXT = {PageStage.PREVIEW: "clean", PageStage.CLEAN: "original"}
"""The picture that is wanted next."""

Due = tuple[str, SpooledPage]
"""A page and the consultation that it goes to."""


class Precedence:
    """Who goes first on a thin line."""

    def __init__(self) -> None:
        self._free = asyncio.Event()
        self._free.set()

    @contextmanager
    def first(self) -> Iterator[None]:
        """Everybody else waits for their turn meanwhile."""
        self._free.clear()
        try:
            yield
        finally:
            self._free.set()

    async def turn(self) -> None:
        """Nobody goes first now."""
        await self._free.wait()


@dataclass(slots=True)
class _Lane:
    """Takes one `step` after the other until there is none; waits when the center is away."""

    step: Callable[[], Awaitable[bool]]
    backoff: Backoff
    wanted: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        self.backoff.failures = 0
        self.wanted.set()

    async def run(self) -> None:
        while True:
            await self.wanted.wait()
            self.wanted.clear()
            try:
                while await self.step():
                    self.backoff.failures = 0
            except (RefusedError, ClientError, OSError, TimeoutError, ValidationError) as error:
                log.info("pages wait: %s", error)
                await self._pause()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self.backoff.next()):
                await self.wanted.wait()
        except TimeoutError:
            self.wanted.set()


class Delivery:
    """`run()` sends whatever the spool owes the center."""

    def __init__(
        self,
        spool: Spool,
        center: Center,
        freight: Center,
        backoff: Backoff,
        report: Callable[[events.PageSent | events.PageRefused], None],
    ) -> None:
        self._spool, self._center, self._freight, self._report = spool, center, freight, report
        self._precedence = Precedence()
        self._small = _Lane(self._show, backoff)
        self._large = _Lane(self._complete, replace(backoff))
        self._stages: dict[tuple[str, str], PageStage] = {}
        """What the center has of a page, by visit and page."""

    def wake(self) -> None:
        """There may be something to send, or a line to send it on."""
        self._small.wake()
        self._large.wake()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as lanes:
            lanes.create_task(self._small.run())
            lanes.create_task(self._large.run())

    async def _show(self) -> bool:
        """The small picture of the first page of which the center has none."""
        unseen = [due for due in await self._due() if _key(due[1]) not in self._stages]
        if not unseen:
            self._large.wake()
            return False
        small = unseen[0][1].record.preview_sha256 is not None
        with self._precedence.first():
            await self._send(unseen[0], "preview" if small else "clean", self._center)
        return True

    async def _complete(self) -> bool:
        """The next picture of the page that has come least far."""
        waiting = await self._due()
        seen = [due for due in waiting if _key(due[1]) in self._stages]
        if not seen:
            if waiting:  # the small picture is on its way: meanwhile the connection opens
                await self._freight.reach()
            return False
        due = min(seen, key=lambda due: self._stages[_key(due[1])].order)
        kind = NEXT[self._stages[_key(due[1])]]
        await self._send(due, kind, self._freight, self._precedence.turn)
        return True

    async def _due(self) -> list[Due]:
        return await asyncio.to_thread(self._spool.due)

    async def _send(self, due: Due, kind: str, center: Center, turn: Turn = at_once) -> None:
        consultation_id, page = due
        try:
            picture = await self._picture(page, kind)
            if kind == "original":
                await center.put_picture(picture, turn)
                stored = await center.put_page(consultation_id, page)
            else:
                stored = await center.put_page_picture(consultation_id, page, picture, turn)
        except RefusedError as refusal:
            if refusal.code not in HOPELESS:
                raise
            await self._drop(page, refusal)
        else:
            await self._note(page, stored.page.stage)

    async def _picture(self, page: SpooledPage, kind: str) -> bytes:
        data = await asyncio.to_thread(self._spool.picture, page.visit_id, page.sha256, kind)
        if data is None:
            raise RefusedError(ErrorCode.NOT_FOUND, f"{kind} is gone from the spool")
        return data

    async def _note(self, page: SpooledPage, stage: PageStage) -> None:
        if stage is PageStage.WHOLE:
            self._stages.pop(_key(page), None)
            await asyncio.to_thread(self._spool.acknowledged, page.visit_id, page.sha256)
            self._report(events.PageSent(page.visit_id, page.sha256))
        elif self._stages.get(_key(page)) is stage:
            raise RefusedError(ErrorCode.BLOB_MISSING, f"{page.sha256[:8]} is still at {stage}")
        else:
            self._stages[_key(page)] = stage

    async def _drop(self, page: SpooledPage, refusal: RefusedError) -> None:
        log.warning("page %s refused for good: %s", page.sha256[:8], refusal)
        self._stages.pop(_key(page), None)
        await asyncio.to_thread(self._spool.drop, page.visit_id, page.sha256)
        self._report(events.PageRefused(page.visit_id, page.sha256))


def _key(page: SpooledPage) -> tuple[str, str]:
    return page.visit_id, page.sha256
