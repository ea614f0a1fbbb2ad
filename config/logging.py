"""Logging of every process: UTC, ids of what a line is about, nothing personal.

`bind_connection` and `bind_consultation` mark the present task; each line written from it carries
the marks. Identity numbers, phone numbers and bearer tokens are replaced wherever they appear,
also inside tracebacks.
"""

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from config.settings import LogSettings

_connection: ContextVar[str] = ContextVar("connection", default="-")
_consultation: ContextVar[str] = ContextVar("consultation", default="-")

_SECRETS = (
    # Resident identity number, GB 11643: 17 digits and a check digit, or the old 15 digits.
    (re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[0-9Xx]|\d{15})(?![0-9A-Za-z])"), "[identity]"),
    # Mobile numbers, with or without the country code and separators.
    (
        re.compile(r"(?<![0-9A-Za-z])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![0-9A-Za-z])"),
        "[phone]",
    ),
    # Landlines with area code.
    (re.compile(r"(?<![0-9A-Za-z:.-])0\d{2,3}[ -]\d{7,8}(?![0-9A-Za-z])"), "[phone]"),
    (re.compile(r"(?i)\b(bearer|jiujin_session=|password=|token=)\s*[^\s;,\"']+"), r"\1[secret]"),
)


def bind_connection(name: str) -> None:
    """Mark the present task's lines with a connection's name."""
    _connection.set(name)


def bind_consultation(consultation_id: str | None) -> None:
    """Mark the present task's lines with a consultation's id."""
    _consultation.set(consultation_id or "-")


def redact(text: str) -> str:
    """The text without identity numbers, phone numbers and tokens."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


class _Marks(logging.Filter):
    """Adds the ids to each record; on the handler, so that libraries' lines get them too."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.connection, record.consultation = _connection.get(), _consultation.get()
        return True


class TextFormatter(logging.Formatter):
    """One redacted line of text, time in UTC."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        """RFC 3339 with milliseconds."""
        moment = datetime.fromtimestamp(record.created, UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)-7s %(name)s [%(connection)s %(consultation)s] %(message)s"
        )

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class JsonFormatter(TextFormatter):
    """One redacted JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "connection": getattr(record, "connection", "-"),
            "consultation": getattr(record, "consultation", "-"),
            "message": redact(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def set_up(settings: LogSettings) -> None:
    """Send every logger of the process to standard error in our format."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_Marks())
    handler.setFormatter(JsonFormatter() if settings.json_lines else TextFormatter())
    logging.basicConfig(level=settings.level, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
