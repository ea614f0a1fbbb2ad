"""Sheets from a flat-bed or a feeder, for `scan` to take as if they were files."""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from scanner.errors import CameraMissing
from scanner.sane import SaneOptions, SaneScanner

Run = Callable[[argparse.Namespace], int]

_KIND = "sane:"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="scanner", metavar="sane:DEVICE", help="scan sheets instead")
    parser.add_argument("--source", help="of the scanner, such as 'Automatic Document Feeder'")
    parser.add_argument("--mode", default="Color", help="of the scanner, such as Gray")
    parser.add_argument("--scanner-dpi", type=int, default=300, help="of the scanner")


def fed(run: Run) -> Run:
    """`run` with `arguments.files` filled, be they named or scanned; sheets live until it ends.

    Raises any CameraError; leaves the program where neither or both are named.
    """

    def with_files(arguments: argparse.Namespace) -> int:
        if bool(arguments.files) == bool(arguments.scanner):
            arguments.usage("name either FILEs or a scanner with --from")
        if not arguments.scanner:
            return run(arguments)
        with TemporaryDirectory(prefix="scan-") as folder:
            arguments.files = list(_sheets(arguments, Path(folder)))
            return run(arguments)

    return with_files


def _sheets(arguments: argparse.Namespace, folder: Path) -> Iterator[Path]:
    if not arguments.scanner.startswith(_KIND):
        raise CameraMissing(f"no such scanner: {arguments.scanner}")
    options = SaneOptions(arguments.scanner_dpi, arguments.mode, arguments.source)
    scanner = SaneScanner(arguments.scanner.removeprefix(_KIND), options)
    for number, sheet in enumerate(scanner.sheets(), 1):
        file = folder / f"sheet-{number:03}.png"
        file.write_bytes(sheet)
        print(f"sheet {number}", flush=True)
        yield file
