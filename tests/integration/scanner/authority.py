"""A certificate authority of the test's own: signers, and an RFC 3161 time-stamp server."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from aiohttp import web
from asn1crypto import keys, pem, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from scanner.signer import Signer, load_certificates

_USES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
    *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)


class Authority:
    """Issues certificates valid from a day before `now`."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("Test authority")
        self._cert = self._certify(self._name, self._key.public_key(), ("key_cert_sign",))
        self.cert_pem = _pem(self._cert)

    def signer(self, name: str) -> Signer:
        """A leaf with its issuer's certificate behind it."""
        key = ec.generate_private_key(ec.SECP256R1())
        cert = self._certify(_named(name), key.public_key(), ("digital_signature",))
        return Signer.load(_key_pem(key), _pem(cert) + self.cert_pem)

    def stamper(self, at: datetime) -> DummyTimeStamper:
        """RSA, because pyHanko's stamper for tests signs with nothing else."""
        key = rsa.generate_private_key(65537, 2048)
        cert = self._certify(
            _named("Stamps"), key.public_key(), ("digital_signature",), stamps=True
        )
        _, _, private = pem.unarmor(_key_pem(key))
        return DummyTimeStamper(
            load_certificates(_pem(cert))[0], keys.PrivateKeyInfo.load(private), fixed_dt=at
        )

    def _certify(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
        uses: tuple[str, ...],
        *,
        stamps: bool = False,
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - timedelta(days=1))
            .not_valid_after(self._now + timedelta(days=3650))
            .add_extension(x509.BasicConstraints("key_cert_sign" in uses, None), critical=True)
            .add_extension(x509.KeyUsage(**{use: use in uses for use in _USES}), critical=True)
        )
        if stamps:
            usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(usage, critical=True)
        return builder.sign(self._key, hashes.SHA256())


def stamp_server(stamper: DummyTimeStamper) -> web.Application:
    """RFC 3161 over HTTP (section 3.4), as `application/timestamp-query` and `-reply`."""

    async def stamp(request: web.Request) -> web.Response:
        assert request.content_type == "application/timestamp-query"
        query = tsp.TimeStampReq.load(await request.read())
        answer = stamper.request_tsa_response(query)
        return web.Response(body=answer.dump(), content_type="application/timestamp-reply")

    return _serving(stamp)


def failing_server() -> web.Application:
    async def fail(_: web.Request) -> web.Response:
        return web.Response(status=503)

    return _serving(fail)


def _serving(handler: Callable[[web.Request], Awaitable[web.Response]]) -> web.Application:
    app = web.Application()
    app.router.add_post("/", handler)
    return app


def _named(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _pem(cert: x509.Certificate) -> bytes:
    return cert.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
