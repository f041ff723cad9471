"""The sheet of an Excel file (.xlsx, .xlsm) in which the register stands, with the kind of each cell.

Only what says something of the register is looked at: the workbook, its relations, its texts, its number formats and
its sheets, as streams. Both writings of the standard, transitional and strict, are the same here, since elements are
known by their names. Why this is no library's: see deploy/decisions/0301-own-reader-of-sheets.md.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZipFile

from dashboard.documents.apart_worker import OutOfTime
from dashboard.documents.cells import (
    HEADING_WITHIN,
    MOST_BYTES,
    Row,
    Sheet,
    SheetProblem,
    SheetRefused,
    sheet_to_json,
)
from dashboard.documents.file_kinds import FileKind, kind_of
from dashboard.documents.headings import heading_key
from dashboard.documents.workbook_parts import (
    Declared,
    Elements,
    Enough,
    SharedTexts,
    Styles,
    attribute_of,
    parse_part,
)
from dashboard.documents.workbook_rows import BookFacts, Budget, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from zipfile import ZipInfo

MOST_UNPACKED: Final = 60 * 1024 * 1024
# A sheet is read as a stream, so it may be larger than what is kept: rows that are formatted to the last one.
MOST_UNPACKED_SHEET: Final = 400 * 1024 * 1024
CHUNK: Final = 128 * 1024
# Where so many rows and cells are empty, they are what takes the time.
MANY_EMPTY: Final = 50_000


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
    except Declared as declared:
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


class _Workbook:
    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        self.parts = {_part_name(entry.filename): entry for entry in archive.infolist()}
        self.path = self._workbook_path()
        self.relations = self._relations_of(self.path)
        self.is_1904, self.must_calculate = False, False
        self._sheets: list[tuple[str, str, bool]] = []
        self._read_workbook()
        self.facts = BookFacts(
            self._shared_texts(), self._date_styles(), self.is_1904, self.must_calculate, Budget()
        )

    def sheets(self) -> list[tuple[str, str]]:
        """Name and part of each sheet in sight that has cells (a sheet may be a chart)."""
        there = [(name, part, is_visible) for name, part, is_visible in self._sheets if part in self.parts]
        if not there:
            raise SheetRefused(SheetProblem.no_sheet)
        return [(name, part) for name, part, is_visible in there if is_visible] or [
            (name, part) for name, part, _seen in there
        ]

    def read(self, name: str, part: str, writings: Sequence[frozenset[str]]) -> tuple[Sheet, bool]:
        """The sheet, and whether it has the headings; one that has not is read only as far as they may stand."""
        reader = Rows(self.facts)

        def is_enough() -> bool:
            head = reader.rows[:HEADING_WITHIN]
            return len(head) == HEADING_WITHIN and not any(_is_heading(row, writings) for _line, row in head)

        try:
            parse_part(self._chunks(part, MOST_UNPACKED_SHEET, is_enough), reader)
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
            attribute_of(each, "Id"): (
                attribute_of(each, "Type").rpartition("/")[2],
                _resolved(folder, attribute_of(each, "Target")),
            )
            for _tag, each in elements
        }

    def _read_workbook(self) -> None:
        for tag, each in self._elements(self.path, "workbookPr", "calcPr", "sheet"):
            if tag == "workbookPr":
                self.is_1904 = attribute_of(each, "date1904") in ("1", "true")
            elif tag == "calcPr":
                self.must_calculate = attribute_of(each, "fullCalcOnLoad") in ("1", "true")
            else:
                kind, part = self.relations.get(attribute_of(each, "id"), ("", ""))
                if kind == "worksheet":
                    is_visible = attribute_of(each, "state") not in ("hidden", "veryHidden")
                    self._sheets.append((attribute_of(each, "name"), part, is_visible))

    def _part_of(self, kind: str) -> str:
        return next((part for its, part in self.relations.values() if its == kind and part in self.parts), "")

    def _shared_texts(self) -> list[str]:
        part = self._part_of("sharedStrings") or "xl/sharedstrings.xml"
        texts = SharedTexts()
        if part in self.parts:
            parse_part(self._chunks(part, MOST_UNPACKED), texts)
        return texts.found

    def _date_styles(self) -> list[str]:
        """For each style of a cell the format of dates that it has, empty where it has none."""
        part = self._part_of("styles")
        if not part:
            return []
        styles = Styles()
        parse_part(self._chunks(part, MOST_UNPACKED), styles)
        return [styles.date_format(number) for number in styles.cells]

    def _elements(self, part: str, *tags: str) -> list[tuple[str, dict[str, str]]]:
        elements = Elements(tags)
        parse_part(self._chunks(part, MOST_UNPACKED), elements)
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
                raise Enough


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
