"""One page as it is handed in."""

from dataclasses import dataclass
from datetime import datetime

from scanner.text.page import PageText


@dataclass(frozen=True)
class PdfPage:
    """Original bytes of any format we accept, a JPEG for showing, and what was read on it.

    `dpi` is the cleaned picture's resolution; `text` has its quads in the cleaned picture's pixels.
    """

    original_jpeg: bytes
    clean_jpeg: bytes
    captured_at: datetime
    text: PageText | None = None
    dpi: int = 200
