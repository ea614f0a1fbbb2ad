"""The PDF signature of a sealed document: put on, read back, checked."""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, TypeVar

from asn1crypto import cms, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from scanner.errors import SealBroken, StampUnavailable
from scanner.manifest import Manifest
from scanner.signer import Signer, load_certificates

for _noisy in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_noisy).setLevel(logging.CRITICAL)  # it logs refusals with stack traces

_FIELD = "Seal"
_RESERVED = 2 * 8_000
"""Hexadecimal digits kept free for the signature and a chain of certificates."""
_RESERVED_FOR_STAMP = 2 * 16_000
"""And for a time stamp, which brings a chain of its own."""

_T = TypeVar("_T")


@dataclass(frozen=True)
class Signature:
    """`intact`: the signed bytes are what was signed. `whole_file`: they are all of the file.
    `signed_at` is what the signer says; `stamped_at` what a trusted time-stamp server says, None
    without one. `stamp_fits` is False when a time stamp is about something else."""

    intact: bool
    whole_file: bool
    trusted: bool
    signer_fingerprint: str
    signed_at: datetime | None
    stamped_at: datetime | None
    stamp_fits: bool


def sign(file: BinaryIO, manifest: Manifest, signer: Signer, stamp_url: str | None = None) -> None:
    """Append a PAdES signature (B-B; B-T with the address of an RFC 3161 server) to a document that
    carries its manifest; `file` can be read, written and sought.

    Raises StampUnavailable, SealBroken, OSError when the disk has no room.
    """
    stamper = HTTPTimeStamper(stamp_url) if stamp_url else None
    metadata = PdfSignatureMetadata(
        field_name=_FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        location=manifest.hall or None,
        reason=manifest.number,
        name=manifest.kiosk or None,
    )
    pdf_signer = _SignerAt(
        metadata, signer.to_pyhanko(), timestamper=stamper, new_field_spec=SigFieldSpec(_FIELD)
    )
    pdf_signer.moment = manifest.sealed_at
    try:
        signing = pdf_signer.async_sign_pdf(
            _Writer(file),
            bytes_reserved=_RESERVED + (_RESERVED_FOR_STAMP if stamper else 0),
            in_place=True,
        )
        _apart(signing)
    except TimestampRequestError as error:
        raise StampUnavailable(f"{stamp_url}: {error}") from error
    except OSError:
        raise
    except Exception as error:  # pyHanko's own tree of errors, and what keys break with
        raise SealBroken(f"cannot sign: {error}") from error


def read_signature(file: BinaryIO, trust: Sequence[bytes]) -> Signature | None:
    """None without exactly one readable signature. Raises SealBroken for a bad `trust`."""
    roots = [root for pem in trust for root in load_certificates(pem)]
    try:
        return _read(file, roots)
    except Exception:  # noqa: BLE001  # hostile input makes parsers raise anything; every way means not sealed
        return None


class _SignerAt(PdfSigner):
    """Signs at the manifest's moment, so that the two say the same."""

    moment: datetime

    def init_signing_session(
        self, pdf_out: Any, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.moment
        return session


class _Writer(IncrementalPdfFileWriter):
    """Leaves metadata and version alone, which PDF/A has settled; pyHanko has no switch for either
    (a test watches that the document says the same before and after)."""

    def _update_meta(self) -> None:
        pass

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        pass


def _read(file: BinaryIO, roots: list[x509.Certificate]) -> Signature | None:
    signatures = PdfFileReader(file).embedded_signatures
    if len(signatures) != 1:
        return None
    embedded = signatures[0]
    status = _apart(
        async_validate_pdf_signature(
            embedded,
            ValidationContext(trust_roots=roots, allow_fetching=False),
            key_usage_settings=KeyUsageConstraints(key_usage={"digital_signature"}),
        )
    )
    stamp = status.timestamp_validity
    return Signature(
        intact=bool(status.intact and status.valid) and _filled(file, embedded),
        whole_file=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        trusted=bool(status.trusted),
        signer_fingerprint=embedded.signer_cert.sha256.hex(),
        signed_at=embedded.self_reported_timestamp,
        stamped_at=_stamped_at(status),
        stamp_fits=stamp is None or bool(stamp.intact and stamp.valid),
    )


def _stamped_at(status: PdfSignatureStatus) -> datetime | None:
    stamp = status.timestamp_validity
    if stamp is None or not (stamp.intact and stamp.valid and stamp.trusted):
        return None
    return stamp.timestamp


def _filled(file: BinaryIO, embedded: EmbeddedPdfSignature) -> bool:
    """The gap that nobody signs holds the signature and zeros, and nothing else."""
    _, start, end, _ = (int(edge) for edge in embedded.byte_range)
    file.seek(start)
    gap = file.read(end - start)
    signed = cms.ContentInfo.load(embedded.pkcs7_content).dump()
    return bool(gap == b"<" + signed.hex().upper().encode().ljust(len(gap) - 2, b"0") + b">")


def _apart(work: Coroutine[Any, Any, _T]) -> _T:
    """The result of a coroutine in a thread and loop of its own: callers may run a loop already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
