"""A copy's pages as pictures, kept for one visit only."""

from io import BytesIO

import pytest
from PIL import Image

from kiosk.copies import Copies, CopyPage, UnreadableCopyError, pages_of

PAGES = (CopyPage(b"one", "第一条"), CopyPage(b"two", ""))


def pdf(pages: int) -> bytes:
    """White pages of paper."""
    paper, made = Image.new("RGB", (595, 842), "white"), BytesIO()
    paper.save(made, "PDF", save_all=True, append_images=[paper] * (pages - 1))
    return made.getvalue()


def test_each_page_becomes_a_picture_that_fills_a_screen() -> None:
    pages = pages_of(pdf(2))
    assert len(pages) == 2
    picture = Image.open(BytesIO(pages[0].picture))
    assert picture.format == "JPEG"
    assert picture.width > 1000


def test_what_is_no_document_is_refused() -> None:
    with pytest.raises(UnreadableCopyError):
        pages_of(b"%PDF-1.7 and no more")


def test_a_copy_is_of_one_visit() -> None:
    copies = Copies()
    copies.keep("v1", PAGES)
    copies.only("v1")
    assert [copies.picture(number) for number in (0, 1, 2, 3)] == [None, b"one", b"two", None]
    copies.only("v2")
    assert copies.picture(1) is None
