"""Photographs to one sealed PDF."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from scanner.commands import Commands
from scanner.commands.writing import whole_file
from scanner.document import PdfPage
from scanner.errors import ScannerError
from scanner.pipeline import PageScan, scan
from scanner.seal import Manifest, ManifestPage, Signer, seal_into


def add(commands: Commands) -> None:
    parser = commands.add_parser("scan", help="photographs to one sealed PDF")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--key", type=Path, help="signer's key (PEM); a new signer without")
    parser.add_argument("--cert", type=Path, help="signer's certificate (PEM)")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    signer = _signer(arguments)
    now = datetime.now(UTC).replace(microsecond=0)
    scans = [_scan_one(file) for file in arguments.files]
    pages = [PdfPage(page.original, page.clean_jpeg, now) for page in scans]
    with whole_file(arguments.output) as file:
        seal_into(file, pages, _manifest(scans, pages, now), signer)
    print(f"{arguments.output}: {len(pages)} pages, sealed by {signer.fingerprint}")
    return 0


def _signer(arguments: argparse.Namespace) -> Signer:
    """The given key, or a new one whose certificate is left beside the document."""
    if arguments.key and arguments.cert:
        return Signer.load(arguments.key.read_bytes(), arguments.cert.read_bytes())
    signer = Signer.create("python -m scanner")
    arguments.output.with_suffix(".cert.pem").write_bytes(signer.cert_pem)
    return signer


def _scan_one(file: Path) -> PageScan:
    try:
        page = scan(file.read_bytes())
    except ScannerError as error:
        raise type(error)(f"{file}: {error}") from error
    outline = "page found" if page.quad else "no page found, whole picture taken"
    notes = [outline, *page.quality.reasons, *(f"{c.symbology}: {c.text}" for c in page.codes)]
    print(f"{file}: {', '.join(notes)}")
    return page


def _manifest(scans: list[PageScan], pages: list[PdfPage], now: datetime) -> Manifest:
    listed = tuple(
        ManifestPage.of(position, page.original_jpeg, page.clean_jpeg, page.captured_at)
        for position, page in enumerate(pages, 1)
    )
    number = f"scan-{scans[0].sha256[:12]}"
    return Manifest(number=number, kiosk="", hall="", township="", sealed_at=now, pages=listed)
