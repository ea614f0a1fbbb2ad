"""Authenticated encryption of what the center keeps of residents' words and papers."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
"""Nonce of AES-GCM (NIST SP 800-38D): random, kept in front of the ciphertext."""


class Tampered(ValueError):
    """Stored bytes were changed, moved to another place, or written under another key."""


def derive_key(secret: str, purpose: str) -> bytes:
    """A 32-byte key for one purpose from the center's secret (HKDF-SHA-256, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(
        secret.encode()
    )


class Cipher:
    """AES-256-GCM under one key; `context` binds a ciphertext to the place it was written for."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, plain: bytes, context: str) -> bytes:
        """Nonce and ciphertext."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """The plain bytes.

        Raises:
            Tampered: the bytes are not what `seal` made for this context under this key.
        """
        nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return self._aead.decrypt(nonce, body, context.encode())
        except (InvalidTag, ValueError) as error:
            raise Tampered(context) from error
