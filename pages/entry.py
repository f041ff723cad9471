"""Nhập số liệu: one officer's lines of one period, each saved when its field is left."""

from __future__ import annotations

import streamlit as st

from dashboard.domain.permissions import Capability, can_somewhere
from dashboard.i18n import _, current_language
from dashboard.ui.empty import show_no_plan, show_nothing_to_enter
from dashboard.ui.entry import show_line
from dashboard.ui.entry_sheet import (
    choose_lines,
    is_locked_for,
    show_progress,
    show_refresh,
)
from dashboard.ui.filters import period_filter
from dashboard.ui.session import visitor
from dashboard.ui.submission import show_report_state, show_submission
from dashboard.ui.submitted_lines import show_submitted
from dashboard.ui.words import period_name
from dashboard.views.entry import entry_sheet

person = visitor()
if not can_somewhere(person.actor, Capability.enter_figures):
    st.title(_("Nhập số liệu"), anchor=False)
    st.info(_("Tài khoản này chỉ xem, không nhập số liệu. Cần nhập số liệu, đề nghị liên hệ quản trị."))
    st.stop()

heading, controls = st.columns([3, 2], vertical_alignment="bottom")
with controls:
    year, part = period_filter()
with heading:
    st.title(_("Nhập số liệu {period}").format(period=period_name(year, part)), anchor=False)

sheet = entry_sheet(person.actor, year, part, current_language())
if sheet is None:
    show_no_plan()
    st.stop()

lines = choose_lines(sheet, person.actor)
if lines.is_empty():
    show_nothing_to_enter()
    st.stop()
show_report_state(sheet, lines)
if is_locked_for(sheet, person.actor, lines["area"][0]):
    show_submitted(lines)
else:
    show_progress(sheet, lines)
    show_refresh()
    for line in lines.to_dicts():
        show_line(line, is_locked=False)
show_submission(sheet, person.actor, lines)
