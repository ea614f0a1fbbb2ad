"""Seal a document so that any change shows, and check such a seal without any server.

The seal is an ordinary PDF signature (PAdES B-B) over the whole file, so every PDF reader can show
it; what it vouches for is the attached manifest. `verify` trusts neither alone: the signature must
cover the file to its last byte, and every page shown and every original attached must be the
manifest's.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter

from scanner.contents import Contents, read_contents
from scanner.document import PdfPage, build_pdf
from scanner.errors import SealBroken
from scanner.manifest import Manifest, ManifestPage
from scanner.signature import Signature, read_signature
from scanner.signer import Signer

__all__ = [
    "Manifest",
    "ManifestPage",
    "Problem",
    "Signer",
    "Verdict",
    "seal",
    "verify",
]

MAX_BYTES = 400_000_000
_FIELD = "Seal"
_SIGNATURE_BYTES = 8192


class Problem(StrEnum):
    """Why a document is refused."""

    NOT_A_PDF = "not_a_pdf"
    NOT_SEALED = "not_sealed"
    ALTERED = "altered"
    """Some byte is not what was signed."""
    ADDED_TO = "added_to"
    """Something was appended after the signing."""
    NO_MANIFEST = "no_manifest"
    PAGE_COUNT = "page_count"
    PAGE_CHANGED = "page_changed"
    """A page shown is not the manifest's at that place."""
    ORIGINAL_CHANGED = "original_changed"
    """An attached original is missing, or not the manifest's at that place."""
    SIGNER_UNKNOWN = "signer_unknown"


@dataclass(frozen=True)
class Verdict:
    """`ok` only when there is no problem at all. `signer_fingerprint`: SHA-256 of the signer's
    certificate, hex."""

    problems: tuple[Problem, ...]
    manifest: Manifest | None = None
    signer_fingerprint: str | None = None

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def intact(self) -> bool:
        """Nothing changed since the signing, whoever signed."""
        return set(self.problems) <= {Problem.SIGNER_UNKNOWN}


def seal(pages: Sequence[PdfPage], manifest: Manifest, signer: Signer) -> bytes:
    """The signed document. Raises SealBroken when pages and manifest disagree."""
    return sign(build_pdf(pages, manifest), manifest, signer)


def sign(pdf: bytes, manifest: Manifest, signer: Signer) -> bytes:
    """Sign a document that carries its manifest."""
    metadata = PdfSignatureMetadata(
        field_name=_FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        location=manifest.hall or None,
        reason=manifest.number,
        name=manifest.kiosk or None,
    )
    pdf_signer = PdfSigner(metadata, signer.to_pyhanko(), new_field_spec=SigFieldSpec(_FIELD))
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        out = pdf_signer.sign_pdf(writer, bytes_reserved=_SIGNATURE_BYTES * 2)
    except Exception as error:  # pyHanko's own tree of errors, and what keys break with
        raise SealBroken(f"cannot sign: {error}") from error
    return bytes(out.getvalue())


def verify(data: bytes, trust: Sequence[bytes]) -> Verdict:
    """Check a sealed document against trusted certificates (PEM).

    Whatever `data` holds, the answer is a Verdict. Raises SealBroken only when a certificate of
    `trust` is unreadable.
    """
    if len(data) > MAX_BYTES or not data.startswith(b"%PDF-"):
        return Verdict((Problem.NOT_A_PDF,))
    contents = read_contents(data)
    if contents is None:
        return Verdict((Problem.NOT_A_PDF,))
    signature = read_signature(data, trust)
    problems = (*_signature_problems(signature), *_content_problems(contents))
    signer = signature.signer_fingerprint if signature else None
    return Verdict(problems, contents.manifest, signer)


def _signature_problems(signature: Signature | None) -> tuple[Problem, ...]:
    if signature is None:
        return (Problem.NOT_SEALED,)
    found = {
        Problem.ALTERED: not signature.intact,
        Problem.ADDED_TO: not signature.whole_file,
        Problem.SIGNER_UNKNOWN: not signature.trusted,
    }
    return tuple(problem for problem, is_so in found.items() if is_so)


def _content_problems(contents: Contents) -> tuple[Problem, ...]:
    manifest = contents.manifest
    if manifest is None:
        return (Problem.NO_MANIFEST,)
    count = len(manifest.pages)
    in_order = [page.position for page in manifest.pages] == list(range(1, count + 1))
    shown = [page.clean_sha256 for page in manifest.pages]
    originals = [page.sha256 for page in manifest.pages]
    whole = in_order and 0 < count == len(contents.shown_sha256)
    found = {
        Problem.PAGE_COUNT: not whole,
        Problem.PAGE_CHANGED: whole and shown != list(contents.shown_sha256),
        Problem.ORIGINAL_CHANGED: originals != list(contents.original_sha256),
    }
    return tuple(problem for problem, is_so in found.items() if is_so)
