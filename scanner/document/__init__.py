"""Pages to one PDF/A-2b: the clean page is seen, its text found, the original kept.

page.py       one page as it is handed in
build.py      the document: pages in order, manifest, metadata
picture.py    JPEG files as they are, placed on a page or kept beside it
text_layer.py recognised text, invisible, where it stands on the paper
glyphless.py  the font of that text: every glyph is empty
archive.py    what PDF/A asks for: XMP, output intent
"""

from scanner.document.build import build_pdf, write_pdf
from scanner.document.page import PdfPage

__all__ = ["PdfPage", "build_pdf", "write_pdf"]
