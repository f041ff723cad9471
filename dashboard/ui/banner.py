"""On every page: figures that are made up say so, and nothing takes them away without saying so."""

from __future__ import annotations

import streamlit as st

from dashboard.i18n import _
from dashboard.views.installation import is_demonstration

# Streamlit's own buttons over a chart give its picture and its table without the mark, and speak English; our menu
# has both. Its full screen stays.
TOOLBAR_STYLE = """<style>
[data-testid=stElementToolbar] button:not([aria-label^=Fullscreen],[aria-label^="Close fullscreen"]){display:none}
</style>"""


def show_banner() -> None:
    st.html(TOOLBAR_STYLE)
    if is_demonstration():
        st.badge(
            _("Số liệu minh họa (giả định)"),
            icon=":material/science:",
            color="orange",
            help=_("Mọi con số ở đây do chương trình đặt ra để dùng thử, không phải của địa phương nào."),
        )
