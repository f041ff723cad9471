"""What a row of a sheet would do to the register, and what stands in its way, in words."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING

from dashboard.documents.play_columns import column_headings
from dashboard.domain.numbers import format_moment
from dashboard.domain.play_areas import differing_fields
from dashboard.domain.play_import import RowChange, RowFault
from dashboard.i18n import _, current_language
from dashboard.ui.file_words import cell_problem
from dashboard.ui.place_words import place_heading, place_value
from dashboard.ui.register_words import place_problem

if TYPE_CHECKING:
    from dashboard.documents.play_sheet import SheetRow
    from dashboard.domain.checks import Problem
    from dashboard.domain.play_areas import PlayAreaInput
    from dashboard.domain.play_import import PlannedRow, StoredPlace


def row_change(row: PlannedRow) -> str:
    if row.change is RowChange.unchanged:
        return _("không đổi")
    if row.place is None or row.change is RowChange.none:
        return "–"
    return _update(row.stored, row.place) if row.stored else _addition(row.place)


def _addition(place: PlayAreaInput) -> str:
    """Everything that would be written of a new place: what a sheet program made of it is seen before, not after."""
    values = ((each.name, getattr(place, each.name)) for each in fields(place) if each.name != "name")
    lines = [
        f"{place_heading(name)}: {place_value(name, value)}"
        for name, value in values
        if value not in (None, "")
    ]
    return "\n".join((_("thêm mới"), *lines))


def _update(stored: StoredPlace, place: PlayAreaInput) -> str:
    """Which place is changed, and in what."""
    before = stored.place
    lines = [
        f"{place_heading(name)}: {place_value(name, getattr(before, name))} → {place_value(name, getattr(place, name))}"
        for name in differing_fields(before, place)
    ]
    return "\n".join((_("sửa {code}").format(code=stored.code), *lines))


def row_problems(read: SheetRow, planned: PlannedRow) -> list[str]:
    """A sentence for each cell that cannot be read and each reason why the row must not be written."""
    headings = column_headings()
    cells = [cell_problem(each, headings[each.column]) for each in read.problems]
    return cells + [_row_problem(each) for each in planned.problems]


def _row_problem(problem: Problem) -> str:
    sentence = _fault_sentences().get(problem.code)
    if sentence is None:
        return place_problem(problem)
    return sentence.format(**{name: _shown(value) for name, value in problem.params.items()})


def _fault_sentences() -> dict[str, str]:
    return {
        RowFault.unknown_code: _("không có điểm nào mang mã {code}"),
        RowFault.forbidden: _("tài khoản này không được sửa sổ của xã, phường này"),
        RowFault.unknown_version: _(
            "không rõ dòng này được sửa từ phiên bản nào của {code}. "
            "Đề nghị tải danh sách mới rồi sửa lại, giữ nguyên cột “Phiên bản”."
        ),
        RowFault.outdated: _(
            "{code} đã được sửa sau khi danh sách này được tải xuống (lần ghi gần nhất: {who}, {when}). "
            "Đề nghị tải danh sách mới rồi sửa lại."
        ),
        RowFault.namesake: _(
            "đã có {codes} cùng tên trong xã, phường này. Nếu là điểm đó, đề nghị tải danh sách mới rồi sửa "
            "dòng mang mã ấy; nếu là điểm khác, đề nghị ghi tên khác."
        ),
        RowFault.doubled: _(
            "trùng tên với dòng {lines} trong cùng xã, phường. Đề nghị bỏ dòng thừa hoặc ghi tên khác."
        ),
    }


def _shown(value: object) -> object:
    return format_moment(value, current_language()) if isinstance(value, datetime) else value
