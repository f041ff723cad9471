"""What may stand in a cell of a sheet that people hand in, and why a sheet as a whole was refused.

Apart from the reading (see workbook), which happens in a process of its own: cells and refusals travel as JSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES: Final = 5 * 1024 * 1024
# A title and notes may stand above the headings.
HEADING_WITHIN: Final = 20


class SheetProblem(StrEnum):
    too_large = "too_large"
    empty_file = "empty_file"
    not_excel = "not_excel"
    damaged = "damaged"
    encrypted = "encrypted"
    excel_old = "excel_old"
    excel_binary = "excel_binary"
    open_document = "open_document"
    web_table = "web_table"
    text_table = "text_table"
    zip_bomb = "zip_bomb"
    formatted_rows = "formatted_rows"
    no_sheet = "no_sheet"
    several_sheets = "several_sheets"
    missing_columns = "missing_columns"
    heading_twice = "heading_twice"
    too_many_rows = "too_many_rows"
    empty = "empty"
    # Of the process in which it is read (see apart).
    too_complex = "too_complex"
    busy = "busy"
    unavailable = "unavailable"


class SheetRefused(ValueError):
    """The whole file is refused; `params` hold the limit, or the names of columns or sheets."""

    def __init__(self, problem: SheetProblem, **params: int | tuple[str, ...]) -> None:
        super().__init__(problem, params)
        self.problem, self.params = problem, params


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """What Excel shows where a formula failed: #REF!"""

    text: str


@dataclass(frozen=True, slots=True)
class DateValue:
    """A day or a time as Excel keeps it: a number under a format. Often it was typed as something else (12/3, 7-17).

    `is_time` is a time of day alone, from 00:00 to 23:59.
    """

    text: str
    is_time: bool


@dataclass(frozen=True, slots=True)
class NoResult:
    """A formula that no program has calculated: what it stands for is not known."""


@dataclass(frozen=True, slots=True)
class Covered:
    """Under a merged cell: whether its value was meant for this row too cannot be known."""


Cell = str | float | bool | ErrorValue | DateValue | NoResult | Covered
Row = dict[int, Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Number of each row in which something stands, and its cells by column from 0.

    `hidden` is the number of those rows that Excel does not show (hidden, or filtered away).
    """

    name: str
    rows: tuple[tuple[int, Row], ...]
    hidden: int = 0


def cell_to_json(cell: Cell) -> Any:
    if isinstance(cell, ErrorValue):
        return ["error", cell.text]
    if isinstance(cell, DateValue):
        return ["date", cell.text, cell.is_time]
    if isinstance(cell, NoResult):
        return ["no_result"]
    return ["covered"] if isinstance(cell, Covered) else cell


def cell_from_json(told: Any) -> Cell:
    if isinstance(told, int) and not isinstance(told, bool):
        return float(told)
    if not isinstance(told, list):
        cell: Cell = told
        return cell
    kind, *values = told
    if kind == "error":
        return ErrorValue(*values)
    if kind == "date":
        return DateValue(*values)
    return NoResult() if kind == "no_result" else Covered()


def sheet_to_json(sheet: Sheet) -> dict[str, Any]:
    rows = [[line, {column: cell_to_json(cell) for column, cell in row.items()}] for line, row in sheet.rows]
    return {"name": sheet.name, "hidden": sheet.hidden, "rows": rows}


def sheet_from_json(told: Mapping[str, Any]) -> Sheet:
    rows = tuple(
        (line, {int(column): cell_from_json(cell) for column, cell in row.items()})
        for line, row in told["rows"]
    )
    return Sheet(told["name"], rows, told["hidden"])
