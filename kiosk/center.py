"""The kiosk's HTTP requests to the center."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from hashlib import sha256

from aiohttp import ClientSession, ClientTimeout, MultipartWriter

from center.protocol.mediation import AgreementAsk
from center.protocol.rest import BlobArrival, LineView, Lookup, LookupAsk, PageStored, Problem
from center.protocol.views import IceServer
from center.protocol.words import ErrorCode
from kiosk.spool import SpooledPage
from kiosk.uplink import PIECE

STALLED_S = 60.0
"""A line that takes no piece for so long is cut; a whole picture may take minutes."""

REQUEST = ClientTimeout(total=120, sock_connect=5, sock_read=30)
UPLOAD = ClientTimeout(total=None, sock_connect=5, sock_read=30)
JSON = {"Content-Type": "application/json"}

Turn = Callable[[], Awaitable[object]]
"""Waits until something may be said."""


def _page(consultation_id: str, page: SpooledPage) -> str:
    return f"/api/consultations/{consultation_id}/pages/{page.sha256}"


async def at_once() -> None:
    """Waits for nobody."""


class RefusedError(Exception):
    """The center refused, with a code."""

    def __init__(self, code: ErrorCode, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


class Center:
    """The kiosk's HTTP requests; `token` is asked for each, since it changes. Of a picture each
    piece waits until the line has `room`."""

    def __init__(
        self,
        http: ClientSession,
        origin: str,
        token: Callable[[], str | None],
        room: Turn = at_once,
    ) -> None:
        self._http, self._origin, self._token, self._room = http, origin, token, room

    async def reach(self) -> None:
        """Open a connection, if there is none.

        Raises:
            RefusedError, aiohttp.ClientError, TimeoutError: there is none.
        """
        await self._send("GET", "/healthz")

    async def put_picture(self, data: bytes, turn: Turn = at_once) -> None:
        """Store bytes under their hash, going on where a cut line left them; each piece of them
        waits for its `turn`.

        Raises:
            RefusedError, aiohttp.ClientError, TimeoutError: they are not stored.
        """
        url = f"/api/blobs/{sha256(data).hexdigest()}"
        there = BlobArrival.model_validate_json(await self._send("GET", url))
        if there.stored:
            return
        begin = max(0, min(there.size, len(data) - 1))
        headers = {"Content-Type": "image/jpeg"}
        if begin > 0:
            headers["Content-Range"] = f"bytes {begin}-{len(data) - 1}/{len(data)}"
        await self._stream(url, data[begin:], headers, turn)

    async def put_page(self, consultation_id: str, page: SpooledPage) -> PageStored:
        """Register a page, or that one more of its pictures is stored.

        Raises:
            RefusedError, aiohttp.ClientError, TimeoutError: it is not registered.
        """
        body = page.record.model_dump_json().encode()
        return PageStored.model_validate_json(
            await self._send("PUT", _page(consultation_id, page), body)
        )

    async def put_page_picture(
        self, consultation_id: str, page: SpooledPage, picture: bytes, turn: Turn = at_once
    ) -> PageStored:
        """Store one more picture of a page and register that, in one round trip.

        Raises:
            RefusedError, aiohttp.ClientError, TimeoutError: it is not registered.
        """
        form = MultipartWriter("form-data")
        parts = {"record": page.record.model_dump_json().encode(), "picture": picture}
        for name, data in parts.items():
            form.append(data).set_content_disposition("form-data", name=name)
        url = f"{_page(consultation_id, page)}/pictures/{sha256(picture).hexdigest()}"
        headers = {"Content-Type": form.content_type}
        answer = await self._stream(url, await form.as_bytes(), headers, turn)
        return PageStored.model_validate_json(answer)

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

    async def _stream(
        self, path: str, data: bytes, headers: Mapping[str, str], turn: Turn
    ) -> bytes:
        clock = asyncio.get_running_loop().time
        async with asyncio.timeout(None) as patience:

            async def pieces() -> AsyncIterator[bytes]:
                for begin in range(0, len(data), PIECE):
                    patience.reschedule(None)
                    await turn()
                    patience.reschedule(clock() + STALLED_S)
                    await self._room()
                    yield data[begin : begin + PIECE]

            return await self._send("PUT", path, pieces(), headers, UPLOAD)

    async def _send(
        self,
        method: str,
        path: str,
        body: bytes | AsyncIterator[bytes] = b"",
        headers: Mapping[str, str] = JSON,
        limits: ClientTimeout = REQUEST,
    ) -> bytes:
        async with self._http.request(
            method,
            self._origin + path,
            data=body,
            headers={**headers, "Authorization": f"Bearer {self._token() or ''}"},
            timeout=limits,
        ) as reply:
            text = await reply.read()
            if reply.ok:
                return text
            problem = Problem.model_validate_json(text)
            raise RefusedError(problem.code, problem.detail)
