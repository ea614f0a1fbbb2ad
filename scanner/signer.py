"""Who seals: an ECDSA P-256 key and its certificate."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from asn1crypto import keys as asn1_keys
from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.sign import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from scanner.errors import SealBroken

_YEARS = 20


@dataclass(frozen=True)
class Signer:
    """Key and certificate as PEM; certificates of its issuers may follow in the same PEM and are
    put into the signature. The key's PEM is never printed."""

    cert_pem: bytes
    key_pem: bytes

    def __repr__(self) -> str:
        return f"Signer({self.fingerprint[:16]})"

    @classmethod
    def create(cls, common_name: str, now: datetime | None = None) -> "Signer":
        """A new key with a self-signed certificate, valid from a day ago (a kiosk's clock may be
        behind) for twenty years."""
        key = ec.generate_private_key(ec.SECP256R1())
        return cls(_certificate(key, common_name, now or datetime.now(UTC)), _key_pem(key))

    @classmethod
    def load(cls, key_pem: bytes, cert_pem: bytes) -> "Signer":
        """Raises SealBroken when the two are unreadable or do not belong together."""
        try:
            key = serialization.load_pem_private_key(key_pem, None)
            certificate = x509.load_pem_x509_certificate(cert_pem)
        except (ValueError, TypeError) as error:
            raise SealBroken("key or certificate is unreadable") from error
        if key.public_key() != certificate.public_key():
            raise SealBroken("the certificate belongs to another key")
        return cls(cert_pem, key_pem)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.cert_pem)

    def to_pyhanko(self) -> SimpleSigner:
        _, _, key = pem.unarmor(self.key_pem)
        certificate, *issuers = load_certificates(self.cert_pem)
        return SimpleSigner(
            signing_cert=certificate,
            signing_key=asn1_keys.PrivateKeyInfo.load(key),
            cert_registry=SimpleCertificateStore.from_certs(issuers),  # type: ignore[no-untyped-call]
        )


def fingerprint(cert_pem: bytes) -> str:
    """SHA-256 of the (first) certificate, hex."""
    return str(load_certificates(cert_pem)[0].sha256.hex())


def load_certificates(certs_pem: bytes) -> list[asn1_x509.Certificate]:
    """One or more. Raises SealBroken."""
    try:
        ders = [der for _, _, der in pem.unarmor(certs_pem, multiple=True)]
        certificates = [asn1_x509.Certificate.load(der, strict=True) for der in ders]
        for certificate in certificates:
            certificate.native  # noqa: B018  # parses lazily; hostile input fails here, not later
    except Exception as error:  # asn1crypto leaks many kinds
        raise SealBroken("the certificate is unreadable") from error
    return certificates


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _certificate(key: ec.EllipticCurvePrivateKey, common_name: str, now: datetime) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    usage = {"digital_signature": True, "content_commitment": True}
    other = ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign")
    unused = dict.fromkeys((*other, "crl_sign", "encipher_only", "decipher_only"), False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage, **unused), critical=True)
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
