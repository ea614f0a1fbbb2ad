"""Seal a document so that any change shows, and check such a seal without any server.

The seal is an ordinary PDF signature (PAdES) over the whole file, so every PDF reader can show it;
what it vouches for is the manifest inside. `verify` trusts neither alone: the signature must cover
the file to its last byte, and every page shown, every original and all text must be the manifest's.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from scanner.comparison import compare
from scanner.contents import read_contents
from scanner.document import PdfPage, write_pdf
from scanner.findings import Finding, Problem
from scanner.manifest import Manifest, ManifestPage
from scanner.signature import Signature, read_signature, sign
from scanner.signer import Signer

__all__ = [
    "Finding",
    "Manifest",
    "ManifestPage",
    "Problem",
    "Signer",
    "Verdict",
    "seal",
    "seal_into",
    "verify",
]

MAX_BYTES = 2_000_000_000
_CLOCKS_DIFFER = timedelta(hours=1)
"""A time stamp is asked for while sealing; further apart, one of the two times is wrong."""


@dataclass(frozen=True)
class Verdict:
    """`ok` only when nothing was found at all. `signer_fingerprint`: SHA-256 of the signer's
    certificate, hex. `stamped_at`: when a trusted time-stamp server saw the seal; None without."""

    findings: tuple[Finding, ...]
    manifest: Manifest | None = None
    signer_fingerprint: str | None = None
    stamped_at: datetime | None = None

    @property
    def ok(self) -> bool:
        return not self.findings

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What kinds of finding there are, each once."""
        return tuple(dict.fromkeys(finding.problem for finding in self.findings))

    @property
    def intact(self) -> bool:
        """Nothing changed since the signing, whoever signed."""
        return set(self.problems) <= {Problem.SIGNER_UNKNOWN}


def seal(
    pages: Iterable[PdfPage], manifest: Manifest, signer: Signer, stamp_url: str | None = None
) -> bytes:
    """The signed document as bytes, never on a disk in between; raises what `seal_into` raises."""
    file = io.BytesIO()
    seal_into(file, pages, manifest, signer, stamp_url)
    return file.getvalue()


def seal_into(
    file: BinaryIO,
    pages: Iterable[PdfPage],
    manifest: Manifest,
    signer: Signer,
    stamp_url: str | None = None,
) -> None:
    """Write the signed document into an empty file that can be read, written and sought.

    With `stamp_url` the signature carries that RFC 3161 server's time stamp (PAdES B-T). Raises
    SealBroken when pages and manifest disagree, an ImageError when a page is no picture,
    StampUnavailable when the server gives no stamp, OSError when the disk has no room.
    """
    write_pdf(file, pages, manifest)
    sign(file, manifest, signer, stamp_url)


def verify(document: bytes | Path, trust: Sequence[bytes]) -> Verdict:
    """Check a sealed document against trusted certificates (PEM): signers', their issuers', those
    of time-stamp servers.

    Whatever the document holds, the answer is a Verdict. Raises SealBroken only when a certificate
    of `trust` is unreadable, OSError when the file is.
    """
    if isinstance(document, bytes):
        return _verify(io.BytesIO(document), trust)
    with document.open("rb") as file:
        return _verify(file, trust)


def _verify(file: BinaryIO, trust: Sequence[bytes]) -> Verdict:
    started, size = file.read(5), file.seek(0, io.SEEK_END)
    file.seek(0)
    contents = read_contents(file) if started == b"%PDF-" and size <= MAX_BYTES else None
    if contents is None:
        return Verdict((Finding(Problem.NOT_A_PDF),))
    signature = read_signature(file, trust)
    found = [
        *_signature_findings(signature),
        *compare(contents),
        *_time(signature, contents.manifest),
    ]
    if signature is None:
        return Verdict(tuple(found), contents.manifest)
    return Verdict(
        tuple(found), contents.manifest, signature.signer_fingerprint, signature.stamped_at
    )


def _signature_findings(signature: Signature | None) -> list[Finding]:
    if signature is None:
        return [Finding(Problem.NOT_SEALED)]
    found = {
        Problem.ALTERED: not signature.intact,
        Problem.ADDED_TO: not signature.whole_file,
        Problem.STAMP_BROKEN: not signature.stamp_fits,
        Problem.SIGNER_UNKNOWN: signature.intact and not signature.trusted,
    }
    return [Finding(problem) for problem, is_so in found.items() if is_so]


def _time(signature: Signature | None, manifest: Manifest | None) -> list[Finding]:
    """The manifest, the signer and a time-stamp server must tell the same time."""
    if signature is None or manifest is None:
        return []
    told = manifest.sealed_at.replace(microsecond=0)
    stamped = signature.stamped_at or told
    moved = signature.signed_at != told or abs(stamped - told) > _CLOCKS_DIFFER
    return [Finding(Problem.TIME_MOVED)] if moved else []
