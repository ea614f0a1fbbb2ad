"""The signature over a manifest: a detached CMS, as `openssl cms -verify` reads it."""

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import (
    PKCS7Options,
    PKCS7SignatureBuilder,
)

from media.recording.manifest import Envelope


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
