"""python -m scanner: scan, verify, live, cameras, bench. Exit 0: fine, 1: refused, 2: cannot."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from scanner.bench import SUITES, measure
from scanner.bench.context import Context
from scanner.bench.rows import table, to_json
from scanner.camera import list_usb_cameras, watch_camera
from scanner.document import PdfPage
from scanner.errors import CameraError, ScannerError
from scanner.geometry import scaled_to
from scanner.live import Tracker
from scanner.pipeline import PageScan, scan
from scanner.seal import Manifest, ManifestPage, Problem, Signer, Verdict, seal, verify

_WORDS = {
    Problem.NOT_A_PDF: "this is not a readable PDF",
    Problem.NOT_SEALED: "it carries no readable seal",
    Problem.ALTERED: "something in it was changed after it was sealed",
    Problem.ADDED_TO: "something was added to it after it was sealed",
    Problem.NO_MANIFEST: "the list of its pages is missing",
    Problem.PAGE_COUNT: "a page was removed or added",
    Problem.PAGE_CHANGED: "a page is not the one that was sealed in that place",
    Problem.ORIGINAL_CHANGED: "an original photograph is not the one that was sealed in that place",
    Problem.SIGNER_UNKNOWN: "signer unknown: none of the given certificates vouches for the signer",
}


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except (ScannerError, OSError) as error:
        code = error.code if isinstance(error, ScannerError) else "file"
        print(f"{code}: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scanner", description=__doc__)
    commands = parser.add_subparsers(required=True)

    scanning = commands.add_parser("scan", help="photographs to one sealed PDF")
    scanning.add_argument("files", nargs="+", type=Path, metavar="FILE")
    scanning.add_argument("-o", "--output", type=Path, required=True)
    scanning.add_argument("--key", type=Path, help="signer's key (PEM); a new signer without")
    scanning.add_argument("--cert", type=Path, help="signer's certificate (PEM)")
    scanning.set_defaults(run=_scan)

    verifying = commands.add_parser("verify", help="check a sealed PDF")
    verifying.add_argument("file", type=Path)
    verifying.add_argument("--trust", type=Path, action="append", default=[], metavar="CERT.pem")
    verifying.set_defaults(run=_verify)

    living = commands.add_parser("live", help="print what the resident is told")
    living.add_argument("--camera", default="auto", help="auto, usb:DEVICE, film:PATH, simulated")
    living.add_argument("--frames", type=int, default=0, help="stop after so many (0: never)")
    living.set_defaults(run=_live)

    cameras = commands.add_parser("cameras", help="list USB cameras")
    cameras.set_defaults(run=_cameras)

    bench = commands.add_parser("bench", help="measure everything against its goal")
    bench.add_argument("--data", type=Path, metavar="DIR", help="holds documents/ and codes/")
    bench.add_argument("--only", action="append", default=[], choices=SUITES)
    bench.add_argument("--scenes", type=int, default=60, help="made-up scenes of each kind")
    bench.add_argument("--json", type=Path, default=Path("build/scanner-bench.json"))
    bench.set_defaults(run=_bench)
    return parser


def _scan(arguments: argparse.Namespace) -> int:
    signer = _signer(arguments)
    now = datetime.now(UTC).replace(microsecond=0)
    scans = [_scan_one(file) for file in arguments.files]
    pages = [PdfPage(page.original, page.clean_jpeg, now) for page in scans]
    arguments.output.write_bytes(seal(pages, _manifest(scans, pages, now), signer))
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
        error.add_note(str(file))
        print(f"{file}:", file=sys.stderr, end=" ")
        raise
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


def _verify(arguments: argparse.Namespace) -> int:
    trust = [file.read_bytes() for file in arguments.trust]
    verdict = verify(arguments.file.read_bytes(), trust)
    _tell(arguments.file, verdict)
    return 0 if verdict.ok else 1


def _tell(file: Path, verdict: Verdict) -> None:
    print(f"{file}: {'accepted' if verdict.ok else 'REFUSED'}")
    if verdict.signer_fingerprint and verdict.intact:
        print("  intact: nothing was changed since it was sealed")
    for problem in verdict.problems:
        print(f"  {problem}: {_WORDS[problem]}")
    if verdict.signer_fingerprint:
        print(f"  signer: {verdict.signer_fingerprint}")
    if verdict.manifest and verdict.intact:
        told = verdict.manifest
        print(f"  {told.number}, {len(told.pages)} pages, sealed {told.sealed_at.isoformat()}")


def _live(arguments: argparse.Namespace) -> int:
    camera, tracker, last = watch_camera(arguments.camera), Tracker(), ""
    try:
        for count, seen in enumerate(camera, 1):
            if isinstance(seen, CameraError):
                line = f"{seen.code}: {seen}"
            else:
                live = tracker.update(scaled_to(seen.image, 1024)[0], seen.at)
                line = f"{live.coach}{' *' if live.capture else ''}"
            if line != last:
                print(line, flush=True)
            last = line
            if count == arguments.frames:
                break
    except KeyboardInterrupt:
        pass
    finally:
        camera.close()
    return 0


def _cameras(_: argparse.Namespace) -> int:
    for device in list_usb_cameras():
        print(f"usb:{device}")
    print("simulated")
    return 0


def _bench(arguments: argparse.Namespace) -> int:
    suites = measure(Context(arguments.data, arguments.scenes), arguments.only)
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(to_json(suites), encoding="utf-8")
    print(table(suites))
    return 0


if __name__ == "__main__":
    sys.exit(main())
