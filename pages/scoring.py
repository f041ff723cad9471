"""Chấm điểm: one commune's scores of one round, and the steps that follow from them."""

from __future__ import annotations

import streamlit as st

from dashboard.domain.permissions import Capability, can_somewhere
from dashboard.i18n import _, current_language
from dashboard.ui import data
from dashboard.ui.dossier import show_dossier
from dashboard.ui.empty import show_no_rounds
from dashboard.ui.filters import round_filter
from dashboard.ui.score_history import show_score_history
from dashboard.ui.scoring import (
    show_criteria,
    show_rule_notes,
    show_side_heading,
    show_standing,
)
from dashboard.ui.scoring_choice import choose_commune, choose_side
from dashboard.ui.scoring_sheet import scoring_sheet
from dashboard.ui.session import live_fragment, visitor
from dashboard.ui.steps import show_steps, show_steps_taken


@live_fragment
def show_form() -> None:
    person = visitor()
    heading, controls = st.columns([3, 2], vertical_alignment="bottom")
    with controls:
        year = round_filter()
    with heading:
        st.title(_("Chấm điểm xã, phường phù hợp với trẻ em"), anchor=False)
    seen = data.recognition(year, current_language())
    if seen is None:
        show_no_rounds()
        return
    commune = choose_commune(seen, person.actor)
    sheet = scoring_sheet(seen, commune, choose_side(commune, person.actor), person.actor)
    show_rule_notes(seen)
    show_standing(sheet)
    show_steps(seen, commune, person.actor)
    show_side_heading(sheet)
    show_criteria(sheet)
    show_steps_taken(seen, commune.area)
    show_score_history(sheet)
    show_dossier(seen, commune)


if can_somewhere(visitor().actor, Capability.score_own_commune):
    show_form()
else:
    st.title(_("Chấm điểm xã, phường phù hợp với trẻ em"), anchor=False)
    st.info(_("Tài khoản này chỉ xem, không chấm điểm. Cần chấm điểm, đề nghị liên hệ quản trị."))
