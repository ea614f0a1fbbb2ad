"""Small pages with text, and the manifest about them."""

import io
from datetime import UTC, datetime

from scanner.document import PdfPage
from scanner.image import decode, encode_jpeg, inspect
from scanner.manifest import Manifest, ManifestPage
from scanner.samples import PAPERS
from scanner.signature import sign
from scanner.signer import Signer
from scanner.text.page import Corners, Language, PageText, TextLine, TextWord

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def made_pages(count: int = 3) -> list[PdfPage]:
    pages = []
    for number, paper in enumerate(PAPERS[:count], 1):
        small = decode(encode_jpeg(paper.load()), 500)
        clean = encode_jpeg(small, 80)
        pages.append(PdfPage(encode_jpeg(small, 92), clean, NOON, text_for(clean, number)))
    return pages


def text_for(clean_jpeg: bytes, number: int) -> PageText:
    """Chinese, beyond the BMP, Korean and English by words, and a line that runs downwards."""
    info = inspect(clean_jpeg)
    korean = tuple(
        TextWord(text, box(left, 100, width, 24))
        for text, left, width in (("동의", 60, 40), ("합니다", 110, 50), ("Agreed", 170, 60))
    )
    lines = (
        TextLine(f"第{number}页 调解协议书𠮷", box(50, 40, 220, 30), 0.98, Language.ZH, ()),
        TextLine("동의 합니다 Agreed", box(60, 100, 170, 24), 0.9, Language.KO, korean),
        TextLine("downwards", downwards(300, 200, 90, 20), 0.7, Language.EN, ()),
    )
    return PageText(info.width, info.height, lines, complete=True)


def box(left: float, top: float, width: float, height: float) -> Corners:
    right, bottom = left + width, top + height
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def downwards(right: float, top: float, length: float, thickness: float) -> Corners:
    """Text turned by a quarter: its own top left is the picture's top right."""
    left, bottom = right - thickness, top + length
    return ((right, top), (right, bottom), (left, bottom), (left, top))


def manifest_of(pages: list[PdfPage]) -> Manifest:
    return Manifest(
        number="YJ-20261121-0007",
        kiosk="K01",
        hall="公园街道便民服务中心",
        township="公园街道",
        sealed_at=NOON,
        pages=tuple(
            ManifestPage.of(
                position,
                page.original_jpeg,
                page.clean_jpeg,
                page.captured_at,
                page.text.text if page.text else None,
            )
            for position, page in enumerate(pages, 1)
        ),
    )


def signed(pdf: bytes, manifest: Manifest, signer: Signer, stamp_url: str | None = None) -> bytes:
    file = io.BytesIO(pdf)
    sign(file, manifest, signer, stamp_url)
    return file.getvalue()
