"""The register of play areas read from an Excel file, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dashboard.documents.cells import (
    HEADING_WITHIN,
    Cell,
    Covered,
    Row,
    Sheet,
    SheetProblem,
    SheetRefused,
)
from dashboard.documents.headings import heading_key
from dashboard.documents.play_cells import (
    CellFault,
    CellProblem,
    CellRefused,
    Vocabulary,
    as_text,
    put_position,
    read_cell,
    vocabulary_of,
)
from dashboard.documents.play_columns import COLUMNS, COORDINATES, MOST_ROWS, REQUIRED, VERSION, heading_keys
from dashboard.domain.play_areas import PlayAreaInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class SheetRow:
    """`line` is the number of the row in Excel; `place` is None where a cell has a problem.

    `version` is the one that the row was made from, None where the sheet does not tell.
    """

    line: int
    code: str
    place: PlayAreaInput | None
    problems: tuple[CellProblem, ...]
    version: int | None = None


@dataclass(frozen=True, slots=True)
class PlaySheet:
    """`columns` are the fields that the sheet speaks of: the others stay as the register has them."""

    rows: tuple[SheetRow, ...]
    columns: frozenset[str]
    unknown_columns: tuple[str, ...]

    @property
    def fields(self) -> frozenset[str]:
        """Those of PlayAreaInput among the columns, by their names there."""
        names = {"commune": "area_id", "quarter": "quarter_id"}
        return frozenset(names.get(column, column) for column in self.columns - {"code", VERSION})


def read_play_sheet(
    sheet: Sheet,
    *,
    communes: Mapping[str, int],
    quarters: Mapping[tuple[int, str], int],
    ended: Mapping[tuple[str, int, str], int] = MappingProxyType({}),
) -> PlaySheet:
    """What a sheet says of each place, row by row. Names of communes and quarters are those accepted.

    `ended` are quarters that are no more, by the code of a place that is still in one, commune and name: that
    place may stay in it, and no other may move there.
    Raises SheetRefused where the sheet as a whole cannot be read.
    """
    lines = iter(sheet.rows)
    above = [line for _n, line in zip(range(HEADING_WITHIN), lines, strict=False)]
    if not above:
        raise SheetRefused(SheetProblem.empty)
    first, last, fields = _heading_rows([row for _line, row in above])
    unknown = tuple(
        as_text(cell)
        for _line, row in above[first : last + 1]
        for column, cell in sorted(row.items())
        if column not in fields and not isinstance(cell, Covered)
    )
    vocabulary = vocabulary_of(communes, quarters, ended)
    rows = tuple(
        _read_row(line, cells, vocabulary) for line, cells in _places(above[last + 1 :], lines, fields)
    )
    if not rows:
        raise SheetRefused(SheetProblem.empty)
    return PlaySheet(_with_twice(rows), frozenset(fields.values()), unknown)


def _heading_rows(rows: Sequence[Row]) -> tuple[int, int, dict[int, str]]:
    """The first and the last row of headings, and the field of each column.

    Of several the one with most known headings counts. Headings may stand in two rows, as in official tables:
    “Vị trí” over “Vĩ độ” and “Kinh độ”, the others merged over both.
    """
    names = {key: name for name, keys in heading_keys().items() for key in keys}
    found = [_fields(row, names) for row in rows]
    first = max(range(len(rows)), key=lambda at: (set(REQUIRED) <= set(found[at].values()), len(found[at])))
    last, fields = first, found[first]
    while last + 1 < len(rows) and _continues(rows[last + 1], fields):
        last += 1
        fields = found[last] | fields
    _check_headings(list(fields.values()))
    return first, last, fields


def _continues(row: Row, fields: Mapping[int, str]) -> bool:
    """Whether the headings that must be there are merged over this row too."""
    columns = [column for column, name in fields.items() if name in REQUIRED]
    return bool(columns) and all(isinstance(row.get(column), Covered) for column in columns)


def _check_headings(fields: list[str]) -> None:
    if missing := tuple(name for name in REQUIRED if name not in fields):
        raise SheetRefused(SheetProblem.missing_columns, names=missing)
    # Which of them is meant cannot be known, and the other one would be left out unseen.
    if twice := tuple(dict.fromkeys(name for name in fields if fields.count(name) > 1)):
        raise SheetRefused(SheetProblem.heading_twice, names=twice)


def _fields(row: Row, names: Mapping[str, str]) -> dict[int, str]:
    known = {column: names.get(heading_key(cell)) for column, cell in row.items() if isinstance(cell, str)}
    return {column: name for column, name in sorted(known.items()) if name}


def _places(
    first: Iterable[tuple[int, Row]], rest: Iterable[tuple[int, Row]], fields: Mapping[int, str]
) -> Iterator[tuple[int, dict[str, Cell]]]:
    count = 0
    for lines in (first, rest):
        for line, row in lines:
            cells = {fields[column]: cell for column, cell in row.items() if column in fields}
            # A row that was emptied may still have its version, which stands far to the right.
            if not any(name != VERSION and not isinstance(cell, Covered) for name, cell in cells.items()):
                continue
            count += 1
            if count > MOST_ROWS:
                raise SheetRefused(SheetProblem.too_many_rows, most_rows=MOST_ROWS)
            yield line, cells


def _read_row(line: int, cells: Mapping[str, Cell], vocabulary: Vocabulary) -> SheetRow:
    values: dict[str, Any] = {}
    problems = [CellProblem(name, CellFault.missing, "") for name in REQUIRED if name not in cells]
    for name in (column for column in COLUMNS if column in cells):
        try:
            if name in COORDINATES:
                put_position(values, name, cells[name])
            else:
                values[name] = read_cell(name, cells[name], vocabulary, values)
        except CellRefused as refused:
            problems.append(CellProblem(name, refused.fault, as_text(cells[name])))
    code, version = values.pop("code", ""), values.pop(VERSION, None)
    if problems:
        return SheetRow(line, code, None, tuple(problems), version)
    place = PlayAreaInput(area_id=values.pop("commune"), quarter_id=values.pop("quarter", None), **values)
    return SheetRow(line, code, place, (), version)


def _with_twice(rows: tuple[SheetRow, ...]) -> tuple[SheetRow, ...]:
    """Two rows for one place: which of them is meant cannot be known, so neither is taken."""
    count: dict[str, int] = {}
    for row in rows:
        count[row.code] = count.get(row.code, 0) + 1
    return tuple(_refused_twice(row) if row.code and count[row.code] > 1 else row for row in rows)


def _refused_twice(row: SheetRow) -> SheetRow:
    problem = CellProblem("code", CellFault.code_twice, row.code)
    return SheetRow(row.line, row.code, None, (*row.problems, problem), row.version)
