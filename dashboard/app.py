"""The script of every browser tab: who is it, which language, which pages, then the page itself."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard.domain.permissions import Capability, can_somewhere
from dashboard.i18n import _, current_language
from dashboard.ui.banner import show_banner
from dashboard.ui.session import language_control, visitor
from dashboard.ui.words import role_word

SIDEBAR_WIDTH = 250

st.set_page_config(layout="wide", initial_sidebar_state=SIDEBAR_WIDTH)
person = visitor()

with st.sidebar:
    language_control(person)

st.set_page_config(
    page_title=_("Kế hoạch trẻ em Phước Long"),
    page_icon=str(Path(__file__).with_name("static") / "favicon.png"),
)

can_enter = can_somewhere(person.actor, Capability.enter_figures)
page = st.navigation(
    {
        _("Theo dõi"): [
            st.Page(
                "../pages/overview.py",
                title=_("Tổng quan"),
                icon=":material/dashboard:",
                url_path="overview",
                default=True,
                help=_("Chỉ tiêu nào đạt, chỉ tiêu nào chưa, ở xã, phường nào, ai chưa nộp báo cáo."),
            ),
        ],
        _("Cập nhật"): [
            st.Page(
                "../pages/entry.py",
                title=_("Nhập số liệu"),
                icon=":material/edit_note:",
                url_path="entry",
                visibility="visible" if can_enter else "hidden",
                help=_("Nhập số liệu của một kỳ báo cáo; mỗi ô được lưu khi rời khỏi ô."),
            ),
        ],
    }
)

with st.sidebar:
    st.space("small")
    st.caption(f"{person.actor.name}  \n{role_word(person.actor.role)}")
    st.link_button(
        _("Tài khoản, đăng xuất"), f"/account?lang={current_language()}", icon=":material/account_circle:"
    )

show_banner()
page.run()
