"""The unsigned document: PDF/A-2b, text in its places, originals untouched, the same bytes."""

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf.pdfa
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from PIL import Image as Pillow

from scanner.contents import read_contents, read_originals
from scanner.document import PdfPage, build_pdf
from scanner.document.glyphless import true_type
from scanner.errors import NotAnImage, SealBroken, UnsupportedImage
from scanner.image import decode
from scanner.seal import Signer, seal
from scanner.text.page import Language, PageText, TextLine, TextWord
from tests.integration.scanner.pages import NOON, box, made_pages, manifest_of

PAGES = made_pages()
MANIFEST = manifest_of(PAGES)
PDF = build_pdf(PAGES, MANIFEST)


def findings(pdf: bytes) -> list[str]:
    report = pikepdf.pdfa.validate_written(io.BytesIO(pdf), "2b")
    return [f"{finding.kind} {finding.message}" for finding in report.findings]


def other_format(page: PdfPage, kind: str) -> PdfPage:
    out = io.BytesIO()
    pixels = decode(page.original_jpeg)[..., ::-1]
    Pillow.fromarray(np.ascontiguousarray(pixels)).save(out, kind)
    return replace(page, original_jpeg=out.getvalue())


def test_pdf_a_2b() -> None:
    assert findings(PDF) == []


def test_pdf_a_2b_without_text_and_in_grey() -> None:
    out = io.BytesIO()
    Pillow.open(io.BytesIO(PAGES[0].clean_jpeg)).convert("L").save(out, "JPEG")
    page = PdfPage(PAGES[0].original_jpeg, out.getvalue(), NOON)
    assert findings(build_pdf([page], manifest_of([page]))) == []


def test_the_signature_leaves_pdf_a_as_it_is() -> None:
    """The validator knows no forms at all; nothing else may be found."""
    sealed = seal(PAGES, MANIFEST, Signer.create("K01", NOON))
    assert sealed.startswith(PDF[:-1000])
    (form,) = findings(sealed)
    assert form == "unsupported interactive forms (/AcroForm) are not supported"


def test_an_original_that_pdf_cannot_draw_is_kept_to_the_byte(tmp_path: Path) -> None:
    pages = [other_format(PAGES[0], "PNG"), PAGES[1], other_format(PAGES[2], "TIFF")]
    pdf = build_pdf(pages, manifest_of(pages))
    (tmp_path / "kept.pdf").write_bytes(pdf)
    kept = list(read_originals(tmp_path / "kept.pdf"))
    assert [name for name, _ in kept] == [
        "original-001.png",
        "original-002.jpeg",
        "original-003.tiff",
    ]
    assert [data for _, data in kept] == [page.original_jpeg for page in pages]
    assert {finding.split()[0] for finding in findings(pdf)} == {"unsupported"}  # /PieceInfo


def test_ordinary_tools_find_pages_and_originals(tmp_path: Path) -> None:
    (tmp_path / "document.pdf").write_bytes(PDF)
    subprocess.run(["pdfimages", "-all", "document.pdf", "x"], cwd=tmp_path, check=True)
    found = [file.read_bytes() for file in sorted(tmp_path.glob("x-*.jpg"))]
    expected = [data for page in PAGES for data in (page.original_jpeg, page.clean_jpeg)]
    assert found == expected


def test_a_reader_shows_the_clean_page() -> None:
    page = pypdfium2.PdfDocument(PDF)[0]
    shown = page.render(scale=200 / 72).to_numpy()
    clean = decode(PAGES[0].clean_jpeg)
    assert np.abs(np.subtract(shown.shape, clean.shape)).max() <= 1  # it rounds points up
    width = clean.shape[1]
    assert np.abs(shown[:, :width].astype(int) - clean).mean() < 4


