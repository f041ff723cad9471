"""Quy định áp dụng: what the standing office and the administrator set for the two registers."""

from __future__ import annotations

import streamlit as st

from dashboard.domain.permissions import Capability, can_somewhere
from dashboard.i18n import _, current_language
from dashboard.ui import data
from dashboard.ui.empty import show_no_plan
from dashboard.ui.outline_upload import show_outlines
from dashboard.ui.rules import show_classes, show_points, show_standard
from dashboard.ui.session import live_fragment, visitor


@live_fragment
def show_rules() -> None:
    actor = visitor().actor
    register = data.play_register(current_language())
    if register is None:
        show_no_plan()
        return
    show_standard(register)
    st.divider()
    show_classes()
    if can_somewhere(actor, Capability.set_rules):
        st.divider()
        show_points()
        st.divider()
        show_outlines(register)


st.title(_("Quy định áp dụng"), anchor=False)
if can_somewhere(visitor().actor, Capability.set_standard):
    show_rules()
else:
    st.info(_("Chỉ cơ quan thường trực và quản trị đặt các quy định này."))
