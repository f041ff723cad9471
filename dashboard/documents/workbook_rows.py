"""The rows of one sheet of an Excel file, each cell with its kind; see workbook for what chooses the sheet."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Final

from dashboard.documents.cells import (
    Cell,
    Covered,
    DateValue,
    ErrorValue,
    NoResult,
    Row,
    SheetProblem,
    SheetRefused,
)
from dashboard.documents.texts import writable
from dashboard.documents.workbook_parts import Enough, Text, small_number, unescaped

if TYPE_CHECKING:
    from collections.abc import Sequence

LAST_ROW: Final = 1_048_576
MOST_COLUMNS: Final = 100
# What comes back, of all cells together: a text of which half a million cells share one copy is half a million texts.
# It stays with the page that shows it, so it is no more than the largest register needs.
MOST_CELLS: Final = 170_000
MOST_SIGNS: Final = 3_000_000
MOST_MERGED: Final = 100_000
LAST_DAY: Final = 2_958_465
_PLACE: Final = re.compile("([A-Za-z]{1,3})[0-9]+")
_BETWEEN: Final = re.compile("([A-Za-z]{1,3})([0-9]{1,7}):([A-Za-z]{1,3})([0-9]{1,7})")
# Stand behind the rows and the merged cells; nothing that follows says anything of the register.
_AFTER: Final = frozenset(
    (
        "phoneticPr",
        "conditionalFormatting",
        "dataValidations",
        "hyperlinks",
        "printOptions",
        "pageMargins",
        "pageSetup",
        "headerFooter",
        "drawing",
        "legacyDrawing",
        "tableParts",
        "extLst",
    )
)
_FIRST_DAY: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel knows no time zones
# In this calendar of old Apple computers every day has a number lower by so many.
_DAYS_1904: Final = 1462


@dataclass
class Budget:
    """What all sheets together may bring."""

    cells: int = MOST_CELLS
    signs: int = MOST_SIGNS

    def take(self, cell: Cell) -> None:
        self.cells -= 1
        self.signs -= len(cell) if isinstance(cell, str) else 1
        if self.cells < 0 or self.signs < 0:
            raise SheetRefused(SheetProblem.too_complex)


@dataclass(frozen=True, slots=True)
class BookFacts:
    """What cells of any sheet refer to: shared texts, the format of dates of each style ("" for none), the calendar.

    `must_calculate`: no result that is kept is to be trusted.
    """

    texts: Sequence[str]
    dated: Sequence[str]
    is_1904: bool
    must_calculate: bool
    budget: Budget


class Rows:
    """The rows of one sheet in which something stands."""

    def __init__(self, book: BookFacts) -> None:
        self.rows: list[tuple[int, Row]] = []
        self.hidden = self.empty = 0
        self._book = book
        self._line = 0
        self._row: Row = {}
        self._is_hidden = False
        self._column, self._place = -1, ""
        self._kind, self._style = "n", ""
        self._value, self._inline = Text(), Text()
        self._has_formula = self._has_value = self._is_reading_aid = False
        self._merged: list[tuple[int, int, int, int]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "v":
            self._has_value = self._value.is_open = True
        elif tag == "row":
            self._start_row(attributes)
        elif tag == "f":
            self._has_formula = True
        elif tag == "t":
            self._inline.is_open = not self._is_reading_aid
        elif tag == "rPh":
            self._is_reading_aid = True
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif tag in _AFTER:
            raise Enough

    def end(self, tag: str) -> None:
        if tag == "c":
            if self._has_formula or self._has_value or self._inline.pieces:
                self._end_cell()
            else:
                self.empty += 1
        elif tag == "v":
            self._value.is_open = False
        elif tag == "t":
            self._inline.is_open = False
        elif tag == "row":
            self._end_row()
        elif tag == "rPh":
            self._is_reading_aid = False

    def text(self, letters: str) -> None:
        if self._value.is_open:
            self._value.add(letters)
        elif self._inline.is_open:
            self._inline.add(letters)

    def _start_row(self, attributes: dict[str, str]) -> None:
        stated = attributes.get("r")
        self._line = self._line + 1 if stated is None else int(stated) if len(stated) < 10 else LAST_ROW + 1  # noqa: PLR2004 - as in small_number
        self._is_hidden = attributes.get("hidden") in ("1", "true")
        self._row, self._column, self._place = {}, -1, ""

    def _end_row(self) -> None:
        if not self._row:
            self.empty += 1
        elif self._line <= LAST_ROW:
            self.rows.append((self._line, self._row))
            self.hidden += self._is_hidden
        self._row = {}

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r", "")
        if not place:
            self._column = self._at() + 1
        self._place = place
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._has_formula = self._has_value = False

    def _at(self) -> int:
        """The column of the cell that began last."""
        return _column_of(self._place) if self._place else self._column

    def _end_cell(self) -> None:
        text, inline = self._value.taken(), self._inline.taken()
        column = self._at()
        if column >= MOST_COLUMNS:
            return
        cell = self._cell(text, inline)
        if cell is not None:
            self._book.budget.take(cell)
            self._row[column] = cell

    def _cell(self, text: str, inline: str) -> Cell | None:
        if self._has_formula and self._is_without_result(text):
            return NoResult()
        if self._kind == "inlineStr":
            return unescaped(inline).strip() or None
        if not text.strip():
            return None
        if self._kind == "s":
            return self._book.texts[small_number(text)].strip() or None
        return self._plain(text)

    def _is_without_result(self, text: str) -> bool:
        """An empty text is a result. Programs that cannot calculate leave nothing, or 0 with the demand to calculate."""
        if not text.strip():
            return not (self._kind == "str" and self._has_value)
        return self._book.must_calculate and self._kind == "n" and text.strip() in ("0", "0.0")

    def _plain(self, text: str) -> Cell | None:
        if self._kind == "str":
            return unescaped(text).strip() or None
        if self._kind == "b":
            return text.strip() in ("1", "true")
        if self._kind == "e":
            return ErrorValue(writable(text.strip()))
        if self._kind == "d":
            return _iso_date(text.strip())
        number = float(text)
        if not isfinite(number):
            return ErrorValue(str(number))
        form = self._date_format()
        return _date(number, form, is_1904=self._book.is_1904) if form else number

    def _date_format(self) -> str:
        dated = self._book.dated
        number = small_number(self._style) if self._style else 0
        return dated[number] if 0 <= number < len(dated) else ""

    def _merge(self, reference: str) -> None:
        found = _BETWEEN.fullmatch(reference)
        if found and len(self._merged) < MOST_MERGED:
            left, top, right, bottom = found.groups()
            self._merged.append((int(top), int(bottom), _column_of(left), _column_of(right)))

    def cover(self) -> None:
        """Mark what lies under merged cells, in rows in which something stands."""
        lines = [line for line, _row in self.rows]
        for top, bottom, left, right in self._merged:
            for at in range(bisect_left(lines, top), len(lines)):
                if lines[at] > bottom:
                    break
                self._cover_row(self.rows[at][1], left, min(right, MOST_COLUMNS - 1), is_top=lines[at] == top)

    def _cover_row(self, row: Row, left: int, right: int, *, is_top: bool) -> None:
        for column in range(left, right + 1):
            if not (is_top and column == left) and column not in row:
                row[column] = Covered()
                self._book.budget.take(row[column])


def _column_of(place: str) -> int:
    """The number of a column from 0: A, Z, AA; place may name a row too."""
    found = _PLACE.fullmatch(place) if place[-1:].isdigit() else None
    letters = found[1] if found else place
    if not letters.isascii() or not letters.isalpha():
        raise SheetRefused(SheetProblem.damaged)
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _date(number: float, form: str, *, is_1904: bool) -> DateValue:
    """What Excel shows for a number under a format of dates, in the writing of this country."""
    has_hours, has_days = "h" in form, "d" in form or "y" in form
    if has_hours and not has_days:
        minutes = round(number * 24 * 60)
        is_elapsed = "[h" in form
        hours = minutes // 60 if is_elapsed or number == 1 else minutes // 60 % 24
        return DateValue(f"{hours:02}:{minutes % 60:02}", is_time=0 <= minutes < 24 * 60)
    days = number + (_DAYS_1904 if is_1904 else 0)
    if not 0 <= days <= LAST_DAY:
        return DateValue(f"{number:.15g}", is_time=False)
    # Excel takes 1900 for a leap year: before its 29 February days are counted one further.
    moment = _FIRST_DAY + timedelta(days=days + (1 if days < 60 else 0))  # noqa: PLR2004 - as said
    is_whole = days == int(days)
    return DateValue(f"{moment:%d/%m/%Y}" if is_whole else f"{moment:%d/%m/%Y %H:%M}", is_time=False)


def _iso_date(text: str) -> Cell:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return DateValue(writable(text), is_time=False)
    return DateValue(f"{moment:%d/%m/%Y}", is_time=False)
