"""Read and check the PDF signature of a sealed document."""

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from scanner.signer import load_certificate

for _noisy in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_noisy).setLevel(logging.CRITICAL)  # it logs refusals with stack traces


@dataclass(frozen=True)
class Signature:
    """`intact`: the signed bytes are what was signed. `whole_file`: they are all of the file."""

    intact: bool
    whole_file: bool
    trusted: bool
    signer_fingerprint: str


def read_signature(data: bytes, trust: Sequence[bytes]) -> Signature | None:
    """None without exactly one readable signature. Raises SealBroken for a bad `trust`."""
    roots = [load_certificate(cert_pem) for cert_pem in trust]
    try:
        return _read(data, roots)
    except Exception:  # noqa: BLE001  # hostile input makes parsers raise anything; every way means not sealed
        return None


def _read(data: bytes, roots: list[object]) -> Signature | None:
    signatures = PdfFileReader(io.BytesIO(data)).embedded_signatures
    if len(signatures) != 1:
        return None
    embedded = signatures[0]
    status = validate_pdf_signature(
        embedded,
        ValidationContext(trust_roots=roots, allow_fetching=False),
        key_usage_settings=KeyUsageConstraints(key_usage={"digital_signature"}),
    )
    return Signature(
        intact=bool(status.intact and status.valid),
        whole_file=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        trusted=bool(status.trusted),
        signer_fingerprint=embedded.signer_cert.sha256.hex(),
    )
