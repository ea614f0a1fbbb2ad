"""Text of a page, offline: Chinese, Korean, English.

`TextReader` reads in the background; `scanner.text.reading.read_text` in this process.
"""

from scanner.text.errors import TextError, TextTimeout, TextUnavailable
from scanner.text.page import Language, PageText, TextLine, TextWord
from scanner.text.reader import TextReader

__all__ = [
    "Language",
    "PageText",
    "TextError",
    "TextLine",
    "TextReader",
    "TextTimeout",
    "TextUnavailable",
    "TextWord",
]
