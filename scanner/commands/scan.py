"""Photographs to one sealed PDF."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from scanner.commands import Commands, feeding
from scanner.commands.sheet import sheet
from scanner.commands.tone import Tone, in_tone
from scanner.commands.writing import whole_file
from scanner.document import PdfPage
from scanner.errors import ImageTooLarge, ScannerError
from scanner.image import MAX_BYTES, decode, encode_jpeg
from scanner.pipeline import PageScan, scan
from scanner.seal import Manifest, ManifestPage, Signer, seal_into
from scanner.text.page import Language, PageText
from scanner.text.reading import read_text

_TEXT_SECONDS = 60.0  # a page: whoever waits at a command line wants all of it


@dataclass(frozen=True)
class _Page:
    """What is kept of a file while the others are scanned; its original stays on the disk."""

    file: Path
    told: ManifestPage
    clean_jpeg: bytes
    text: PageText | None


def add(commands: Commands) -> None:
    parser = commands.add_parser("scan", help="photographs to one sealed PDF")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    feeding.add(parser)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--dpi", type=_dpi, default=200, help="of the clean pages, 72 to 600")
    tone = parser.add_mutually_exclusive_group()
    tone.add_argument("--grey", dest="tone", action="store_const", const=Tone.GREY)
    tone.add_argument("--bw", dest="tone", action="store_const", const=Tone.BLACK_AND_WHITE)
    parser.add_argument("--no-text", action="store_true", help="do not read the pages")
    parser.add_argument(
        "--language",
        action="append",
        type=Language,
        choices=list(Language),
        help="keep only lines in this language (again for another); all without",
    )
    parser.add_argument("--explain", type=Path, metavar="DIR", help="a sheet of pictures a page")
    parser.add_argument("--key", type=Path, help="signer's key (PEM); a new signer without")
    parser.add_argument("--cert", type=Path, help="signer's certificate (PEM), issuers behind it")
    parser.add_argument("--stamp", metavar="URL", help="of an RFC 3161 time-stamp server")
    parser.set_defaults(run=feeding.fed(_run), tone=Tone.COLOUR, usage=parser.error)


def _dpi(told: str) -> int:
    if not 72 <= (dpi := int(told)) <= 600:
        raise argparse.ArgumentTypeError("72 to 600")
    return dpi


def _run(arguments: argparse.Namespace) -> int:
    if bool(arguments.key) != bool(arguments.cert):
        arguments.usage("--key and --cert belong together")
    signer = _signer(arguments)
    now = datetime.now(UTC).replace(microsecond=0)
    files = enumerate(arguments.files, 1)
    pages = [_scanned(number, file, now, arguments) for number, file in files]
    document = _again(pages, arguments.dpi)
    with whole_file(arguments.output) as file:
        seal_into(file, document, _manifest(pages, now), signer, arguments.stamp)
    if not arguments.key:
        _leave_certificate(arguments.output.with_suffix(".cert.pem"), signer)
    print(f"{arguments.output}: {len(pages)} pages, sealed by {signer.fingerprint}")
    return 0


def _signer(arguments: argparse.Namespace) -> Signer:
    if arguments.key:
        return Signer.load(arguments.key.read_bytes(), arguments.cert.read_bytes())
    return Signer.create("python -m scanner")


def _leave_certificate(path: Path, signer: Signer) -> None:
    with whole_file(path) as file:
        file.write(signer.cert_pem)
    print(f"{path}: certificate of a signer made for this document")


def _scanned(number: int, file: Path, now: datetime, arguments: argparse.Namespace) -> _Page:
    print(f"[{number}/{len(arguments.files)}] {file}: ", end="", flush=True)
    try:
        page = scan(_read(file), arguments.dpi)
        clean = in_tone(page.clean_jpeg, arguments.tone)
        text = None if arguments.no_text else _text(page.clean_jpeg, arguments.language)
    except ScannerError as error:
        print()
        raise type(error)(f"{file}: {error}") from error
    print(", ".join(_notes(page, text)))
    if arguments.explain:
        _explain(arguments.explain / f"{number:03}-{file.stem}.jpg", page, text)
    told = ManifestPage.of(number, page.original, clean, now, text.text if text else None)
    return _Page(file, told, clean, text)


def _read(file: Path) -> bytes:
    """Not more than a picture may have, whatever the file is."""
    with file.open("rb") as source:
        data = source.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ImageTooLarge(f"over {MAX_BYTES} bytes")
    return data


def _text(clean_jpeg: bytes, languages: list[Language] | None) -> PageText:
    text = read_text(decode(clean_jpeg), _TEXT_SECONDS, threads=2)
    if languages is None:
        return text
    return replace(text, lines=tuple(line for line in text.lines if line.language in languages))


def _notes(page: PageScan, text: PageText | None) -> Iterator[str]:
    yield "page found" if page.quad else "no page found, whole picture taken"
    yield from page.quality.reasons
    yield from (f"{code.symbology}: {code.text}" for code in page.codes)
    if text:
        yield f"{len(text.lines)} lines of text{'' if text.complete else ', not all'}"


def _explain(path: Path, page: PageScan, text: PageText | None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as file:
        file.write(encode_jpeg(sheet(page, text)))


def _again(pages: list[_Page], dpi: int) -> Iterator[PdfPage]:
    """The originals are read a second time instead of being kept: any number of pages fits, and one
    that changed meanwhile is refused."""
    for page in pages:
        yield PdfPage(_read(page.file), page.clean_jpeg, page.told.captured_at, page.text, dpi)


def _manifest(pages: list[_Page], now: datetime) -> Manifest:
    told = tuple(page.told for page in pages)
    number = f"scan-{told[0].sha256[:12]}"
    return Manifest(number=number, kiosk="", hall="", township="", sealed_at=now, pages=told)
