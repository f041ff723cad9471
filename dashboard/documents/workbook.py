"""The sheet of an Excel file (.xlsx, .xlsm) in which the register stands, with the kind of each cell.

Only what says something of the register is looked at: the workbook, its relations, its texts, its number formats and
its sheets, as streams. Both writings of the standard, transitional and strict, are the same here, since elements are
known by their names. Why this is no library's: see deploy/decisions/0301-own-reader-of-sheets.md.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, Protocol
from xml.parsers import expat
from zipfile import ZipFile

from dashboard.documents.apart_worker import OutOfTime
from dashboard.documents.cells import (
    HEADING_WITHIN,
    MOST_BYTES,
    Cell,
    Covered,
    DateValue,
    ErrorValue,
    NoResult,
    Row,
    Sheet,
    SheetProblem,
    SheetRefused,
    sheet_to_json,
)
from dashboard.documents.file_kinds import FileKind, kind_of
from dashboard.documents.headings import heading_key
from dashboard.documents.number_formats import DATE_FORMATS, is_date_format
from dashboard.documents.texts import writable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from zipfile import ZipInfo

MOST_UNPACKED: Final = 60 * 1024 * 1024
# A sheet is read as a stream, so it may be larger than what is kept: rows that are formatted to the last one.
MOST_UNPACKED_SHEET: Final = 400 * 1024 * 1024
CHUNK: Final = 128 * 1024
LAST_ROW: Final = 1_048_576
MOST_COLUMNS: Final = 100
# What comes back, of all cells together: a text of which half a million cells share one copy is half a million texts.
# It stays with the page that shows it, so it is no more than the largest register needs.
MOST_CELLS: Final = 170_000
MOST_SIGNS: Final = 3_000_000
# Beyond what one cell of Excel can hold a text is cut: it is refused as too long afterwards.
MOST_LETTERS: Final = 32_768
MOST_MERGED: Final = 100_000
MOST_FORMAT: Final = 255
# Where so many rows and cells are empty, they are what takes the time.
MANY_EMPTY: Final = 50_000
LAST_DAY: Final = 2_958_465
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
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


def read_as_json(content: bytes, settings: Mapping[str, Any]) -> dict[str, Any]:
    """For the process of its own: the sheet, or why it was refused."""
    try:
        return {"sheet": sheet_to_json(read_sheet(content, settings["required"]))}
    except SheetRefused as refused:
        return {"refused": refused.problem, "params": refused.params}


def read_sheet(content: bytes, required: Sequence[Sequence[str]] = ()) -> Sheet:
    """The first sheet in sight that has the `required` headings, each given in all its folded writings.

    Where none has them, the first one in which something stands. Raises SheetRefused.
    """
    if len(content) > MOST_BYTES:
        raise SheetRefused(SheetProblem.too_large, most_bytes=MOST_BYTES)
    _check_kind(content)
    try:
        with ZipFile(BytesIO(content)) as archive:
            return _chosen(_Workbook(archive), required)
    except (SheetRefused, MemoryError):
        raise
    except _Declared as declared:
        raise SheetRefused(SheetProblem.not_excel) from declared
    except Exception as fault:  # broken archives and broken XML fail in a dozen ways
        raise SheetRefused(SheetProblem.damaged) from fault


_REFUSED_KINDS: Final = {
    FileKind.nothing: SheetProblem.empty_file,
    FileKind.broken_archive: SheetProblem.damaged,
    FileKind.encrypted: SheetProblem.encrypted,
    FileKind.excel_old: SheetProblem.excel_old,
    FileKind.excel_binary: SheetProblem.excel_binary,
    FileKind.open_document: SheetProblem.open_document,
    FileKind.web_table: SheetProblem.web_table,
    FileKind.text_table: SheetProblem.text_table,
}


def _check_kind(content: bytes) -> None:
    kind = kind_of(content)
    if kind is not FileKind.excel:
        raise SheetRefused(_REFUSED_KINDS.get(kind, SheetProblem.not_excel))


def _chosen(workbook: _Workbook, required: Sequence[Sequence[str]]) -> Sheet:
    writings = [frozenset(names) for names in required]
    registers: list[Sheet] = []
    others: list[Sheet] = []
    for name, part in workbook.sheets():
        sheet, is_register = workbook.read(name, part, writings)
        (registers if is_register else others).append(sheet)
    filled = [sheet for sheet in registers if _has_rows(sheet, writings)]
    if len(filled) > 1 and required:
        raise SheetRefused(SheetProblem.several_sheets, names=tuple(sheet.name for sheet in filled))
    in_use = [*filled, *registers, *(sheet for sheet in others if sheet.rows), *others]
    if not in_use:
        raise SheetRefused(SheetProblem.no_sheet)
    return in_use[0]


def _has_rows(sheet: Sheet, writings: Sequence[frozenset[str]]) -> bool:
    """Whether anything stands below the headings."""
    at = next((at for at, (_line, row) in enumerate(sheet.rows) if _is_heading(row, writings)), None)
    return at is not None and at + 1 < len(sheet.rows)


def _is_heading(row: Row, writings: Sequence[frozenset[str]]) -> bool:
    found = {heading_key(cell) for cell in row.values() if isinstance(cell, str)}
    return all(names & found for names in writings)


# --- The package


class _Handler(Protocol):
    """Takes the elements of one part. `start` may raise _Enough."""

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def text(self, letters: str) -> None: ...


class _Enough(Exception):
    """Nothing that follows in this part is needed."""


class _Declared(Exception):
    """Entities that are declared inside a file can swell without end; Excel declares none."""


def _parse(chunks: Iterator[bytes], handler: _Handler) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    local: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = local.get(name) or local.setdefault(name, name.rpartition(":")[2])
        handler.start(tag, attributes)

    def end(name: str) -> None:
        handler.end(local.get(name) or name)

    def declared(*_of: object) -> None:
        raise _Declared

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = handler.text, declared
    try:
        for chunk in chunks:
            parser.Parse(chunk)
        parser.Parse(b"", True)  # noqa: FBT003 - the interface of expat
    except _Enough:
        return


def _attribute(attributes: Mapping[str, str], name: str) -> str:
    """By its local name: relations are named in a namespace of their own, which each program abbreviates as it likes."""
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


@dataclass
class _Elements:
    """All elements of some tags, for parts that are small."""

    tags: tuple[str, ...]
    found: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in self.tags:
            self.found.append((tag, attributes))

    def end(self, tag: str) -> None: ...
    def text(self, letters: str) -> None: ...


class _Workbook:
    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        self.parts = {_part_name(entry.filename): entry for entry in archive.infolist()}
        self.path = self._workbook_path()
        self.relations = self._relations_of(self.path)
        self.is_1904, self.must_calculate = False, False
        self._sheets: list[tuple[str, str, bool]] = []
        self._read_workbook()
        self.texts = self._shared_texts()
        self.dated = self._date_styles()
        self.budget = _Budget()

    def sheets(self) -> list[tuple[str, str]]:
        """Name and part of each sheet in sight that has cells (a sheet may be a chart)."""
        there = [(name, part, seen) for name, part, seen in self._sheets if part in self.parts]
        if not there:
            raise SheetRefused(SheetProblem.no_sheet)
        return [(name, part) for name, part, seen in there if seen] or [
            (name, part) for name, part, _seen in there
        ]

    def read(self, name: str, part: str, writings: Sequence[frozenset[str]]) -> tuple[Sheet, bool]:
        """The sheet, and whether it has the headings; one that has not is read only as far as they may stand."""
        reader = _Rows(self)

        def is_enough() -> bool:
            head = reader.rows[:HEADING_WITHIN]
            return len(head) == HEADING_WITHIN and not any(_is_heading(row, writings) for _line, row in head)

        try:
            _parse(self._chunks(part, MOST_UNPACKED_SHEET, is_enough), reader)
        except OutOfTime as late:
            if reader.empty > MANY_EMPTY:
                raise SheetRefused(SheetProblem.formatted_rows) from late
            raise
        reader.cover()
        sheet = Sheet(name, tuple(reader.rows), reader.hidden)
        return sheet, any(_is_heading(row, writings) for _line, row in sheet.rows[:HEADING_WITHIN])

    def _workbook_path(self) -> str:
        for kind, target in self._relations_of("").values():
            if kind == "officeDocument" and target in self.parts:
                return target
        if "xl/workbook.xml" not in self.parts:
            raise SheetRefused(SheetProblem.not_excel)
        return "xl/workbook.xml"

    def _relations_of(self, path: str) -> dict[str, tuple[str, str]]:
        """Id -> kind (the last word of its address) and part."""
        folder, _slash, name = path.rpartition("/")
        part = "/".join(filter(None, (folder, "_rels", f"{name}.rels")))
        if part not in self.parts:
            return {}
        elements = self._elements(part, "Relationship")
        return {
            _attribute(each, "Id"): (
                _attribute(each, "Type").rpartition("/")[2],
                _resolved(folder, _attribute(each, "Target")),
            )
            for _tag, each in elements
        }

    def _read_workbook(self) -> None:
        for tag, each in self._elements(self.path, "workbookPr", "calcPr", "sheet"):
            if tag == "workbookPr":
                self.is_1904 = _attribute(each, "date1904") in ("1", "true")
            elif tag == "calcPr":
                self.must_calculate = _attribute(each, "fullCalcOnLoad") in ("1", "true")
            else:
                kind, part = self.relations.get(_attribute(each, "id"), ("", ""))
                if kind == "worksheet":
                    seen = _attribute(each, "state") not in ("hidden", "veryHidden")
                    self._sheets.append((_attribute(each, "name"), part, seen))

    def _part_of(self, kind: str) -> str:
        return next((part for its, part in self.relations.values() if its == kind and part in self.parts), "")

    def _shared_texts(self) -> list[str]:
        part = self._part_of("sharedStrings") or "xl/sharedstrings.xml"
        texts = _SharedTexts()
        if part in self.parts:
            _parse(self._chunks(part, MOST_UNPACKED), texts)
        return texts.found

    def _date_styles(self) -> list[str]:
        """For each style of a cell the format of dates that it has, empty where it has none."""
        part = self._part_of("styles")
        if not part:
            return []
        styles = _Styles()
        _parse(self._chunks(part, MOST_UNPACKED), styles)
        return [styles.date_format(number) for number in styles.cells]

    def _elements(self, part: str, *tags: str) -> list[tuple[str, dict[str, str]]]:
        elements = _Elements(tags)
        _parse(self._chunks(part, MOST_UNPACKED), elements)
        return elements.found

    def _chunks(self, part: str, most: int, is_enough: Callable[[], bool] = lambda: False) -> Iterator[bytes]:
        entry: ZipInfo = self.parts[part]
        if entry.file_size > most:
            raise SheetRefused(SheetProblem.zip_bomb, most_bytes=most)
        # Reading stops at the size that the archive states, so a false statement gains nothing.
        with self.archive.open(entry) as file:
            while (chunk := file.read(CHUNK)) and not is_enough():
                yield chunk
            if chunk:
                raise _Enough


def _part_name(text: str) -> str:
    """Some programs write the names with the other stroke, or in other letters than they are called by."""
    return text.replace("\\", "/").lstrip("/").lower()


def _resolved(folder: str, target: str) -> str:
    if target.startswith("/"):
        return _part_name(target)
    steps: list[str] = folder.split("/") if folder else []
    for step in target.replace("\\", "/").split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return _part_name("/".join(steps))


# --- Texts and number formats


class _Text:
    """Letters of one cell or of one shared text, without the readings that Japanese programs add."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.is_open = False

    def add(self, letters: str) -> None:
        if self.is_open and self.length < MOST_LETTERS:
            self.pieces.append(letters[: MOST_LETTERS - self.length])
            self.length += len(letters)

    def taken(self) -> str:
        text = "".join(self.pieces)
        self.pieces, self.length, self.is_open = [], 0, False
        return text


