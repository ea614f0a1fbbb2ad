"""A certificate authority for one test run, as a government network has one of its own."""

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Certificate:
    """PEM files of a server."""

    chain: Path
    key: Path


class Authority:
    """Signs certificates; `pem` is what its clients must trust."""

    def __init__(self, folder: Path) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Jiujin test CA")
        builder = _builder(self._name, self._name, self._key.public_key())
        basic = x509.BasicConstraints(ca=True, path_length=0)
        self._root = builder.add_extension(basic, critical=True).sign(self._key, hashes.SHA256())
        folder.mkdir(parents=True, exist_ok=True)
        self.pem = folder / "ca.pem"
        self.pem.write_bytes(self._root.public_bytes(Encoding.PEM))

    def trust(self, home: Path) -> None:
        """Let a Chromium with this home directory trust the authority, by its NSS database."""
        store = home / ".pki/nssdb"
        store.mkdir(parents=True)
        certutil = ("certutil", "-d", f"sql:{store}")
        add = ("-A", "-n", "jiujin", "-t", "C,,", "-i", self.pem)
        subprocess.run([*certutil, "-N", "--empty-password"], check=True)
        subprocess.run([*certutil, *add], check=True)

    def issue(self, address: str, folder: Path) -> Certificate:
        """A certificate for a server at this IP address."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
        builder = _builder(_name(address), self._name, key.public_key())
        signed = builder.add_extension(names, critical=False).sign(self._key, hashes.SHA256())
        files = Certificate(folder / "server.pem", folder / "server.key")
        files.chain.write_bytes(signed.public_bytes(Encoding.PEM))
        files.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return files


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
    )
