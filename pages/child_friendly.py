"""Phù hợp với trẻ em: how far each commune is from recognition, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.i18n import current_language
from dashboard.ui import data
from dashboard.ui.empty import show_no_rounds
from dashboard.ui.filters import round_filter
from dashboard.ui.live import live_badge
from dashboard.ui.recognition import (
    choose_commune,
    is_highlighting,
    show_commune,
    show_every_commune,
    show_footer,
    show_heatmap,
    show_key_figures,
    show_points,
    show_stages,
    show_title,
)
from dashboard.ui.session import live_fragment
from dashboard.ui.steps import show_steps_taken

if TYPE_CHECKING:
    from dashboard.views.recognition import Recognition


def show_round(seen: Recognition) -> None:
    way, points = st.columns([3, 2])
    with way.container(border=True, height="stretch"):
        on_way = show_stages(seen)
    with points.container(border=True, height="stretch"):
        on_points = show_points(seen)
    with st.container(border=True):
        on_criteria = show_heatmap(seen)
    one, every = st.columns([2, 3])
    with one.container(border=True):
        commune = choose_commune(seen, (on_way, on_points, on_criteria))
        if commune:
            show_commune(seen, commune)
            show_steps_taken(seen, commune.area)
    with every.container(border=True):
        show_every_commune(seen)


@live_fragment
def show_recognition() -> None:
    heading, controls = st.columns([3, 2], vertical_alignment="bottom")
    with controls:
        year = round_filter()
    seen = data.recognition(year, current_language())
    if seen is None:
        show_no_rounds()
        return
    with heading:
        show_title(seen)
        live_badge(version=seen.version, as_of=seen.as_of, is_highlighting=is_highlighting(seen))
    show_key_figures(seen)
    show_round(seen)
    show_footer(seen)


show_recognition()
