"""Whether a finished recording is still what was sealed.

Apart from the sealing: what checks signatures takes longer to load than a recording to finish.
"""

import asyncio
import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from asn1crypto import cms, pem
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.validation import async_validate_detached_cms
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from media.recording.manifest import Envelope, Part
from media.recording.sealed import TamperedError
from media.recording.shelf import MANIFEST, NotFinishedError, open_part, read_manifest

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # it logs refusals with stack traces


def verify(folder: Path, key: bytes, certificate_pem: str) -> list[str]:
    """What is wrong with a finished recording, in words; nothing when it is as it was sealed."""
    try:
        manifest, envelope = read_manifest(folder, key)
    except (TamperedError, NotFinishedError, ValueError) as error:
        return [f"{MANIFEST}: {error}"]
    findings = [] if is_signed_by(envelope, certificate_pem) else ["signature: not the center's"]
    if manifest.recording != folder.name:
        findings.append("manifest: of another recording")
    return findings + [
        f"{part.file}: not what was sealed"
        for part in manifest.parts
        if part.file and not _sound(folder, key, part.file, part)
    ]


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


def _sound(folder: Path, key: bytes, file: str, part: Part) -> bool:
    digest = hashlib.sha256()
    try:
        with open_part(folder, key, file) as reader:
            for chunk in reader.chunks():
                digest.update(chunk)
            return reader.whole and (digest.hexdigest(), reader.size) == (part.sha256, part.size)
    except (TamperedError, OSError):
        return False
