"""Tổng quan: what is met, what is not, where, and who has yet to report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.i18n import current_language
from dashboard.ui import data
from dashboard.ui.empty import show_no_figures, show_no_plan
from dashboard.ui.explanation import show_explanation
from dashboard.ui.filters import period_filter
from dashboard.ui.live import show_live_badge
from dashboard.ui.overview import (
    show_bullets,
    show_due,
    show_footer,
    show_key_figures,
    show_scorecard,
    show_title,
)
from dashboard.ui.session import live_fragment

if TYPE_CHECKING:
    from dashboard.views.overview import Overview


def show_results(overview: Overview) -> None:
    scorecard, aside = st.columns([2, 1])
    with scorecard.container(border=True):
        chosen = show_scorecard(overview)
    with aside.container(border=True):
        if chosen:
            show_explanation(overview, chosen)
        else:
            show_bullets(overview)


@live_fragment
def show_overview() -> None:
    heading, controls = st.columns([3, 2], vertical_alignment="bottom")
    with controls:
        year, part = period_filter()
    overview = data.overview(year, part, current_language())
    if overview is None:
        show_no_plan()
        return
    with heading:
        show_title(overview)
        show_live_badge(overview)
    show_key_figures(overview)
    if overview.is_empty:
        show_no_figures()
    else:
        show_results(overview)
    show_due(overview)
    show_footer(overview)


show_overview()
