"""A document of fifty pages with text, sealed, verified: time and memory.

Measured in a process of its own, because the peak of memory is a process's. Its pages lie in a
folder and are read one by one, as a caller with many pages would.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from scanner.bench.context import Context
from scanner.bench.rows import Row, Unit
from scanner.document import PdfPage
from scanner.image import encode_jpeg, inspect
from scanner.pipeline import scan
from scanner.seal import Manifest, ManifestPage, Signer, seal_into, verify
from scanner.text.page import Language, PageText, TextLine

PAGES = 50
_LINES = 45
_LINE = "甲乙双方经人民调解委员会主持调解自愿达成如下协议"
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def rows(context: Context) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        _lay_out(Path(folder), context)
        command = [sys.executable, "-m", "scanner.bench.document", folder]
        output = subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603  # ours
        told = json.loads(output)
    return [
        Row(f"{PAGES} pages with text, sealed", told["seal_s"], 5.0, Unit.SECONDS),
        Row(f"{PAGES} pages, memory at most", told["peak_mb"], 300.0, Unit.MEGABYTES),
        Row(f"{PAGES} pages, before any page", told["idle_mb"], None, Unit.MEGABYTES),
        Row(f"{PAGES} pages, the file", told["file_mb"], None, Unit.MEGABYTES),
        Row(f"{PAGES} pages, verified", told["verify_s"], None, Unit.SECONDS),
    ]


def _lay_out(folder: Path, context: Context) -> None:
    """An 8-megapixel photograph as cameras make them, and its clean page."""
    photograph = encode_jpeg(context.still, 95)
    (folder / "original.jpg").write_bytes(photograph)
    (folder / "clean.jpg").write_bytes(scan(photograph).clean_jpeg)


def _pages(folder: Path) -> Iterator[PdfPage]:
    for number in range(PAGES):
        original = (folder / "original.jpg").read_bytes() + bytes([number])
        clean = (folder / "clean.jpg").read_bytes()
        yield PdfPage(original, clean, _NOW, _text(clean))


def _text(clean: bytes) -> PageText:
    info = inspect(clean)
    step = info.height / (_LINES + 2)
    lines = tuple(_line(number * step, step, info.width) for number in range(1, _LINES + 1))
    return PageText(info.width, info.height, lines, complete=True)


def _line(top: float, step: float, width: float) -> TextLine:
    left, right, bottom = 0.1 * width, 0.9 * width, top + 0.7 * step
    quad = ((left, top), (right, top), (right, bottom), (left, bottom))
    return TextLine(_LINE, quad, 1.0, Language.ZH, ())


def _manifest(folder: Path) -> Manifest:
    pages = tuple(
        ManifestPage.of(
            number,
            page.original_jpeg,
            page.clean_jpeg,
            page.captured_at,
            page.text.text if page.text else None,
        )
        for number, page in enumerate(_pages(folder), 1)
    )
    return Manifest(number="bench", kiosk="K01", hall="", township="", sealed_at=_NOW, pages=pages)


def _measure(folder: Path) -> dict[str, float]:
    signer, manifest, document = Signer.create("K01"), _manifest(folder), folder / "sealed.pdf"
    idle = _peak_mb()
    started = time.perf_counter()
    with document.open("w+b") as file:
        seal_into(file, _pages(folder), manifest, signer)
    sealed = time.perf_counter()
    peak = _peak_mb()
    if not verify(document, [signer.cert_pem]).ok:
        raise AssertionError("what was sealed does not verify")
    return {
        "seal_s": sealed - started,
        "verify_s": time.perf_counter() - sealed,
        "idle_mb": idle,
        "peak_mb": peak,
        "file_mb": document.stat().st_size / 1e6,
    }


def _peak_mb() -> float:
    """Resident memory at most, of this process since it began (`VmHWM`; `ru_maxrss` would count the
    process that started this one, too)."""
    told = Path("/proc/self/status").read_text(encoding="ascii").split("VmHWM:")[1]
    return int(told.split()[0]) / 1000


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measure(Path(sys.argv[1]))))
