"""Passwords: argon2id (RFC 9106, the low-memory profile), computed off the event loop."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2
"""Hashes computed at the same time; each takes 64 MiB, so a flood of sign-ins must queue."""


class Passwords:
    """Makes and checks password hashes; an unknown name costs the same as a wrong password."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobody = ""
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """The PHC string to keep."""
        async with self._gate:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def check(self, password_hash: str | None, password: str) -> bool:
        """Whether the password belongs to the hash; `None` (no such account) takes as long."""
        async with self._gate:
            fits = await asyncio.to_thread(self._fits, password_hash, password)
        return fits and password_hash is not None

    def _fits(self, password_hash: str | None, password: str) -> bool:
        # Made at the first sign-in, whoever it is, so that its time tells nothing either.
        self._nobody = self._nobody or self._hasher.hash("nobody has this password")
        try:
            return self._hasher.verify(password_hash or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
