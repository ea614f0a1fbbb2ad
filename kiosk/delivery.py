"""Sends pages to the center: both pictures by their hash, then the page itself.

All three are idempotent, so whatever was cut off is done again from the start of that page.
"""

import asyncio
import logging
from collections.abc import Callable
from hashlib import sha256

from aiohttp import ClientError, ClientSession, ClientTimeout
from pydantic import ValidationError

from center.protocol.mediation import AgreementAsk
from center.protocol.rest import LineView, Lookup, LookupAsk, PageStored, Problem
from center.protocol.views import IceServer
from center.protocol.words import ErrorCode
from kiosk.backoff import Backoff
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


class RefusedError(Exception):
    """The center refused, with a code."""

    def __init__(self, code: ErrorCode, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


class Center:
    """The kiosk's HTTP requests; `token` is asked for each, since it changes."""

    def __init__(self, http: ClientSession, origin: str, token: Callable[[], str | None]) -> None:
        self._http, self._origin, self._token = http, origin, token

    async def put_picture(self, data: bytes) -> None:
        """Store bytes under their hash.

        Raises:
            RefusedError, aiohttp.ClientError, TimeoutError: they are not stored.
        """
        url = f"/api/blobs/{sha256(data).hexdigest()}"
        await self._send("PUT", url, data, "image/jpeg")

    async def put_page(self, consultation_id: str, page: SpooledPage) -> PageStored:
        """Register a page whose two pictures are stored.

        Raises:
            RefusedError, aiohttp.ClientError, TimeoutError: it is not registered.
        """
        url = f"/api/consultations/{consultation_id}/pages/{page.sha256}"
        body = page.record.model_dump_json().encode()
        return PageStored.model_validate_json(await self._send("PUT", url, body))

    async def lookup(self, ask: LookupAsk) -> Lookup | None:
        """A matter by its slip; null when there is none.

        Raises:
            RefusedError, aiohttp.ClientError, TimeoutError: the center cannot say.
        """
        text = await self._found("/api/lookup", ask)
        return None if text is None else Lookup.model_validate_json(text)

    async def agreement(self, ask: AgreementAsk) -> bytes | None:
        """A party's copy of a sealed agreement, PDF; null when there is none.

        Raises:
            RefusedError, aiohttp.ClientError, TimeoutError: the center cannot say.
        """
        return await self._found("/api/agreements", ask)

    async def relays(self) -> tuple[IceServer, ...]:
        """The relays to try a line with.

        Raises:
            RefusedError, aiohttp.ClientError, TimeoutError: the center cannot say.
        """
        return LineView.model_validate_json(await self._send("GET", "/api/line")).ice_servers

    async def _found(self, path: str, ask: LookupAsk | AgreementAsk) -> bytes | None:
        try:
            return await self._send("POST", path, ask.model_dump_json().encode())
        except RefusedError as refusal:
            if refusal.code is ErrorCode.NOT_FOUND:
                return None
            raise

    async def _send(
        self, method: str, path: str, body: bytes = b"", kind: str = "application/json"
    ) -> bytes:
        headers = {"Authorization": f"Bearer {self._token() or ''}", "Content-Type": kind}
        async with self._http.request(
            method,
            self._origin + path,
            data=body,
            headers=headers,
            timeout=ClientTimeout(total=120, sock_connect=5, sock_read=30),
        ) as reply:
            text = await reply.read()
            if reply.ok:
                return text
            problem = Problem.model_validate_json(text)
            raise RefusedError(problem.code, problem.detail)


class Delivery:
    """`run()` sends whatever the spool owes the center, one page after the other."""

    def __init__(
        self,
        spool: Spool,
        center: Center,
        backoff: Backoff,
        report: Callable[[events.PageSent | events.PageRefused], None],
    ) -> None:
        self._spool, self._center = spool, center
        self._backoff, self._report = backoff, report
        self._wanted = asyncio.Event()

    def wake(self) -> None:
        """There may be something to send, or a line to send it on."""
        self._backoff.failures = 0
        self._wanted.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self._send_all()
            except (RefusedError, ClientError, OSError, TimeoutError, ValidationError) as error:
                log.info("pages wait: %s", error)
                await self._pause()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self._backoff.next()):
                await self._wanted.wait()
        except TimeoutError:
            self._wanted.set()

    async def _send_all(self) -> None:
        while pages := await asyncio.to_thread(self._spool.due):
            await self._send_or_drop(*pages[0])
            self._backoff.failures = 0

    async def _send_or_drop(self, consultation_id: str, page: SpooledPage) -> None:
        try:
            await self._send(consultation_id, page)
        except RefusedError as refusal:
            if refusal.code not in HOPELESS:
                raise
            log.warning("page %s refused for good: %s", page.sha256[:8], refusal)
            await asyncio.to_thread(self._spool.drop, page.visit_id, page.sha256)
            self._report(events.PageRefused(page.visit_id, page.sha256))
            return
        await asyncio.to_thread(self._spool.acknowledged, page.visit_id, page.sha256)
        self._report(events.PageSent(page.visit_id, page.sha256))

    async def _send(self, consultation_id: str, page: SpooledPage) -> None:
        for kind in ("original", "clean"):
            data = await asyncio.to_thread(self._spool.picture, page.visit_id, page.sha256, kind)
            if data is None:
                raise RefusedError(ErrorCode.NOT_FOUND, f"{kind} is gone from the spool")
            await self._center.put_picture(data)
        await self._center.put_page(consultation_id, page)
