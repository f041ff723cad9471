"""The frame around the lines: whose they are, and how far they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.domain.deadlines import days_left, last_safe_day
from dashboard.domain.numbers import format_date
from dashboard.domain.permissions import Role
from dashboard.domain.typed_cells import answered
from dashboard.i18n import _, current_language, ngettext
from dashboard.ui.address import address_key, keep_choice, prepare_choice, segmented_choice
from dashboard.ui.line_links import MONEY
from dashboard.ui.submission import report_of

if TYPE_CHECKING:
    from dashboard.domain.permissions import Actor
    from dashboard.views.entry import EntrySheet

SECTIONS = ("target", "monitoring", "money")


def section_word(section: str) -> str:
    return {
        "target": _("Chỉ tiêu của kế hoạch"),
        "monitoring": _("Số liệu theo dõi"),
        "money": _("Kinh phí, quỹ"),
    }[section]


def choose_lines(sheet: EntrySheet, actor: Actor) -> pl.DataFrame:
    """The lines to show: one area's for those who fill an area, one indicator's for an agency."""
    lines = sheet.lines.with_columns(
        section=pl.when(pl.col("grouping").is_in(MONEY)).then(pl.lit("money")).otherwise("grouping")
    )
    if lines.is_empty():
        return lines
    known = [section for section in SECTIONS if section in lines["section"].to_list()]
    chosen = lines.filter(pl.col("section") == _section(known))
    if actor.role is Role.agency_officer:
        return _one_indicator(chosen)
    if actor.role is Role.commune_officer:
        return chosen
    return _one_area(chosen)


def _section(known: list[str]) -> str:
    if len(known) == 1:
        return known[0]
    return segmented_choice("section", _("Phần"), known, default=known[0], words=section_word)


def _one_indicator(lines: pl.DataFrame) -> pl.DataFrame:
    names = dict(lines.unique("code", maintain_order=True).select("code", "name").iter_rows())
    prepare_choice("indicator", list(names), next(iter(names)))
    code = st.selectbox(
        _("Chỉ tiêu"),
        list(names),
        format_func=lambda code: f"{code} · {names[code]}",
        key=address_key("indicator"),
        on_change=keep_choice,
        args=("indicator",),
    )
    return lines.filter(pl.col("code") == code)


def _one_area(lines: pl.DataFrame) -> pl.DataFrame:
    names = dict(lines.unique("area", maintain_order=True).select("area", "area_name").iter_rows())
    prepare_choice("area", list(names), next(iter(names)))
    area = st.selectbox(
        _("Xã, phường"),
        list(names),
        format_func=names.__getitem__,
        key=address_key("area"),
        on_change=keep_choice,
        args=("area",),
    )
    return lines.filter(pl.col("area") == area)


def is_locked_for(sheet: EntrySheet, actor: Actor, area: int) -> bool:
    """A submitted report is closed for its own commune until it is taken back or returned."""
    return actor.role is Role.commune_officer and report_of(sheet, area).get("state") == "submitted"


def show_progress(sheet: EntrySheet, lines: pl.DataFrame) -> None:
    progress = _("Đã nhập {n}/{all} dòng khi mở trang.").format(
        n=lines.filter(answered()).height, all=lines.height
    )
    st.markdown(f"{progress} {_deadline(sheet)}")
    st.caption(
        _(
            "Mỗi ô được lưu ngay khi rời khỏi ô (phím Tab). Dấu chấm phân cách hàng nghìn (1.234), dấu phẩy cho phần thập phân (12,5)."
        )
    )


def _deadline(sheet: EntrySheet) -> str:
    if sheet.communes_before is None:
        return ""
    language = current_language()
    sentence = _("Báo cáo trước ngày {day} (ngày làm việc cuối cùng: {last}).").format(
        day=format_date(sheet.communes_before, language),
        last=format_date(last_safe_day(sheet.communes_before), language),
    )
    n = days_left(sheet.today, sheet.communes_before)
    if n < 0:
        return " ".join((sentence, _("**Đã quá hạn.**")))
    left = ngettext("Còn {n} ngày.", "Còn {n} ngày.", n).format(n=n)
    return f"{sentence} **{left}**"


def show_refresh() -> None:
    """This page never refreshes itself under somebody's hands: newer figures are fetched when asked for."""
    st.button(_("Tải số liệu mới nhất"), icon=":material/refresh:", key="btn:reload", type="tertiary")
