"""Who this kiosk is: an Ed25519 key that never leaves the data folder, and its place."""

import os
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientError, ClientSession
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import ValidationError

from center.protocol.kiosk_wire import challenge_bytes
from center.protocol.rest import Enrol, Enrolled, Problem

_KEY = "device.key"
_PLACE = "place.json"


class NotEnrolledError(Exception):
    """The data folder holds no identity; an admin gives out a one-time code."""


class EnrolmentRefusedError(Exception):
    """The center did not accept the code, or could not be reached."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An enrolled kiosk."""

    place: Enrolled
    key: Ed25519PrivateKey

    @property
    def kiosk_id(self) -> str:
        return self.place.kiosk_id

    def sign(self, nonce: str) -> str:
        """Answer to the center's challenge, base64url without padding."""
        return _base64url(self.key.sign(challenge_bytes(nonce, self.kiosk_id)))

    def derive(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose, by HKDF-SHA256 from the device key."""
        kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
        return kdf.derive(self.key.private_bytes_raw())


def load(folder: Path) -> Identity:
    """The identity in `folder`.

    Raises:
        NotEnrolledError: there is none, or it cannot be read.
    """
    try:
        key = Ed25519PrivateKey.from_private_bytes((folder / _KEY).read_bytes())
        place = Enrolled.model_validate_json((folder / _PLACE).read_bytes())
    except (OSError, ValueError) as error:
        raise NotEnrolledError(f"{folder}: {error}") from error
    return Identity(place, key)


async def enrol(http: ClientSession, center: str, code: str, folder: Path) -> Identity:
    """Make a key, show the center its public half with the one-time code, keep both.

    Raises:
        EnrolmentRefusedError: a wrong or used code, or no center.
    """
    key = Ed25519PrivateKey.generate()
    try:
        body = Enrol(code=code, public_key=_base64url(key.public_key().public_bytes_raw()))
        place = await _post(http, f"{center}/api/kiosks/enrol", body)
    except (ClientError, ValidationError, TimeoutError) as error:
        raise EnrolmentRefusedError(str(error)) from error
    _keep(folder, key, place)
    return Identity(place, key)


async def _post(http: ClientSession, url: str, body: Enrol) -> Enrolled:
    async with http.post(url, json=body.model_dump(mode="json")) as reply:
        text = await reply.read()
        if reply.ok:
            return Enrolled.model_validate_json(text)
        problem = Problem.model_validate_json(text)
        raise EnrolmentRefusedError(f"{problem.code}: {problem.detail}")


def _keep(folder: Path, key: Ed25519PrivateKey, place: Enrolled) -> None:
    """The key first: a place without its key is not enrolled, and says so."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_private(folder / _KEY, key.private_bytes_raw())
    _write_private(folder / _PLACE, place.model_dump_json().encode())


def _write_private(path: Path, data: bytes) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
