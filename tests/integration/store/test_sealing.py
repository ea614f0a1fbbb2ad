"""The center's seal: one key for good, documents that verify against its certificate."""

import asyncio
import hashlib
import io
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer, unused_port
from pikepdf.pdfa import validate_written
from PIL import Image

from center.domain.records import Page
from center.services.office import SealPage, SealRequest
from center.store.cipher import Tampered
from center.store.sealing import FILE, PdfSealer
from scanner.seal import Problem, Verdict, verify
from tests.integration.scanner.authority import Authority, stamp_server
from tests.integration.store.story import kiosk

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def jpeg(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), (shade, shade, shade)).save(out, "JPEG")
    return out.getvalue()


def page(position: int) -> SealPage:
    original, clean = jpeg(position), jpeg(200 + position)
    names = [hashlib.sha256(data).hexdigest() for data in (original, clean)]
    record = Page("1", position, names[0], names[1], NOW, NOW, 60, 80, 0.5)
    return SealPage(record, original, clean)


async def checked(pdf: bytes, certificate: str) -> Verdict:
    """The verdict; in a thread, because the signature library runs an event loop of its own."""
    return await asyncio.to_thread(verify, pdf, [certificate.encode()])


REQUEST = SealRequest("YJ-20261123-0001", kiosk(), "延吉市", NOW, (page(1), page(2)))


async def test_a_sealed_document_verifies_against_the_certificate(tmp_path: Path) -> None:
    sealer = PdfSealer(tmp_path, "secret")
    pdf = await sealer.seal(REQUEST)
    verdict = await checked(pdf, await sealer.certificate())
    assert verdict.ok, verdict.problems
    assert verdict.manifest is not None
    assert verdict.manifest.number == "YJ-20261123-0001"
    assert [told.sha256 for told in verdict.manifest.pages] == [
        part.page.sha256 for part in REQUEST.pages
    ]


async def test_another_centers_certificate_does_not_verify_it(tmp_path: Path) -> None:
    pdf = await PdfSealer(tmp_path / "one", "secret").seal(REQUEST)
    other = await PdfSealer(tmp_path / "other", "secret").certificate()
    assert (await checked(pdf, other)).problems == (Problem.SIGNER_UNKNOWN,)


async def test_the_key_stays_the_same(tmp_path: Path) -> None:
    first, again = PdfSealer(tmp_path, "secret"), PdfSealer(tmp_path, "secret")
    assert await first.certificate() == await again.certificate()


def test_the_key_is_private(tmp_path: Path) -> None:
    PdfSealer(tmp_path, "secret")
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    assert b"PRIVATE KEY" not in file.read_bytes()


def test_a_key_under_another_secret_is_refused_and_kept(tmp_path: Path) -> None:
    PdfSealer(tmp_path, "secret")
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(Tampered):
        PdfSealer(tmp_path, "another")
    assert (tmp_path / FILE).read_bytes() == before


async def test_a_sealed_document_is_pdf_a(tmp_path: Path) -> None:
    """All that is found is the signature's own field, which the validator does not know."""
    report = validate_written(io.BytesIO(await PdfSealer(tmp_path, "secret").seal(REQUEST)), "2b")
    (form,) = report.findings
    assert form.kind == "unsupported"
    assert "/AcroForm" in form.message


async def test_the_stamp_of_a_server_is_in_the_document(
    tmp_path: Path, aiohttp_server: Callable[..., Awaitable[TestServer]]
) -> None:
    authority = Authority(datetime.now(UTC))
    server = await aiohttp_server(stamp_server(authority.stamper(NOW)))
    sealer = PdfSealer(tmp_path, "secret", str(server.make_url("/")))
    trust = await sealer.certificate() + authority.cert_pem.decode()
    verdict = await checked(await sealer.seal(REQUEST), trust)
    assert verdict.ok, verdict.findings
    assert verdict.stamped_at == NOW


async def test_a_stamp_server_that_is_down_keeps_nobody_from_the_document(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sealer = PdfSealer(tmp_path, "secret", f"http://127.0.0.1:{unused_port()}/")
    verdict = await checked(await sealer.seal(REQUEST), await sealer.certificate())
    assert verdict.ok
    assert verdict.stamped_at is None
    assert "YJ-20261123-0001 is sealed without a time stamp" in caplog.text
