"""The line on every page that says the figures are made up, where they are."""

from __future__ import annotations

import streamlit as st

from dashboard.i18n import _
from dashboard.views.installation import is_demonstration


def show_banner() -> None:
    if is_demonstration():
        st.badge(
            _("Số liệu minh họa (giả định)"),
            icon=":material/science:",
            color="orange",
            help=_("Mọi con số ở đây do chương trình đặt ra để dùng thử, không phải của địa phương nào."),
        )
