"""Điểm vui chơi: where children have a place to play, where they have none, and in which state the places are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.i18n import _, current_language
from dashboard.ui import data
from dashboard.ui.as_written import as_written
from dashboard.ui.empty import show_no_communes, show_no_places, show_no_plan
from dashboard.ui.live import live_badge
from dashboard.ui.play import (
    show_footer,
    show_key_figures,
    show_kinds,
    show_map,
    show_title,
    show_uncovered,
    standard_sentence,
)
from dashboard.ui.play_coverage import show_coverage
from dashboard.ui.play_list import show_list
from dashboard.ui.session import live_fragment

if TYPE_CHECKING:
    from dashboard.views.play_areas import PlayRegister


def show_register(register: PlayRegister) -> None:
    places, without = st.columns(2)
    with places.container(border=True, height="stretch"):
        clicked = show_map(register)
    with without.container(border=True, height="stretch"):
        show_uncovered(register)
    coverage, kinds = st.columns(2)
    with coverage.container(border=True, height="stretch"):
        show_coverage(register)
    with kinds.container(border=True, height="stretch"):
        show_kinds(register)
    with st.container(border=True):
        show_list(register, clicked)


@live_fragment
def show_play_areas() -> None:
    register = data.play_register(current_language())
    if register is None:
        show_no_plan()
        return
    if register.communes.is_empty():
        st.title(_("Điểm vui chơi"), anchor=False)
        show_no_communes(register.day.year)
        return
    show_title(register)
    live_badge(version=register.version, as_of=register.as_of, is_highlighting=False)
    st.caption(as_written(standard_sentence(register.standard)))
    show_key_figures(register)
    if register.places.is_empty() and register.quarters.is_empty():
        show_no_places()
    else:
        show_register(register)
    show_footer(register)


show_play_areas()
