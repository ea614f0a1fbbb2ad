"""The usage log as a file for spreadsheets: CSV and XLSX with the same columns and words."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from center.protocol.rest import UsageRow
from center.protocol.words import Language
from center.services.export_words import HEADERS, WORDS

Cell = str | float | None

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a text that begins so (OWASP, CSV injection)."""

COLUMNS = tuple(HEADERS[Language.ZH])
"""Every column, in the order of a file whose columns nobody chose."""

WORDED = frozenset({"state", "language", "matter", "urgency", "outcome", "cause"})
"""Columns that hold a word of the vocabulary, shown in the asked language."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file looks like: the language of its words, the zone of its times, its columns."""

    language: Language
    zone: ZoneInfo
    columns: tuple[str, ...] = COLUMNS

    def header(self) -> list[str]:
        """Names of the columns."""
        return [HEADERS[self.language][name] for name in self.columns]

    def cells(self, row: UsageRow) -> list[Cell]:
        """One line of the file."""
        return [self._cell(name, getattr(row, name)) for name in self.columns]

    def _cell(self, name: str, value: Cell | datetime) -> Cell:
        if isinstance(value, datetime):
            return value.astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S")
        if not isinstance(value, str):
            return value
        if name in WORDED:
            return WORDS[self.language][f"{name}.{value}"]
        return f"'{value}" if value.startswith(FORMULA) else value


def to_csv(rows: Iterable[UsageRow], sheet: Sheet) -> bytes:
    """UTF-8 with a byte order mark, without which Excel garbles Chinese."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(sheet.header())
    writer.writerows(map(sheet.cells, rows))
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(rows: Iterable[UsageRow], sheet: Sheet) -> bytes:
    """A workbook of one sheet; the header stays in sight."""
    # Few processes ever make one, and this and numpy behind it take long to load.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415

    book = Workbook(write_only=True)
    page = book.create_sheet("usage")
    page.freeze_panes = "A2"
    header = [WriteOnlyCell(page, name) for name in sheet.header()]
    for cell in header:
        cell.font = Font(bold=True)
    page.append(header)
    for row in rows:
        page.append(sheet.cells(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
