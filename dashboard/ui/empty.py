"""What stands where there is nothing to show: what is missing, who supplies it, how."""

from __future__ import annotations

import streamlit as st

from dashboard.domain.permissions import Capability, can_somewhere
from dashboard.i18n import _
from dashboard.ui.data import can_keep_register
from dashboard.ui.session import visitor


def show_no_plan() -> None:
    st.info(
        _(
            "Chưa có kế hoạch cho kỳ này. Quản trị nạp kế hoạch bằng lệnh “dashboard init”; "
            "sau đó các xã, phường nhập số liệu tại trang “Nhập số liệu”."
        ),
        icon=":material/inbox:",
    )


def show_no_figures() -> None:
    """The plan is there, and nobody has reported yet: an empty chart would say that all is missed."""
    st.info(
        _(
            "Chưa có số liệu nào cho kỳ này. Cán bộ xã, phường và phòng, ban nhập tại trang “Nhập số liệu”; "
            "số liệu hiện ra ở đây ngay khi được lưu."
        ),
        icon=":material/inbox:",
    )
    if can_somewhere(visitor().actor, Capability.enter_figures):
        st.page_link("../pages/entry.py", label=_("Nhập số liệu"), icon=":material/edit_note:")


def show_no_rounds() -> None:
    st.info(
        _(
            "Chưa có bộ tiêu chí và kỳ đánh giá nào. Quản trị nạp bằng lệnh “dashboard init” hoặc “dashboard migrate”; "
            "sau đó các xã, phường đăng ký và chấm điểm tại trang “Chấm điểm”."
        ),
        icon=":material/inbox:",
    )


def show_no_communes(year: int) -> None:
    st.info(
        _(
            "Không xã, phường nào của kế hoạch còn hiệu lực trong năm {year}. "
            "Sau khi sắp xếp đơn vị hành chính, quản trị cần nạp danh mục xã, phường mới."
        ).format(year=year),
        icon=":material/inbox:",
    )


def show_no_places() -> None:
    st.info(
        _(
            "Sổ điểm vui chơi còn trống. Xã, phường lập danh sách thôn, khu phố và ghi điểm vui chơi tại trang "
            "“Sổ điểm vui chơi”; kết quả hiện ra ở đây ngay khi được lưu."
        ),
        icon=":material/inbox:",
    )
    if can_keep_register(visitor().actor):
        st.page_link(
            "../pages/play_register.py", label=_("Sổ điểm vui chơi"), icon=":material/edit_location_alt:"
        )


def show_nothing_to_enter() -> None:
    """An agency whose indicators all follow from a register."""
    st.info(
        _(
            "Các chỉ tiêu do cơ quan này chủ trì được tính từ sổ điểm vui chơi, không nhập tay. "
            "Đề nghị cập nhật sổ điểm vui chơi."
        ),
        icon=":material/inbox:",
    )
    if can_keep_register(visitor().actor):
        st.page_link(
            "../pages/play_register.py", label=_("Sổ điểm vui chơi"), icon=":material/edit_location_alt:"
        )