class _SharedTexts:
    def __init__(self) -> None:
        self.found: list[str] = []
        self._text = _Text()
        self._is_reading_aid = False
        self._letters = 0

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        if tag == "rPh":
            self._is_reading_aid = True
        elif tag == "t":
            self._text.is_open = not self._is_reading_aid

    def end(self, tag: str) -> None:
        if tag == "si":
            self.found.append(_unescaped(self._text.taken()))
        elif tag == "t":
            self._text.is_open = False
        elif tag == "rPh":
            self._is_reading_aid = False

    def text(self, letters: str) -> None:
        self._text.add(letters)


class _Styles:
    """The number format of each style of a cell."""

    def __init__(self) -> None:
        self.cells: list[int] = []
        self._own: dict[int, str] = {}
        self._is_of_cells = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "xf":
            if self._is_of_cells:
                self.cells.append(_small(attributes.get("numFmtId", "0")))
        elif tag == "cellXfs":
            self._is_of_cells = True
        elif tag == "numFmt":
            self._own[_small(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")[
                :MOST_FORMAT
            ]

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            raise _Enough

    def text(self, letters: str) -> None: ...

    def date_format(self, number: int) -> str:
        own = self._own.get(number)
        if own is None:
            return DATE_FORMATS.get(number, "")
        return own.lower() if is_date_format(own) else ""


def _small(text: str) -> int:
    """A number of a style or of a text; nothing that Excel writes has more digits."""
    return int(text) if len(text) < 10 else -1  # noqa: PLR2004 - as said


def _unescaped(text: str) -> str:
    """Excel writes what XML cannot hold as _x000D_, and the sign _ before such a writing as _x005F_."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return writable(text).replace("\r\n", "\n").replace("\r", "\n")


# --- Rows


@dataclass
class _Budget:
    """What all sheets together may bring."""

    cells: int = MOST_CELLS
    signs: int = MOST_SIGNS

    def take(self, cell: Cell) -> None:
        self.cells -= 1
        self.signs -= len(cell) if isinstance(cell, str) else 1
        if self.cells < 0 or self.signs < 0:
            raise SheetRefused(SheetProblem.too_complex)


class _Rows:
    """The rows of one sheet in which something stands."""

    def __init__(self, workbook: _Workbook) -> None:
        self.rows: list[tuple[int, Row]] = []
        self.hidden = self.empty = 0
        self._workbook = workbook
        self._line = 0
        self._row: Row = {}
        self._is_hidden = False
        self._column, self._place = -1, ""
        self._kind, self._style = "n", ""
        self._value, self._inline = _Text(), _Text()
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
            raise _Enough

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
        self._line = self._line + 1 if stated is None else int(stated) if len(stated) < 10 else LAST_ROW + 1  # noqa: PLR2004 - as in _small
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
            self._workbook.budget.take(cell)
            self._row[column] = cell

    def _cell(self, text: str, inline: str) -> Cell | None:
        if self._has_formula and self._is_without_result(text):
            return NoResult()
        if self._kind == "inlineStr":
            return _unescaped(inline).strip() or None
        if not text.strip():
            return None
        if self._kind == "s":
            return self._workbook.texts[_small(text)].strip() or None
        return self._plain(text)

    def _is_without_result(self, text: str) -> bool:
        """An empty text is a result. Programs that cannot calculate leave nothing, or 0 with the demand to calculate."""
        if not text.strip():
            return not (self._kind == "str" and self._has_value)
        return self._workbook.must_calculate and self._kind == "n" and text.strip() in ("0", "0.0")

    def _plain(self, text: str) -> Cell | None:
        if self._kind == "str":
            return _unescaped(text).strip() or None
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
        return _date(number, form, is_1904=self._workbook.is_1904) if form else number

    def _date_format(self) -> str:
        dated = self._workbook.dated
        number = _small(self._style) if self._style else 0
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
                self._workbook.budget.take(row[column])


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
