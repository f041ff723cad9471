"""A button that asks the device where it is, for who stands at the playground."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
HTML = '<div class="live"><button type="button"></button><span class="word" role="status"></span></div>'

_button = st.components.v2.component(
    "device_position",
    html=HTML,
    css=HERE.joinpath("live.css").read_text(encoding="utf-8"),
    js=HERE.joinpath("position.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True, slots=True)
class DevicePosition:
    """Degrees as the device wrote them, and how many metres off they may be where it says so."""

    latitude: str
    longitude: str
    accuracy_m: int | None


def device_position(found: str) -> DevicePosition:
    """What the button below has passed on."""
    latitude, longitude, *said = found.split()
    return DevicePosition(latitude, longitude, int(said[0]) if said and said[0].isdecimal() else None)


def position_button(key: str, on_found: Callable[[str], None]) -> None:
    """Call `on_found` with "latitude longitude accuracy-in-metres" (see device_position) once the device answers."""

    def pass_on() -> None:
        found = st.session_state[key].get("found")
        if found:
            on_found(str(found))

    words = {
        "ask": _("Lấy vị trí của máy này"),
        "waiting": _("đang tìm vị trí…"),
        "denied": _("Trình duyệt không được phép lấy vị trí. Đề nghị cho phép, hoặc nhập vĩ độ, kinh độ."),
        "failed": _("Máy chưa xác định được vị trí. Đề nghị thử lại ngoài trời, hoặc nhập vĩ độ, kinh độ."),
        "insecure": _(
            "Trình duyệt chỉ cho lấy vị trí khi trang được mở bằng HTTPS. Đề nghị nhập vĩ độ, kinh độ."
        ),
    }
    _button(key=key, data=words, on_found_change=pass_on)
