"""The register of play areas written as an Excel file."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from dashboard.documents.play_columns import (
    COLUMNS,
    COORDINATES,
    MOST_ROWS,
    VERSION,
    column_headings,
)
from dashboard.documents.texts import writable
from dashboard.documents.words import condition_word, funding_word, kind_word
from dashboard.domain.play_areas import KNOWN_OR_NOT, NUMBER_FIELDS, Condition, Funding, PlayKind
from dashboard.i18n import Language, _, in_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import polars as pl

# The most letters of one cell; Excel repairs a file that has more.
MOST_LETTERS: Final = 32_767
# Excel makes dates of 12/3 and 7-17, and a number of 007, unless a cell is formatted as text before one types.
NO_TEXTS: Final = (*NUMBER_FIELDS, *COORDINATES, VERSION)
WIDE: Final = ("name", "kind", "address", "manager", "equipment_note", "notes", "quarter")


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
        message = {"input_title": column_headings()[VERSION], "input_message": _guide()[VERSION]}
        sheet.data_validation(first, column, last, column, {"validate": "any", **message})

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
    choosing = {"condition": ("condition", "equipment_condition"), "yes_no": KNOWN_OR_NOT}.get(name, (name,))
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
