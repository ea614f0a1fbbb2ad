"""What can go wrong while a page is read."""

from scanner.errors import ScannerError


class TextError(ScannerError):
    code = "text_error"


class TextTimeout(TextError):
    """The page was not even begun within its time."""

    code = "text_timeout"


class TextUnavailable(TextError):
    """The reading process cannot start or died."""

    code = "text_unavailable"
