"""The record of what was submitted: read, not typed, so it is text and not a page of greyed fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.domain.answers import Answer
from dashboard.domain.numbers import format_moment
from dashboard.i18n import _, current_language
from dashboard.ui.labels import typed_label
from dashboard.ui.tables import show_table
from dashboard.ui.words import answer_word, certainty_note

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl


def show_submitted(lines: pl.DataFrame) -> None:
    """`lines` of one area (rows of EntrySheet.lines) as they were submitted."""
    headings = (
        _("Mã"),
        _("Chỉ tiêu"),
        _("Số liệu đã nộp"),
        _("Cùng kỳ năm trước"),
        _("Người nhập, thời điểm"),
    )
    show_table(headings, [_row(line) for line in lines.to_dicts()], numbers=(2, 3))


def _row(line: Mapping[str, Any]) -> tuple[str, ...]:
    name = line["name"] if line["slug"] == "all" else f"{line['name']}: {line['split_name']}"
    doubt = certainty_note(line["certainty"])
    return (
        line["code"],
        f"{name}\n({doubt})" if doubt else name,
        _value(line, ""),
        _value(line, "last_"),
        _author(line),
    )


def _value(line: Mapping[str, Any], prefix: str) -> str:
    answer = line[f"{prefix}answer"]
    if answer is None:
        return "" if prefix else _("chưa nhập")
    if answer != Answer.figure:
        return answer_word(answer)
    numbers = (line[f"{prefix}numerator"], line[f"{prefix}denominator"])
    return typed_label(line["kind"], *numbers, line["unit_scale"])


def _author(line: Mapping[str, Any]) -> str:
    if line["entered_at"] is None:
        return ""
    return f"{line['entered_by']}\n{format_moment(line['entered_at'], current_language())}"
