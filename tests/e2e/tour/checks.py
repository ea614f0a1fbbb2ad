"""What must be true after a visit: nothing personal left, sealed papers, a log without a hole."""

import asyncio
import csv
import io
import json
import sys
from pathlib import Path

import openpyxl
from playwright.async_api import Page

from scanner.codes import read_codes
from scanner.image import decode
from tests.support.chromium import Window

STORAGE = """
async () => ({
  local: Object.keys(localStorage),
  session: Object.keys(sessionStorage),
  databases: (await indexedDB.databases()).map((d) => d.name),
  caches: typeof caches === 'undefined' ? [] : await caches.keys(),
  cookies: document.cookie,
  peers: window.__peers.filter((p) => p.connectionState === 'connected'
    && p.getSenders().some((s) => s.track && s.track.readyState === 'live')).length,
})
"""


async def read_slip(page: Page) -> str:
    """Photograph the slip's QR code off the screen and read it with the scanner."""
    picture = page.get_by_test_id("slip-qr")
    await picture.evaluate("(img) => img.decode()")  # it has its place before it is there
    png = await picture.screenshot()
    codes = [code for code in read_codes(decode(png)) if "QR" in code.symbology.upper()]
    assert len(codes) == 1, codes
    return codes[0].text


async def assert_browser_forgot(window: Window) -> None:
    """No storage of any kind, no cookie, no connection that still sends."""
    left = await window.page.evaluate(STORAGE)
    assert left == {
        "local": [],
        "session": [],
        "databases": [],
        "caches": [],
        "cookies": "",
        "peers": 0,
    }, left
    assert await window.context.cookies() == []


def assert_disk_forgot(kiosk_data: Path, secrets: tuple[str, ...]) -> None:
    """No spool file is left, and no file of the kiosk holds a word of the visit."""
    files = [path for path in kiosk_data.rglob("*") if path.is_file()]
    spool = [path for path in files if "spool" in path.parts or "visit" in path.name]
    assert not [path for path in spool if path.suffix != ".lock"], spool
    for path in files:
        content = path.read_bytes()
        for secret in secrets:
            assert secret.encode() not in content, f"{secret} in {path}"


def assert_memory_forgot(pid: int, originals: tuple[bytes, ...]) -> None:
    """No original capture is left anywhere in the agent's memory.

    Each original is searched by a piece from its middle, which no other picture shares.
    """
    pieces = [data[len(data) // 2 :][:64] for data in originals]
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for start, end in _readable(pid):
            try:
                memory.seek(start)
                block = memory.read(end - start)
            except (OSError, ValueError, OverflowError):
                continue
            for piece in pieces:
                assert piece not in block, f"a page is still in the agent's memory at {start:#x}"


def _readable(pid: int) -> list[tuple[int, int]]:
    ranges = []
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        span, rights, *rest = line.split(maxsplit=5)
        name = rest[-1] if len(rest) == 4 else ""
        if rights.startswith("rw") and not name.startswith("/"):
            low, high = span.split("-")
            ranges.append((int(low, 16), int(high, 16)))
    return ranges


async def verify_seal(pdf: Path, certificate: Path) -> int:
    """Exit code of `python -m scanner verify` on the sealed document."""
    done = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "scanner", "verify", str(pdf), "--trust", str(certificate)
    )
    return await done.wait()


def spoil(pdf: Path, copy: Path) -> Path:
    """A copy of the document with one byte in the middle changed."""
    data = bytearray(pdf.read_bytes())
    data[len(data) // 2] ^= 1
    copy.write_bytes(bytes(data))
    return copy


def csv_row(data: bytes, number: str) -> list[str]:
    """The line of the exported CSV with this public number."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    return next(row for row in rows if number in row)


def xlsx_row(data: bytes, number: str) -> list[object]:
    """The line of the exported workbook with this public number."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    return next(list(row) for row in sheet.iter_rows(values_only=True) if number in row)


def assert_no_hole(events: list[dict[str, object]]) -> None:
    """Versions of one consultation rise by one from 1."""
    versions = [event["version"] for event in events]
    assert versions == list(range(1, len(versions) + 1)), json.dumps(versions)
