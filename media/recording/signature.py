"""The signature over a manifest: a detached CMS, as `openssl cms -verify` reads it."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from asn1crypto import cms, pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import (
    PKCS7Options,
    PKCS7SignatureBuilder,
)
from pyhanko.sign.validation import async_validate_detached_cms
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from media.recording.manifest import Envelope

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # it logs refusals with stack traces


def sign(manifest: str, key_pem: str, certificate_pem: str) -> Envelope:
    """Sign with the center's seal key (ECDSA P-256, SHA-256), as documents are.

    Raises:
        ValueError: key or certificate is unreadable.
        TypeError: the key is of another kind.
    """
    key = load_pem_private_key(key_pem.encode(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the seal key is no elliptic-curve key")
    signature = (
        PKCS7SignatureBuilder()
        .set_data(manifest.encode())
        .add_signer(x509.load_pem_x509_certificate(certificate_pem.encode()), key, SHA256())
        .sign(Encoding.PEM, [PKCS7Options.DetachedSignature, PKCS7Options.Binary])
    )
    return Envelope(manifest=manifest, signature=signature.decode())


def is_signed_by(envelope: Envelope, certificate_pem: str) -> bool:
    """Whether these very bytes were signed with the key of this certificate."""
    with ThreadPoolExecutor(1) as thread:  # the caller's thread may run a loop already
        return thread.submit(asyncio.run, _validate(envelope, certificate_pem)).result()


async def _validate(envelope: Envelope, certificate_pem: str) -> bool:
    try:
        root = asn1_x509.Certificate.load(pem.unarmor(certificate_pem.encode())[2])
        content = cms.ContentInfo.load(pem.unarmor(envelope.signature.encode())[2])["content"]
        status = await async_validate_detached_cms(
            envelope.manifest.encode(),
            content,
            ValidationContext(trust_roots=[root], allow_fetching=False),
            key_usage_settings=KeyUsageConstraints(key_usage={"digital_signature"}),
        )
    except Exception:  # noqa: BLE001  # hostile input makes parsers raise anything
        return False
    return bool(status.bottom_line)
