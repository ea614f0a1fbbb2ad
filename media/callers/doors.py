"""How synthetic people get into a center: kiosks enrol with a code, staff sign in."""

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientError, ClientSession, DummyCookieJar, TCPConnector
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from media.callers.errors import RefusedError, UnreachedError
from media.callers.seats import Login
from media.callers.wire import Wire

PROTOCOL = 1


@dataclass(frozen=True, slots=True)
class Device:
    """An enrolled kiosk."""

    kiosk_id: str
    key: Ed25519PrivateKey


class Doors:
    """The way into one center, such as `http://127.0.0.1:8700`."""

    def __init__(self, http: ClientSession, center: str) -> None:
        self._http, self._center = http, center.rstrip("/")

    async def enrol(self, code: str) -> Device:
        """Make a key and show it with a one-time code.

        Raises:
            RefusedError: the code is wrong, used or too old.
            UnreachedError: there is no center.
        """
        key = Ed25519PrivateKey.generate()
        body = {"code": code, "public_key": _base64url(key.public_key().public_bytes_raw())}
        place, _ = await self.call("POST", "/api/kiosks/enrol", {}, body)
        return Device(place["kiosk_id"], key)

    async def sign_in(self, login: Login) -> "Person":
        """Begin a staff member's session.

        Raises:
            RefusedError: wrong name or password.
            UnreachedError: there is no center.
        """
        body = {"username": login.username, "password": login.password.get_secret_value()}
        origin = {"Origin": self._center}
        _, headers = await self.call("POST", "/api/session", origin, body)
        return Person(self, origin | {"Cookie": headers["Set-Cookie"].partition(";")[0]})

    async def kiosk_socket(self, device: Device) -> Wire:
        """A welcomed kiosk's socket."""
        wire = await self.socket("/ws/kiosk", {})
        nonce = (await wire.until("challenge"))["nonce"]
        signed = device.key.sign(f"jiujin-kiosk-hello-v1\n{nonce}\n{device.kiosk_id}".encode())
        await wire.hello(
            type="kiosk.hello",
            protocol=PROTOCOL,
            kiosk_id=device.kiosk_id,
            signature=_base64url(signed),
            last_seq=0,
            kiosk_time=datetime.now(UTC).isoformat(),
        )
        return wire

    async def socket(self, path: str, headers: Mapping[str, str]) -> Wire:
        """A socket before its hello."""
        try:
            return Wire(await self._http.ws_connect(self._center + path, headers=headers))
        except (ClientError, OSError) as error:
            raise UnreachedError(f"{self._center}{path}: {error}") from error

    async def call(
        self, method: str, path: str, headers: Mapping[str, str], body: object = None
    ) -> tuple[Any, Mapping[str, str]]:
        """The JSON of an answer, and its headers."""
        try:
            async with self._http.request(
                method, self._center + path, json=body, headers=headers
            ) as answer:
                if not answer.ok:
                    raise RefusedError(f"{method} {path}: {answer.status} {await answer.text()}")
                return await answer.json(), dict(answer.headers)
        except (ClientError, OSError, TimeoutError) as error:
            raise UnreachedError(f"{self._center}: {error!r}") from error


class Person:
    """A signed-in staff member."""

    def __init__(self, doors: Doors, headers: Mapping[str, str]) -> None:
        self._doors, self._headers = doors, headers

    async def get(self, path: str) -> Any:
        """The JSON there."""
        return (await self._doors.call("GET", path, self._headers))[0]

    async def post(self, path: str, body: object) -> Any:
        """The JSON of the answer."""
        return (await self._doors.call("POST", path, self._headers, body))[0]

    async def socket(self) -> Wire:
        """A welcomed console's socket."""
        wire = await self._doors.socket("/ws/staff", self._headers)
        await wire.hello(type="staff.hello", protocol=PROTOCOL, last_seq=0)
        return wire


@asynccontextmanager
async def doors(center: str) -> AsyncIterator[Doors]:
    """The way into this center, for any number of sockets."""
    connector, jar = TCPConnector(limit=0), DummyCookieJar()
    async with ClientSession(connector=connector, cookie_jar=jar) as http:
        yield Doors(http, center)


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
