"""Sổ điểm vui chơi: places, their safety checks and photos, thôn and khu phố, and the same as an Excel file."""

from __future__ import annotations

import streamlit as st

from dashboard.domain.permissions import Capability, may
from dashboard.i18n import _, current_language
from dashboard.ui import data
from dashboard.ui.address import segmented_choice
from dashboard.ui.empty import show_no_communes, show_no_plan
from dashboard.ui.place_page import choose_area, show_place
from dashboard.ui.play_import import show_import
from dashboard.ui.quarters import show_quarters
from dashboard.ui.session import live_fragment, visitor

PARTS = ("places", "quarters", "excel")


def part_word(part: str) -> str:
    return {
        "places": _("Điểm vui chơi"),
        "quarters": _("Thôn, khu phố"),
        "excel": _("Nhập từ Excel"),
    }[part]


@live_fragment
def show_register() -> None:
    actor = visitor().actor
    register = data.play_register(current_language())
    if register is None:
        show_no_plan()
        return
    if register.communes.is_empty():
        show_no_communes(register.day.year)
        return
    areas = [
        area
        for area in register.communes["area"]
        if may(actor, Capability.edit_play_areas, area_id=area, lead_agency_id=register.lead)
    ]
    if not areas:
        st.info(_("Tài khoản này chỉ xem, không sửa sổ điểm vui chơi. Cần sửa, đề nghị liên hệ quản trị."))
        return
    part = segmented_choice("part", _("Phần"), PARTS, default=PARTS[0], words=part_word)
    if part == "excel":
        show_import(register, actor)
        return
    area = choose_area(register, areas)
    if part == "quarters":
        show_quarters(register, area)
    else:
        show_place(register, area)


st.title(_("Sổ điểm vui chơi"), anchor=False)
show_register()
