"""Pages to one PDF: the cleaned page is seen, the untouched original lies attached.

JPEG goes in as it is (DCTDecode), nothing is compressed again, all dates and ids come from the
manifest: the same input gives the same bytes.
"""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from scanner.errors import SealBroken
from scanner.image import inspect
from scanner.manifest import Manifest, pdf_date

MANIFEST_NAME = "manifest.json"
_A4_LONG_POINTS = 841.89
_EXTENSION = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "TIFF": "tif", "BMP": "bmp"}


@dataclass(frozen=True)
class PdfPage:
    """One page: original bytes of any format we accept, and a JPEG for showing."""

    original_jpeg: bytes
    clean_jpeg: bytes
    captured_at: datetime


def build_pdf(pages: Sequence[PdfPage], manifest: Manifest) -> bytes:
    """The unsigned document. Raises SealBroken when pages and manifest disagree, an ImageError when
    a page is no picture."""
    check_agreement(pages, manifest)
    with Pdf.new() as pdf:
        for page in pages:
            _show(pdf, page.clean_jpeg)
        for position, page in enumerate(pages, 1):
            _attach(pdf, original_name(position, page.original_jpeg), page.original_jpeg, manifest)
        _attach(pdf, MANIFEST_NAME, manifest.to_json(), manifest)
        _describe(pdf, manifest)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, compress_streams=False)
        return out.getvalue()


def check_agreement(pages: Sequence[PdfPage], manifest: Manifest) -> None:
    """The manifest must speak of exactly these pages in this order."""
    told = [(page.position, page.sha256, page.clean_sha256) for page in manifest.pages]
    given = [
        (position, _sha256(page.original_jpeg), _sha256(page.clean_jpeg))
        for position, page in enumerate(pages, 1)
    ]
    if told != given or not given:
        raise SealBroken("the manifest is not about these pages")


def original_name(position: int, data: bytes) -> str:
    return f"original-{position:03}.{_EXTENSION[inspect(data).format]}"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _show(pdf: Pdf, jpeg: bytes) -> None:
    info = inspect(jpeg)
    scale = min(72 / 200, _A4_LONG_POINTS / max(info.width, info.height))
    width, height = round(info.width * scale, 2), round(info.height * scale, 2)
    picture = pdf.make_stream(jpeg)
    picture.stream_dict.update(_picture_keys(info.width, info.height))
    pdf.add_blank_page(page_size=(width, height))
    page = pdf.pages[-1]
    page.Resources = Dictionary(XObject=Dictionary(Page=picture))
    page.Contents = pdf.make_stream(f"q {width} 0 0 {height} 0 0 cm /Page Do Q".encode())


def _picture_keys(width: int, height: int) -> Dictionary:
    return Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width,
        Height=height,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )


def _attach(pdf: Pdf, name: str, data: bytes, manifest: Manifest) -> None:
    """An associated file (ISO 32000-2, 14.13), its bytes stored unfiltered."""
    moment = pdf_date(manifest.sealed_at)
    stream = pdf.make_stream(data)
    stream.stream_dict.update(
        Dictionary(
            Type=Name.EmbeddedFile,
            Params=Dictionary(Size=len(data), CreationDate=moment, ModDate=moment),
        )
    )
    spec = pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=name,
            UF=name,
            EF=Dictionary(F=stream),
            AFRelationship=Name.Data if name == MANIFEST_NAME else Name.Source,
        )
    )
    root = pdf.Root
    if Name.Names not in root:
        root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array()))
        root.AF = Array()
    root.Names.EmbeddedFiles.Names.extend([pikepdf.String(name), spec])
    root.AF.append(spec)


def _describe(pdf: Pdf, manifest: Manifest) -> None:
    moment = pdf_date(manifest.sealed_at)
    pdf.docinfo[Name.Title] = manifest.number
    pdf.docinfo[Name.Producer] = "Jiujin"
    pdf.docinfo[Name.CreationDate] = moment
    pdf.docinfo[Name.ModDate] = moment
