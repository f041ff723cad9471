"""What stands where there is nothing to show: what is missing, who supplies it, how."""

from __future__ import annotations

import streamlit as st

from dashboard.i18n import _


def show_no_plan() -> None:
    st.info(
        _(
            "Chưa có kế hoạch cho kỳ này. Quản trị nạp kế hoạch bằng lệnh “dashboard init”; "
            "sau đó các xã, phường nhập số liệu tại trang “Nhập số liệu”."
        ),
        icon=":material/inbox:",
    )
