"""The register of play areas as an Excel file, out and in."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from dashboard.documents.cells import (
    HEADING_WITHIN,
    Cell,
    Covered,
    DateValue,
    ErrorValue,
    NoResult,
    Row,
    Sheet,
    SheetProblem,
    SheetRefused,
)
from dashboard.documents.headings import heading_key
from dashboard.documents.texts import writable
from dashboard.documents.words import condition_word, funding_word, kind_word
from dashboard.domain.folding import clean_name, folded
from dashboard.domain.numbers import LARGEST, NumberProblem, NumberRefused, parse_figure
from dashboard.domain.play_areas import Condition, Funding, PlayAreaInput, PlayKind
from dashboard.domain.positions import read_position
from dashboard.i18n import LANGUAGES, Language, _, in_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import polars as pl

MOST_ROWS: Final = 5000
# The most letters of one cell; Excel repairs a file that has more.
MOST_LETTERS: Final = 32_767
REQUIRED: Final = ("name", "kind", "commune")
NUMBERS: Final = ("area_m2", "opened_year", "equipment_count", "age_from", "age_to")
COORDINATES: Final = ("latitude", "longitude")
YES_NO: Final = (
    "is_free",
    "is_open_to_all",
    "is_accessible",
    "has_shade",
    "has_toilet",
    "has_water",
    "has_drowning_prevention",
)
# Which state of the place the row was made from: what a colleague wrote since is not to be written over unseen.
VERSION: Final = "version"
# Excel makes dates of 12/3 and 7-17, and a number of 007, unless a cell is formatted as text before one types.
NO_TEXTS: Final = (*NUMBERS, *COORDINATES, VERSION)
WIDE: Final = ("name", "kind", "address", "manager", "equipment_note", "notes", "quarter")
_Word = TypeVar("_Word", bound=StrEnum)


class CellFault(StrEnum):
    """The first are those of a number (see NumberProblem)."""

    not_a_number = "not_a_number"
    negative = "negative"
    ambiguous = "ambiguous"
    too_many_decimals = "too_many_decimals"
    too_large = "too_large"
    not_whole = "not_whole"
    missing = "missing"
    unknown_word = "unknown_word"
    unknown_commune = "unknown_commune"
    unknown_quarter = "unknown_quarter"
    not_yes_no = "not_yes_no"
    not_a_coordinate = "not_a_coordinate"
    error_value = "error_value"
    date_value = "date_value"
    no_result = "no_result"
    covered = "covered"
    code_twice = "code_twice"


@dataclass(frozen=True, slots=True)
class CellProblem:
    """`column` is the name of the field (see column_heading), `text` what stands in the cell."""

    column: str
    code: CellFault
    text: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """`line` is the number of the row in Excel; `said` is None where a cell has a problem.

    `version` is the one that the row was made from, None where the sheet does not tell.
    """

    line: int
    code: str
    said: PlayAreaInput | None
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


_FAULTS: Final = {"commune": CellFault.unknown_commune, **dict.fromkeys(YES_NO, CellFault.not_yes_no)}


class _CellRefused(ValueError):
    def __init__(self, fault: CellFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """What each word stands for, by column and its folded writing."""

    words: Mapping[str, Mapping[str, object]]
    quarters: Mapping[tuple[int, str], int]
    ended: Mapping[tuple[str, int, str], int]


def column_headings() -> dict[str, str]:
    """Field -> heading in the language of the reader, in the order of the sheet."""
    return {
        "code": _("Mã"),
        "name": _("Tên"),
        "kind": _("Loại"),
        "commune": _("Xã, phường"),
        "quarter": _("Thôn, khu phố"),
        "address": _("Địa chỉ"),
        "latitude": _("Vĩ độ"),
        "longitude": _("Kinh độ"),
        "area_m2": _("Diện tích (m²)"),
        "opened_year": _("Năm đưa vào sử dụng"),
        "funding": _("Nguồn vốn"),
        "manager": _("Đơn vị quản lý"),
        "equipment_count": _("Số thiết bị"),
        "equipment_condition": _("Tình trạng thiết bị"),
        "equipment_note": _("Ghi chú thiết bị"),
        "is_free": _("Miễn phí"),
        "opening_hours": _("Giờ mở cửa"),
        "age_from": _("Từ tuổi"),
        "age_to": _("Đến tuổi"),
        "is_open_to_all": _("Mở cho mọi trẻ em"),
        "is_accessible": _("Trẻ khuyết tật tiếp cận được"),
        "has_shade": _("Bóng mát"),
        "has_toilet": _("Nhà vệ sinh"),
        "has_water": _("Nước sạch"),
        "has_drowning_prevention": _("Nội dung phòng, chống đuối nước"),
        "condition": _("Tình trạng"),
        "notes": _("Ghi chú"),
        VERSION: _("Phiên bản"),
    }


COLUMNS: Final = tuple(column_headings())


def write_play_sheet(
    rows: pl.DataFrame, *, language: Language, note: str = "", communes: Sequence[str] = ()
) -> bytes:
    """`rows` has the fields of `column_headings` as columns, kinds and conditions as codes; any further column
    is written as it stands. `communes` are the names offered for choice, by default those in `rows`.
    """
    with in_language(language):
        return _Writer(rows, note, communes or _names_in(rows)).written()


def _names_in(rows: pl.DataFrame) -> list[str]:
    names = rows["commune"].drop_nulls().unique().to_list() if "commune" in rows.columns else []
    return sorted(names)


class _Writer:
    def __init__(self, rows: pl.DataFrame, note: str, communes: Sequence[str]) -> None:
        import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415 - only when somebody asks for a file

        self.rows, self.note = rows, note
        self.file = BytesIO()
        self.book = xlsxwriter.Workbook(self.file, {"in_memory": True})
        self.bold = self.book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
        self.wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.text = self.book.add_format({"num_format": "@"})
        self.marked = self.book.add_format({"bold": True, "font_color": "#B00020"})
        self.choices = _choices(communes)
        self.heading_line = 1 if note else 0

    def written(self) -> bytes:
        self._write_register()
        self._write_guide()
        self._write_choices()
        self.book.close()
        return self.file.getvalue()

    def _write_register(self) -> None:
        sheet = self.book.add_worksheet(_("Điểm vui chơi"))
        if self.note:
            self._text(sheet, 0, 0, self.note, self.marked)
        headings = column_headings()
        further = [name for name in self.rows.columns if name not in headings]
        # The version is for the program alone: it stands behind everything that people read.
        names = [*(name for name in headings if name != VERSION), *further, VERSION]
        for column, name in enumerate(names):
            heading = headings.get(name, name)
            self._text(sheet, self.heading_line, column, heading, self.bold)
            width = 28 if name in WIDE else max(12, len(heading) * 0.7)
            sheet.set_column(column, column, width, self._look_of(name))
            if name in self.rows.columns:
                self._write_column(sheet, column, name)
        sheet.freeze_panes(self.heading_line + 1, 2)
        self._offer_choices(sheet)
        self._explain_version(sheet, len(names) - 1)

    def _look_of(self, name: str) -> Any:
        return self.text if name in COLUMNS and name not in NO_TEXTS else None

    def _write_column(self, sheet: Any, column: int, name: str) -> None:
        for line, value in enumerate(self.rows[name], self.heading_line + 1):
            shown = _shown(name, value)
            if isinstance(shown, str):
                self._text(sheet, line, column, shown, self._look_of(name))
            elif shown is not None:
                sheet.write_number(line, column, shown)

    def _text(self, sheet: Any, line: int, column: int, text: str, look: Any = None) -> None:
        # Always as a text: "=HYPERLINK(...)" as the name of a place must not become a formula.
        sheet.write_string(line, column, writable(text)[:MOST_LETTERS], look)

    def _offer_choices(self, sheet: Any) -> None:
        first, last = self.heading_line + 1, self.heading_line + MOST_ROWS
        for at, (name, words) in enumerate(self.choices.items()):
            letter = chr(ord("A") + at)
            source = f"='{_('Danh mục chọn')}'!${letter}$2:${letter}${len(words) + 1}"
            for column in _columns_choosing(name):
                sheet.data_validation(
                    first,
                    column,
                    last,
                    column,
                    {"validate": "list", "source": source, "error_type": "warning"},
                )

    def _explain_version(self, sheet: Any, column: int) -> None:
        """Beside the cell, where somebody is about to type."""
        first, last = self.heading_line + 1, self.heading_line + MOST_ROWS
        told = {"input_title": column_headings()[VERSION], "input_message": _guide()[VERSION]}
        sheet.data_validation(first, column, last, column, {"validate": "any", **told})

    def _write_guide(self) -> None:
        sheet = self.book.add_worksheet(_("Hướng dẫn"))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 90)
        guide = _guide()
        lines = [
            (_("Cột"), _("Cách ghi")),
            *((heading, guide[name]) for name, heading in column_headings().items()),
        ]
        for line, (heading, explanation) in enumerate(lines):
            self._text(sheet, line, 0, heading, self.bold)
            self._text(sheet, line, 1, explanation, self.wrapped)

    def _write_choices(self) -> None:
        sheet = self.book.add_worksheet(_("Danh mục chọn"))
        headings = {**column_headings(), "yes_no": _("Có hoặc Không")}
        for column, (name, words) in enumerate(self.choices.items()):
            sheet.set_column(column, column, 34)
            self._text(sheet, 0, column, headings[name], self.bold)
            for line, word in enumerate(words, 1):
                self._text(sheet, line, column, word)


def _choices(communes: Iterable[str]) -> dict[str, list[str]]:
    offered = {
        "kind": [kind_word(kind) for kind in PlayKind],
        "condition": [condition_word(condition) for condition in Condition],
        "funding": [funding_word(funding) for funding in Funding],
        "yes_no": [_("Có"), _("Không")],
        "commune": list(communes),
    }
    return {name: words for name, words in offered.items() if words}


def _columns_choosing(name: str) -> list[int]:
    choosing = {"condition": ("condition", "equipment_condition"), "yes_no": YES_NO}.get(name, (name,))
    return [COLUMNS.index(column) for column in choosing]


def _shown(name: str, value: Any) -> str | float | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    to_word = _TO_WORD.get(name)
    return to_word(value) if to_word else value if isinstance(value, int | float) else str(value)


_TO_WORD: Final[Mapping[str, Callable[[str], str]]] = {
    "kind": kind_word,
    "condition": condition_word,
    "equipment_condition": condition_word,
    "funding": funding_word,
}


def _guide() -> dict[str, str]:
    yes_no = _("Có hoặc Không; để trống nếu chưa rõ.")
    year = _("Bốn chữ số, ví dụ 2019.")
    degrees = _("Độ thập phân (WGS84), ví dụ {example}; ghi đủ cả vĩ độ và kinh độ hoặc để trống cả hai.")
    age = _("Số tuổi, từ 0 đến 16; để trống nếu không giới hạn.")
    chosen = _("Chọn trong danh sách.")
    free = _("Ghi tự do; có thể để trống.")
    required = _("Bắt buộc.")
    return {
        "code": _("Mã do phần mềm cấp. Để trống nếu là điểm mới; giữ nguyên nếu sửa điểm đã có."),
        "name": required,
        "kind": f"{required} {chosen}",
        "commune": f"{required} {chosen}",
        "quarter": _("Ghi đúng tên trong danh mục thôn, khu phố của xã, phường; có thể để trống."),
        "address": free,
        "latitude": degrees.format(example="11,8359"),
        "longitude": degrees.format(example="107,0335"),
        "area_m2": _("Số nguyên mét vuông, ví dụ 1.200."),
        "opened_year": year,
        "funding": chosen,
        "manager": free,
        "equipment_count": _("Số nguyên; ghi 0 nếu không có thiết bị, để trống nếu chưa rõ."),
        "equipment_condition": chosen,
        "equipment_note": free,
        "is_free": yes_no,
        "opening_hours": free,
        "age_from": age,
        "age_to": age,
        "is_open_to_all": yes_no,
        "is_accessible": yes_no,
        "has_shade": yes_no,
        "has_toilet": yes_no,
        "has_water": yes_no,
        "has_drowning_prevention": yes_no,
        "condition": _("Chọn trong danh sách; để trống nghĩa là Tốt."),
        "notes": free,
        VERSION: _("Không sửa. Phần mềm căn cứ vào đây để không ghi đè phần người khác đã sửa sau khi tải."),
    }


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
        _as_text(cell)
        for _line, row in above[first : last + 1]
        for column, cell in sorted(row.items())
        if column not in fields and not isinstance(cell, Covered)
    )
    vocabulary = _vocabulary(communes, quarters, ended)
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
    names = {key: name for name, keys in _heading_keys().items() for key in keys}
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


def _heading_keys() -> dict[str, list[str]]:
    """Field -> how its heading may be written, in any language."""
    keys: dict[str, list[str]] = {name: [] for name in column_headings()}
    for language in LANGUAGES:
        with in_language(language):
            for name, heading in column_headings().items():
                keys[name].append(heading_key(heading))
    return keys


def required_headings() -> list[list[str]]:
    """For each column that must be there all writings of its heading: by them the sheet is chosen (see workbook)."""
    keys = _heading_keys()
    return [keys[name] for name in REQUIRED]


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


def _vocabulary(
    communes: Mapping[str, int],
    quarters: Mapping[tuple[int, str], int],
    ended: Mapping[tuple[str, int, str], int],
) -> _Vocabulary:
    conditions = _words(Condition, condition_word)
    return _Vocabulary(
        words={
            "kind": _words(PlayKind, kind_word),
            "funding": _words(Funding, funding_word),
            "condition": conditions,
            "equipment_condition": conditions,
            "commune": {folded(name): area for name, area in communes.items()},
            **dict.fromkeys(YES_NO, _yes_no_words()),
        },
        quarters=_by_folded_name(quarters),
        ended={(code, area, folded(name)): quarter for (code, area, name), quarter in ended.items()},
    )


def _by_folded_name(quarters: Mapping[tuple[int, str], int]) -> dict[tuple[int, str], int]:
    """Without the names that two of one commune share once they are folded: which is meant cannot be known."""
    keys = [(area, folded(name)) for area, name in quarters]
    return {
        key: quarter for key, quarter in zip(keys, quarters.values(), strict=True) if keys.count(key) == 1
    }


def _words(members: type[_Word], to_word: Callable[[str], str]) -> dict[str, _Word]:
    words: dict[str, _Word] = {}
    for language in LANGUAGES:
        with in_language(language):
            words |= {folded(to_word(member)): member for member in members}
    return words


def _yes_no_words() -> dict[str, bool]:
    words = {"yes": True, "x": True, "1": True, "true": True, "no": False, "0": False, "false": False}
    for language in LANGUAGES:
        with in_language(language):
            words |= {folded(_("Có")): True, folded(_("Không")): False}
    return words


def _read_row(line: int, cells: Mapping[str, Cell], vocabulary: _Vocabulary) -> SheetRow:
    values: dict[str, Any] = {}
    problems = [CellProblem(name, CellFault.missing, "") for name in REQUIRED if name not in cells]
    for name in (column for column in COLUMNS if column in cells):
        try:
            if name in COORDINATES:
                _put_position(values, name, cells[name])
            else:
                values[name] = _read_cell(name, cells[name], vocabulary, values)
        except _CellRefused as refused:
            problems.append(CellProblem(name, refused.fault, _as_text(cells[name])))
    code, version = values.pop("code", ""), values.pop(VERSION, None)
    if problems:
        return SheetRow(line, code, None, tuple(problems), version)
    said = PlayAreaInput(area_id=values.pop("commune"), quarter_id=values.pop("quarter", None), **values)
    return SheetRow(line, code, said, (), version)


def _refuse_unreadable(name: str, cell: Cell) -> None:
    """What Excel shows in the cell is not what was meant, or nothing that can be known."""
    if isinstance(cell, ErrorValue):
        raise _CellRefused(CellFault.error_value)
    if isinstance(cell, NoResult):
        raise _CellRefused(CellFault.no_result)
    if isinstance(cell, Covered):
        raise _CellRefused(CellFault.covered)
    # "7:30" is a time of day in Excel too; 12/3 as an address is a day only there.
    if isinstance(cell, DateValue) and not (name == "opening_hours" and cell.is_time):
        raise _CellRefused(CellFault.date_value)


def _read_cell(name: str, cell: Cell, vocabulary: _Vocabulary, values: Mapping[str, Any]) -> Any:
    _refuse_unreadable(name, cell)
    text = _as_text(cell)
    if name in NUMBERS or name == VERSION:
        return _whole(cell)
    if name in vocabulary.words:
        return _known(vocabulary.words[name], folded(text), _FAULTS.get(name, CellFault.unknown_word))
    if name == "quarter":
        return _quarter(folded(text), vocabulary, values)
    return _name(text) if name == "name" else unicodedata.normalize("NFC", text)


def _name(text: str) -> str:
    clean = clean_name(text)
    if not clean:
        raise _CellRefused(CellFault.missing)
    return clean


def _quarter(name: str, vocabulary: _Vocabulary, values: Mapping[str, Any]) -> int | None:
    area = values.get("commune")
    if area is None:
        # Beside an unknown commune no quarter can be known; that one problem is enough.
        return None
    own = vocabulary.ended.get((values.get("code", ""), area, name))
    return own or _known(vocabulary.quarters, (area, name), CellFault.unknown_quarter)


def _known(known: Mapping[Any, Any], key: Any, fault: CellFault) -> Any:
    if key not in known:
        raise _CellRefused(fault)
    return known[key]


def _as_text(cell: Cell) -> str:
    if isinstance(cell, ErrorValue | DateValue):
        return cell.text
    if isinstance(cell, NoResult | Covered):
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    # Excel shows no more than fifteen digits of a number: 0,1 + 0,2 is 0,3 there.
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) <= LARGEST else f"{cell:.15g}"
    return cell


def _whole(cell: Cell) -> int:
    if isinstance(cell, float):
        return _whole_number(cell)
    try:
        return parse_figure(_as_text(cell))
    except NumberRefused as refused:
        raise _CellRefused(_fault(refused.problem)) from refused


def _whole_number(number: float) -> int:
    """Excel keeps every number as a decimal one."""
    if not number.is_integer():
        raise _CellRefused(CellFault.not_whole)
    if number < 0:
        raise _CellRefused(CellFault.negative)
    if number > LARGEST:
        raise _CellRefused(CellFault.too_large)
    return int(number)


def _fault(problem: NumberProblem) -> CellFault:
    return CellFault.missing if problem is NumberProblem.empty else CellFault(problem.value)


def _put_position(values: dict[str, Any], name: str, cell: Cell) -> None:
    """Its own degrees, or both of a pair that was pasted into one cell."""
    _refuse_unreadable(name, cell)
    for axis, value in _degrees(name, cell).items():
        if value is not None and values.setdefault(axis, value) != value:
            raise _CellRefused(CellFault.not_a_coordinate)


def _degrees(name: str, cell: Cell) -> dict[str, float | None]:
    if isinstance(cell, float):
        return {name: cell}
    text = _as_text(cell)
    try:
        latitude, longitude = read_position(*((text, "") if name == "latitude" else ("", text)))
    except NumberRefused as refused:
        raise _CellRefused(CellFault.not_a_coordinate) from refused
    return {"latitude": latitude, "longitude": longitude}


def _with_twice(rows: tuple[SheetRow, ...]) -> tuple[SheetRow, ...]:
    """Two rows for one place: which of them is meant cannot be known, so neither is taken."""
    count: dict[str, int] = {}
    for row in rows:
        count[row.code] = count.get(row.code, 0) + 1
    return tuple(_refused_twice(row) if row.code and count[row.code] > 1 else row for row in rows)


def _refused_twice(row: SheetRow) -> SheetRow:
    problem = CellProblem("code", CellFault.code_twice, row.code)
    return SheetRow(row.line, row.code, None, (*row.problems, problem), row.version)
