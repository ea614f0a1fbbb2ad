"""The usage log as a file for spreadsheets: CSV and XLSX with the same columns and words."""

import csv
import io
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from center.protocol.rest import UsageRow
from center.protocol.words import Language
from center.services.export_words import HEADERS, WORDS

Cell = str | int | None

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a text that begins so (OWASP, CSV injection)."""

COLUMNS: dict[str, Callable[[UsageRow], Cell]] = {
    "number": lambda row: row.number,
    "state": lambda row: row.state,
    "kiosk_id": lambda row: row.kiosk_id,
    "township": lambda row: row.township,
    "hall": lambda row: row.hall,
    "language": lambda row: row.language,
    "matter": lambda row: row.matter,
    "urgency": lambda row: row.urgency,
    "lawyer": lambda row: row.lawyer,
    "wait_s": lambda row: row.wait_s,
    "talk_s": lambda row: row.talk_s,
    "offers": lambda row: row.offers,
    "pages": lambda row: row.pages,
    "outcome": lambda row: row.outcome,
    "cause": lambda row: row.cause,
    "rating": lambda row: row.rating,
}
WORDED = frozenset({"state", "language", "matter", "urgency", "outcome", "cause"})
"""Columns that hold a word of the vocabulary, shown in the asked language."""


def to_csv(rows: Iterable[UsageRow], language: Language, zone: ZoneInfo) -> bytes:
    """UTF-8 with a byte order mark, without which Excel garbles Chinese."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_header(language))
    for row in rows:
        writer.writerow(_cells(row, language, zone))
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(rows: Iterable[UsageRow], language: Language, zone: ZoneInfo) -> bytes:
    """A workbook of one sheet; the header stays in sight."""
    # Few processes ever make one, and this and numpy behind it take long to load.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet("usage")
    sheet.freeze_panes = "A2"
    header = [WriteOnlyCell(sheet, name) for name in _header(language)]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    for row in rows:
        sheet.append(_cells(row, language, zone))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _header(language: Language) -> list[str]:
    return [HEADERS[language][name] for name in ("requested_at", *COLUMNS)]


def _cells(row: UsageRow, language: Language, zone: ZoneInfo) -> list[Cell]:
    at = row.requested_at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    return [at, *(_cell(name, read(row), language) for name, read in COLUMNS.items())]


def _cell(name: str, value: Cell, language: Language) -> Cell:
    if not isinstance(value, str):
        return value
    if name in WORDED:
        return WORDS[language][f"{name}.{value}"]
    return f"'{value}" if value.startswith(FORMULA) else value
