"""Two small pages and the manifest about them."""

from datetime import UTC, datetime

from scanner.document import PdfPage
from scanner.image import decode, encode_jpeg
from scanner.manifest import Manifest, ManifestPage
from scanner.samples import PAPERS

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def made_pages(count: int = 3) -> list[PdfPage]:
    pages = []
    for paper in PAPERS[:count]:
        small = decode(encode_jpeg(paper.load()), 500)
        pages.append(PdfPage(encode_jpeg(small, 92), encode_jpeg(small, 80), NOON))
    return pages


def manifest_of(pages: list[PdfPage]) -> Manifest:
    return Manifest(
        number="YJ-20261121-0007",
        kiosk="K01",
        hall="公园街道便民服务中心",
        township="公园街道",
        sealed_at=NOON,
        pages=tuple(
            ManifestPage.of(position, page.original_jpeg, page.clean_jpeg, page.captured_at)
            for position, page in enumerate(pages, 1)
        ),
    )