def words_of(pdf: bytes, tmp_path: Path) -> list[tuple[str, list[float]]]:
    """Text and edges (points from the top left) as poppler sees the first page."""
    (tmp_path / "words.pdf").write_bytes(pdf)
    told = subprocess.run(
        ["pdftotext", "-bbox", "-l", "1", "words.pdf", "-"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    rows = [line.split('"') for line in told.splitlines() if "<word" in line]
    return [(row[8][1:-7], [float(row[at]) for at in (1, 3, 5, 7)]) for row in rows]


def test_poppler_finds_every_word_in_its_place(tmp_path: Path) -> None:
    points = 72 / 200
    words = dict(words_of(PDF, tmp_path))
    expected = {
        "동의": box(60, 100, 40, 24),
        "합니다": box(110, 100, 50, 24),
        "Agreed": box(170, 100, 60, 24),
        "downwards": box(280, 200, 20, 90),
    }
    for word, quad in expected.items():
        edges = [*quad[0], *quad[2]]
        assert words[word] == pytest.approx([edge * points for edge in edges], abs=0.02), word
    assert "调解协议书𠮷" in words


def test_pdfium_reads_the_text_and_says_where() -> None:
    page = pypdfium2.PdfDocument(PDF)[0]
    text = page.get_textpage()
    read = text.get_text_bounded()
    for line in ("第1页 调解协议书𠮷", "동의 합니다 Agreed", "downwards"):
        assert line in read
    left, bottom, right, top = text.get_charbox(read.index("동") + 1)  # 𠮷 counts twice
    height = page.get_height()
    edges = [left, height - top, right, height - bottom]
    assert edges == pytest.approx([edge * 0.36 for edge in (60, 100, 80, 124)], abs=0.5)


def test_words_that_do_not_add_up_are_written_as_a_line(tmp_path: Path) -> None:
    line = TextLine(
        "one two", box(10, 10, 200, 20), 0.9, Language.EN, (TextWord("onetwo", box(0, 0, 9, 9)),)
    )
    page = replace(PAGES[0], text=PageText(500, 500, (line,), complete=True))
    pdf = build_pdf([page], manifest_of([page]))
    assert [word for word, _ in words_of(pdf, tmp_path)] == ["one", "two"]
    contents = read_contents(io.BytesIO(pdf))
    assert contents is not None
    assert contents.pages[0].text == "one two"


def test_the_text_that_is_sealed_is_the_text_that_was_read() -> None:
    contents = read_contents(io.BytesIO(PDF))
    assert contents is not None
    assert [page.text for page in contents.pages] == [page.text.text for page in PAGES if page.text]


def test_thousands_of_characters(tmp_path: Path) -> None:
    """More than one block of the character map, and every one of them comes back."""
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 3000)))
    line = TextLine(text, box(0, 0, 400, 20), 0.9, Language.ZH, ())
    page = replace(PAGES[0], text=PageText(500, 500, (line,), complete=True))
    pdf = build_pdf([page], manifest_of([page]))
    assert findings(pdf) == []
    assert [word for word, _ in words_of(pdf, tmp_path)] == [text]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert build_pdf(iter(made_pages()), MANIFEST) == PDF


def test_metadata() -> None:
    with pikepdf.open(io.BytesIO(PDF)) as pdf:
        assert pdf.docinfo["/Title"] == "YJ-20261121-0007"
        assert pdf.docinfo["/CreationDate"] == "D:20261121040000+00'00'"
        with pdf.open_metadata() as meta:
            assert meta["dc:title"] == "YJ-20261121-0007"
            assert meta["xmp:CreateDate"] == "2026-11-21T04:00:00Z"


def test_the_font_is_sound() -> None:
    font = TTFont(io.BytesIO(true_type()), checkChecksums=2)
    assert font["maxp"].numGlyphs == 2
    assert font["hmtx"].metrics == {".notdef": (1000, 0), "glyph00001": (1000, 0)}


def test_a_page_that_cannot_be_shown_is_refused() -> None:
    out = io.BytesIO()
    Pillow.new("CMYK", (32, 32)).save(out, "JPEG")
    page = PdfPage(PAGES[0].original_jpeg, out.getvalue(), NOON)
    with pytest.raises(UnsupportedImage, match="page 1"):
        build_pdf([page], manifest_of([page]))
    unreadable = PdfPage(b"no picture", PAGES[0].clean_jpeg, NOON)
    with pytest.raises(NotAnImage, match="page 1"):
        build_pdf([unreadable], manifest_of([unreadable]))


def test_a_very_long_manifest() -> None:
    many = [PAGES[n % 3] for n in range(130)]
    contents = read_contents(io.BytesIO(build_pdf(many, manifest_of(many))))
    assert contents is not None
    assert contents.manifest == manifest_of(many)


@pytest.mark.parametrize(
    "pages",
    [
        [],
        PAGES[:2],
        [*PAGES, PAGES[0]],
        PAGES[::-1],
        [replace(PAGES[0], clean_jpeg=PAGES[1].clean_jpeg), *PAGES[1:]],
        [replace(PAGES[0], text=None), *PAGES[1:]],
    ],
    ids=["none", "one less", "one more", "other order", "other picture", "other text"],
)
def test_a_manifest_about_other_pages_is_refused(pages: list[PdfPage]) -> None:
    with pytest.raises(SealBroken):
        build_pdf(pages, MANIFEST)
