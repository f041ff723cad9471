"""Year and reporting period, shared by all pages and kept in the address."""

from __future__ import annotations

import streamlit as st

from dashboard.i18n import _, current_language
from dashboard.ui.address import address_key, keep_choice, prepare_choice, segmented_choice
from dashboard.ui.words import period_word
from dashboard.views.installation import current_period, known_periods
from dashboard.views.recognition import round_years


def period_filter() -> tuple[int, str]:
    """The chosen (year, part); stops the page with a sentence where the plan has no period yet."""
    known, current = known_periods(), current_period()
    if current is None:
        st.info(_("Chưa có kỳ báo cáo nào. Đề nghị quản trị chạy lệnh “dashboard init” để nạp kế hoạch."))
        st.stop()
    years = sorted({year for year, _part in known}, reverse=True)
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="bottom"):
        prepare_choice("year", years, current[0])
        year = st.selectbox(
            _("Năm kế hoạch"),
            years,
            key=address_key("year"),
            on_change=keep_choice,
            args=("year",),
            width=120,
        )
        parts = [part for known_year, part in known if known_year == year]
        usual = current[1] if current[1] in parts else parts[-1]
        part = segmented_choice("period", _("Kỳ báo cáo"), parts, default=usual, words=period_word)
    return year, part


def round_filter() -> int | None:
    """The year of the chosen evaluation round; None where there is none yet."""
    years, current = round_years(current_language())
    if current is None:
        return None
    names = [str(year) for year in years]
    with st.container(horizontal=True, horizontal_alignment="right"):
        return int(
            segmented_choice("round", _("Kỳ đánh giá"), names, default=str(current), words=lambda year: year)
        )
