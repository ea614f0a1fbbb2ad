"""The signature as other software sees it, and time stamps of a real RFC 3161 server."""

import asyncio
import io
import subprocess
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from pyhanko.pdf_utils.reader import PdfFileReader

from scanner.document import build_pdf
from scanner.errors import StampUnavailable
from scanner.seal import Problem, Signer, seal, verify
from tests.integration.scanner.authority import Authority, failing_server, stamp_server
from tests.integration.scanner.pages import NOON, made_pages, manifest_of

PAGES = made_pages(1)
MANIFEST = manifest_of(PAGES)
AUTHORITY = Authority(NOON)
KIOSK = AUTHORITY.signer("K01")

Serve = Callable[[web.Application], Awaitable[str]]


@pytest.fixture
async def serve(aiohttp_server: Callable[..., Awaitable[TestServer]]) -> Serve:
    async def start(app: web.Application) -> str:
        return str((await aiohttp_server(app)).make_url("/"))

    return start


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an NSS database that trusts the authority, as Firefox and Okular have one."""
    folder = tmp_path_factory.mktemp("nss")
    (folder / "authority.pem").write_bytes(AUTHORITY.cert_pem)
    for command in (
        ["-N", "--empty-password"],
        ["-A", "-n", "authority", "-t", "CT,C,C", "-i", "authority.pem"],
    ):
        subprocess.run(["certutil", *command, "-d", "sql:."], cwd=folder, check=True)
    return folder


def poppler_says(pdf: bytes, nss: Path) -> str:
    (nss / "sealed.pdf").write_bytes(pdf)
    command = ["pdfsig", "-nssdir", "sql:.", "sealed.pdf"]
    return subprocess.run(command, cwd=nss, capture_output=True, text=True, check=False).stdout


async def stamped(url: str | None) -> bytes:
    return await asyncio.to_thread(seal, PAGES, MANIFEST, KIOSK, url)


def test_another_implementation_finds_it_valid_and_trusted(trusting: Path) -> None:
    told = poppler_says(seal(PAGES, MANIFEST, KIOSK), trusting)
    for line in (
        "Signer Certificate Common Name: K01",
        "Signing Time: Nov 21 2026",
        "Signature Type: ETSI.CAdES.detached",
        "Total document signed",
        "Signature Validation: Signature is Valid.",
        "Certificate Validation: Certificate is Trusted.",
    ):
        assert line in told


def test_another_implementation_sees_a_changed_byte(trusting: Path) -> None:
    tampered = bytearray(seal(PAGES, MANIFEST, KIOSK))
    tampered[tampered.index(PAGES[0].clean_jpeg) + 500] ^= 1
    assert "Digest Mismatch" in poppler_says(bytes(tampered), trusting)


def test_the_issuer_vouches_for_the_kiosk() -> None:
    verdict = verify(seal(PAGES, MANIFEST, KIOSK), [AUTHORITY.cert_pem])
    assert verdict.ok
    assert verdict.signer_fingerprint == KIOSK.fingerprint
    assert verify(seal(PAGES, MANIFEST, KIOSK), [Authority(NOON).cert_pem]).problems == (
        Problem.SIGNER_UNKNOWN,
    )


def test_signing_appends_and_leaves_what_the_document_says() -> None:
    plain, sealed = build_pdf(PAGES, MANIFEST), seal(PAGES, MANIFEST, Signer.create("K", NOON))
    assert sealed.startswith(plain)
    with pikepdf.open(io.BytesIO(plain)) as before, pikepdf.open(io.BytesIO(sealed)) as after:
        assert dict(after.docinfo) == dict(before.docinfo)
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert after.pdf_version == before.pdf_version == "1.7"


async def test_a_time_stamp(serve: Serve, trusting: Path) -> None:
    moment = NOON + timedelta(seconds=7)
    pdf = await stamped(await serve(stamp_server(AUTHORITY.stamper(moment))))
    verdict = verify(pdf, [AUTHORITY.cert_pem])
    assert verdict.ok, verdict.findings
    assert verdict.stamped_at == moment
    assert "Signature is Valid" in poppler_says(pdf, trusting)


async def test_a_stamp_by_a_server_nobody_knows_counts_for_nothing(serve: Serve) -> None:
    stranger = Authority(NOON).stamper(NOON)
    verdict = verify(await stamped(await serve(stamp_server(stranger))), [AUTHORITY.cert_pem])
    assert verdict.ok
    assert verdict.stamped_at is None


async def test_a_stamp_of_another_day_shows_that_the_time_was_moved(serve: Serve) -> None:
    late = AUTHORITY.stamper(NOON + timedelta(days=2))
    verdict = verify(await stamped(await serve(stamp_server(late))), [AUTHORITY.cert_pem])
    assert verdict.problems == (Problem.TIME_MOVED,)


async def test_a_stamp_that_was_tampered_with(serve: Serve) -> None:
    pdf = await stamped(await serve(stamp_server(AUTHORITY.stamper(NOON))))
    (embedded,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    token = embedded.signer_info["unsigned_attrs"][0]["values"][0]["content"]
    inside = bytes(token["signer_infos"][0]["signature"]).hex().upper().encode()
    assert pdf.count(inside) == 1
    other = inside[:-1] + (b"0" if inside[-1:] != b"0" else b"1")
    verdict = verify(pdf.replace(inside, other), [AUTHORITY.cert_pem])
    assert Problem.STAMP_BROKEN in verdict.problems


async def test_a_server_that_cannot_or_is_not_there_is_told_apart_from_a_broken_seal(
    serve: Serve,
) -> None:
    with pytest.raises(StampUnavailable):
        await stamped(await serve(failing_server()))
    with pytest.raises(StampUnavailable):
        await stamped(f"http://127.0.0.1:{unused_port()}/")
