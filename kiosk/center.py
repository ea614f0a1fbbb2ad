"""The kiosk's HTTP requests to the center."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from hashlib import sha256

from aiohttp import ClientSession, ClientTimeout

from center.protocol.mediation import AgreementAsk
from center.protocol.rest import LineView, Lookup, LookupAsk, PageStored, Problem
from center.protocol.views import IceServer
from center.protocol.words import ErrorCode
from kiosk.spool import SpooledPage

PIECE = 16 * 1024
STALLED_S = 60.0
"""A line that takes no piece for so long is cut; a whole picture may take minutes."""

REQUEST = ClientTimeout(total=120, sock_connect=5, sock_read=30)
UPLOAD = ClientTimeout(total=None, sock_connect=5, sock_read=30)


async def at_once() -> None:
    """Waits for nobody."""


class RefusedError(Exception):
    """The center refused, with a code."""

    def __init__(self, code: ErrorCode, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


class Center:
    """The kiosk's HTTP requests; `token` is asked for each, since it changes."""

    def __init__(self, http: ClientSession, origin: str, token: Callable[[], str | None]) -> None:
        self._http, self._origin, self._token = http, origin, token

    async def put_picture(
        self, data: bytes, turn: Callable[[], Awaitable[object]] = at_once
    ) -> None:
        """Store bytes under their hash; each piece of them waits for its `turn`.

        Raises:
            RefusedError, aiohttp.ClientError, TimeoutError: they are not stored.
        """
        clock = asyncio.get_running_loop().time
        async with asyncio.timeout(None) as patience:

            async def pieces() -> AsyncIterator[bytes]:
                for begin in range(0, len(data), PIECE):
                    patience.reschedule(None)
                    await turn()
                    patience.reschedule(clock() + STALLED_S)
                    yield data[begin : begin + PIECE]

            url = f"/api/blobs/{sha256(data).hexdigest()}"
            await self._send("PUT", url, pieces(), "image/jpeg", UPLOAD)

    async def put_page(self, consultation_id: str, page: SpooledPage) -> PageStored:
        """Register a page, or that one more of its pictures is stored.

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
        self,
        method: str,
        path: str,
        body: bytes | AsyncIterator[bytes] = b"",
        kind: str = "application/json",
        limits: ClientTimeout = REQUEST,
    ) -> bytes:
        headers = {"Authorization": f"Bearer {self._token() or ''}", "Content-Type": kind}
        async with self._http.request(
            method,
            self._origin + path,
            data=body,
            headers=headers,
            timeout=limits,
        ) as reply:
            text = await reply.read()
            if reply.ok:
                return text
            problem = Problem.model_validate_json(text)
            raise RefusedError(problem.code, problem.detail)
