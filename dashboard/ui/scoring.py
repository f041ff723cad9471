"""The scoring form: the rules, the standing, and criterion by criterion what is asked and answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.domain.recognition import Side, judge_scores
from dashboard.i18n import _, current_language
from dashboard.ui import data
from dashboard.ui.as_written import as_written, lines_as_written
from dashboard.ui.register_words import side_word, state_word
from dashboard.ui.score_fields import show_fields, show_note
from dashboard.ui.score_proposals import show_proposal
from dashboard.ui.scoring_state import score_row
from dashboard.ui.status import show_heading, status_chip
from dashboard.ui.verdict import (
    condition_line,
    conditions,
    missing_sentences,
    threshold_note,
    total_label,
    verdict_status,
)
from dashboard.ui.words import certainty_note
from dashboard.views.recognition import changed_since, points_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.ui.scoring_sheet import Sheet
    from dashboard.views.proposals import Proposal
    from dashboard.views.recognition import Recognition


def show_standing(sheet: Sheet) -> None:
    """The running total against the threshold, and what still fails."""
    of_area = sheet.recognition.scores.filter(pl.col("area") == sheet.commune.area)
    points = points_of(of_area, sheet.side)
    verdict = judge_scores(sheet.recognition.book.rules, points, sheet.commune.verdict.threshold)
    with st.container(border=True):
        figure, rest = st.columns([1, 2])
        with figure:
            st.metric(side_word(sheet.side), total_label(verdict))
            st.html(status_chip(verdict_status(verdict)))
            st.caption(_("Bước hiện tại: {state}").format(state=state_word(sheet.commune.state)))
        with rest:
            for text, holds in conditions(verdict):
                st.markdown(condition_line(text, holds=holds))
            missing = missing_sentences(verdict, sheet.names)
            if missing:
                st.markdown(_("**Còn thiếu gì:** {parts}").format(parts=as_written("; ".join(missing))))
        st.caption(_("Ngưỡng theo loại: {name}").format(name=as_written(threshold_note(sheet.commune))))
    if sheet.is_open and sheet.side is Side.appraised:
        _show_changed_since(of_area)


def _show_changed_since(scores: pl.DataFrame) -> None:
    """A commune that took its scores back may have changed what the appraiser has already looked at."""
    numbers = ", ".join(map(str, changed_since(scores)))
    if numbers:
        st.warning(
            _(
                "Điểm tự chấm của tiêu chí {numbers} đã thay đổi sau khi được thẩm định. "
                "Đề nghị xem lại điểm thẩm định của tiêu chí đó trước khi hoàn tất."
            ).format(numbers=numbers),
            icon=":material/history:",
        )


def show_rule_notes(recognition: Recognition) -> None:
    """Which set it is, and what of it is not known or made up."""
    st.caption(
        _("Bộ tiêu chí áp dụng: {name}. Kỳ đánh giá tháng {month}/{year}.").format(
            name=as_written(recognition.round["rule_set_name"]),
            month=recognition.round["month"],
            year=recognition.round["year"],
        )
    )
    if not recognition.book.has_all_maxima:
        st.warning(
            _(
                "Một số điểm tối đa cần nhập theo bản in của quyết định. Tiêu chí chưa có điểm tối đa thì chưa chấm được; "
                "đề nghị quản trị nhập tại trang “Quy định áp dụng”."
            ),
            icon=":material/rule:",
        )
    if recognition.book.is_illustrative:
        st.badge(
            _("Điểm tối đa minh họa, không phải của quyết định"), icon=":material/science:", color="orange"
        )


def show_criteria(sheet: Sheet) -> None:
    recognition = sheet.recognition
    found = data.proposals(
        sheet.commune.area,
        recognition.round["rule_set"],
        current_language(),
        year=recognition.round["year"],
        sight=data.own_sight(),
    )
    for row in recognition.book.criteria.to_dicts():
        fitting = tuple(each for each in found if each.number == row["number"])
        with st.container(border=True, gap="xsmall", key=f"criterion:{row['number']}"):
            _show_criterion(sheet, row, fitting)


def _show_criterion(sheet: Sheet, row: Mapping[str, Any], found: tuple[Proposal, ...]) -> None:
    st.markdown(f"**{row['number']}. {as_written(row['name'])}** · {_maximum(row)}")
    _show_items(sheet, row)
    cell = sheet.opened(row["criterion"])
    for proposal in found:
        show_proposal(sheet, row, cell, proposal)
    show_fields(sheet, row, cell)
    show_note(sheet, row, cell)
    _show_other_side(sheet, row)


def _maximum(row: Mapping[str, Any]) -> str:
    if row["maximum"] is None:
        return _("điểm tối đa cần nhập theo bản in")
    text = _("tối đa {n} điểm").format(n=row["maximum"])
    if row["least"]:
        text = " · ".join((text, _("tối thiểu {n} điểm").format(n=row["least"])))
    return " · ".join((text, _("minh họa"))) if row["is_illustrative"] else text


def _show_items(sheet: Sheet, row: Mapping[str, Any]) -> None:
    items = sheet.recognition.book.items.filter(pl.col("number") == row["number"]).to_dicts()
    lines = [row["basis"]] if row["basis"] else []
    lines += [_item_line(item) for item in items]
    if lines:
        st.caption(lines_as_written(*lines))


def _item_line(item: Mapping[str, Any]) -> str:
    points = "" if item["points"] is None else _("{n} điểm").format(n=item["points"])
    note = (
        _("minh họa")
        if item["is_illustrative"]
        else certainty_note(item["certainty"])
        if item["points"]
        else ""
    )
    return " · ".join(filter(None, (f"({item['position']}) {item['text']}", points, note)))


def _show_other_side(sheet: Sheet, row: Mapping[str, Any]) -> None:
    other = Side.appraised if sheet.side is Side.own else Side.own
    stored = score_row(sheet.recognition.scores, sheet.commune.area, row["criterion"], other)
    if not stored or stored["points"] is None:
        return
    parts = (f"{side_word(other)}: {stored['points']}", str(stored["evidence"]), str(stored["note"]))
    # As it was written: people's words are no Markdown.
    st.text("\n".join(filter(None, parts)))


def show_side_heading(sheet: Sheet) -> None:
    show_heading(_("{commune} · {side}").format(commune=sheet.commune.full_name, side=side_word(sheet.side)))
    if not sheet.is_open:
        st.info(
            _("Ở bước “{state}”, {side} chỉ để xem.").format(
                state=state_word(sheet.commune.state), side=side_word(sheet.side).lower()
            ),
            icon=":material/lock:",
        )
