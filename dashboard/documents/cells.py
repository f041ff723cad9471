"""The cells of the first sheet of an Excel file, each with its kind, read with a bounded amount of memory.

Not through Polars: its reader gives texts alone, so that the number 1.234 and the text "1.234" (above a thousand)
look the same and an error looks empty, and a single cell in the last row and column makes it reserve memory for
all the empty ones before it, which ends the process.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from io import BytesIO
from math import isfinite
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZipFile

from dashboard.documents.texts import writable

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_UNPACKED: Final = 60 * 1024 * 1024
# Twice what the largest register takes; emptied elements take memory too.
MOST_ELEMENTS: Final = 600_000
# Letters that name the cells of rules (lists to choose from, colours): each two of them may become an object.
MOST_RANGES: Final = 200_000
MOST_COLUMNS: Final = 100
LAST_ROW: Final = 1_048_576
_RANGES = re.compile(rb"""sqref\s*=\s*(?:"[^"]*|'[^']*)""")
# What may stand before the first tag of XML, whatever its encoding.
_BEFORE_XML: Final = b"\xef\xbb\xbf\xfe\xff\0 \t\r\n"


class SheetProblem(StrEnum):
    too_large = "too_large"
    not_excel = "not_excel"
    zip_bomb = "zip_bomb"
    no_sheet = "no_sheet"
    missing_columns = "missing_columns"
    too_many_rows = "too_many_rows"
    empty = "empty"


class SheetRefused(ValueError):
    """The whole file is refused; `params` hold the limit or the names of the columns."""

    def __init__(self, problem: SheetProblem, **params: int | tuple[str, ...]) -> None:
        super().__init__(problem, params)
        self.problem, self.params = problem, params


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """What Excel shows where a formula failed: #REF!"""

    text: str


Cell = str | float | bool | ErrorValue
Row = dict[int, Cell]


def read_rows(content: bytes) -> Iterator[tuple[int, Row]]:
    """Number of each row in which something stands, and its cells by column from 0. Raises SheetRefused."""
    if len(content) > MOST_BYTES:
        raise SheetRefused(SheetProblem.too_large, most_bytes=MOST_BYTES)
    try:
        _check_archive(content)
        # openpyxl warns of what it leaves out: lists to choose from, dates before the calendar begins.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rows = _rows(content)
    except SheetRefused:
        raise
    except Exception as fault:  # broken archives and broken XML fail in a dozen ways
        raise SheetRefused(SheetProblem.not_excel) from fault
    return iter(rows)


def _check_archive(content: bytes) -> None:
    with ZipFile(BytesIO(content)) as archive:
        # Reading stops at the size that the archive states, so a false statement gains nothing.
        if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
            raise SheetRefused(SheetProblem.zip_bomb, most_bytes=MOST_UNPACKED)
        if sum(_elements(archive.read(entry)) for entry in archive.infolist()) > MOST_ELEMENTS:
            raise SheetRefused(SheetProblem.zip_bomb, most_elements=MOST_ELEMENTS)


def _elements(part: bytes) -> int:
    if not part.lstrip(_BEFORE_XML).startswith(b"<"):
        return 0
    # Entities that are declared inside a file can swell without end; Excel declares none and writes UTF-8.
    if b"<!DOCTYPE" in part or b"\0" in part:
        raise SheetRefused(SheetProblem.not_excel)
    if sum(map(len, _RANGES.findall(part))) > MOST_RANGES:
        raise SheetRefused(SheetProblem.zip_bomb, most_ranges=MOST_RANGES)
    return part.count(b"<") - part.count(b"</")


def _rows(content: bytes) -> list[tuple[int, Row]]:
    from openpyxl import load_workbook  # type: ignore[import-untyped]  # noqa: PLC0415 - only when a file is handed in

    sheets = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False).worksheets
    if not sheets:
        raise SheetRefused(SheetProblem.no_sheet)
    # Without limits of ours it would believe the size that the sheet states, or fill up to its farthest cell.
    lines = sheets[0].iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS)
    rows: list[tuple[int, Row]] = []
    before = None
    for number, cells in enumerate(lines, 1):
        # All rows of a gap are one tuple; a million of them need not be looked through.
        if cells is not before and (row := _row(cells)):
            rows.append((number, row))
        before = cells
    return rows


def _row(cells: tuple[Any, ...]) -> Row:
    values = ((column, _value(cell)) for column, cell in enumerate(cells) if cell.value is not None)
    return {column: value for column, value in values if value is not None}


def _value(cell: Any) -> Cell | None:
    value = cell.value
    if cell.data_type == "e":
        return ErrorValue(str(value))
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return float(value) if isfinite(value) else ErrorValue(str(value))
    return _text(value).strip() or None


def _text(value: str | date | time | timedelta) -> str:
    """Excel makes a date of many a thing that was meant otherwise, so it is shown as people write dates."""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}" if value.time() == time() else f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    # Excel writes a carriage return as _x000D_.
    return writable(str(value)).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
