"""The script of every browser tab: who is it, which language, which pages, then the page itself."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import streamlit as st

from dashboard import addresses
from dashboard.domain.permissions import Capability, can_somewhere
from dashboard.i18n import _, current_language
from dashboard.ui.as_written import as_written
from dashboard.ui.banner import show_banner
from dashboard.ui.data import can_keep_register
from dashboard.ui.list_search import mount_list_search
from dashboard.ui.presence import mount_presence
from dashboard.ui.saving import mount_keeper
from dashboard.ui.session import language_control, visitor
from dashboard.ui.turns import turns
from dashboard.ui.uploads import only_drawn_fields
from dashboard.ui.words import role_word
from dashboard.views import installation

SIDEBAR_WIDTH = 250

st.set_page_config(layout="wide", initial_sidebar_state=SIDEBAR_WIDTH)
person = visitor()
mount_presence()
mount_list_search()
mount_keeper(installation=installation.mark(), account=person.actor.id)

with st.sidebar:
    language_control(person)

st.set_page_config(
    page_title=_("Kế hoạch trẻ em Phước Long"),
    page_icon=str(Path(__file__).with_name("static") / "favicon.png"),
)


def visible_if(is_of_use: bool) -> Literal["visible", "hidden"]:  # noqa: FBT001 - reads as a sentence where it stands
    """Hiding a page is courtesy: the page itself asks again."""
    return "visible" if is_of_use else "hidden"


def visible_to(capability: Capability) -> Literal["visible", "hidden"]:
    return visible_if(can_somewhere(person.actor, capability))


page = st.navigation(
    {
        _("Theo dõi"): [
            st.Page(
                "../pages/overview.py",
                title=_("Tổng quan"),
                icon=":material/dashboard:",
                url_path=addresses.OVERVIEW,
                default=True,
                help=_("Chỉ tiêu nào đạt, chỉ tiêu nào chưa, ở xã, phường nào, ai chưa nộp báo cáo."),
            ),
            st.Page(
                "../pages/child_friendly.py",
                title=_("Phù hợp với trẻ em"),
                icon=":material/verified:",
                url_path=addresses.CHILD_FRIENDLY,
                help=_("Mỗi xã, phường còn thiếu gì để được công nhận phù hợp với trẻ em."),
            ),
            st.Page(
                "../pages/play_areas.py",
                title=_("Điểm vui chơi"),
                icon=":material/toys:",
                url_path=addresses.PLAY_AREAS,
                help=_("Trẻ em có chỗ chơi ở đâu, nơi nào chưa có, điểm nào cần sửa hoặc quá hạn kiểm tra."),
            ),
        ],
        _("Cập nhật"): [
            st.Page(
                "../pages/entry.py",
                title=_("Nhập số liệu"),
                icon=":material/edit_note:",
                url_path=addresses.ENTRY,
                visibility=visible_to(Capability.enter_figures),
                help=_("Nhập số liệu của một kỳ báo cáo; mỗi ô được lưu khi rời khỏi ô."),
            ),
            st.Page(
                "../pages/scoring.py",
                title=_("Chấm điểm"),
                icon=":material/checklist:",
                url_path=addresses.SCORING,
                visibility=visible_to(Capability.score_own_commune),
                help=_("Tự chấm, thẩm định và các bước công nhận xã, phường phù hợp với trẻ em."),
            ),
            st.Page(
                "../pages/play_register.py",
                title=_("Sổ điểm vui chơi"),
                icon=":material/edit_location_alt:",
                url_path=addresses.PLAY_REGISTER,
                visibility=visible_if(can_keep_register(person.actor)),
                help=_("Thêm, sửa, ngừng điểm vui chơi; ghi kiểm tra an toàn, ảnh; danh sách thôn, khu phố."),
            ),
            st.Page(
                "../pages/rules.py",
                title=_("Quy định áp dụng"),
                icon=":material/gavel:",
                url_path=addresses.RULES,
                visibility=visible_to(Capability.set_standard),
                help=_("Tiêu chuẩn điểm vui chơi, loại xã, phường, điểm tối đa của bộ tiêu chí, ranh giới."),
            ),
        ],
    }
)

with st.sidebar:
    st.space("small")
    st.caption(f"{as_written(person.actor.name)}  \n{role_word(person.actor.role)}")
    st.link_button(
        _("Tài khoản, đăng xuất"), f"/account?lang={current_language()}", icon=":material/account_circle:"
    )

show_banner()
with turns.turn(person.actor.id), only_drawn_fields():
    page.run()
