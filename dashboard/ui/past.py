"""What is written down with an earlier day can move the result of a period that is over: whoever does it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.domain.numbers import format_date
from dashboard.i18n import _, current_language
from dashboard.ui.words import period_name
from dashboard.views.derived import finished_periods

if TYPE_CHECKING:
    from datetime import date
    from typing import Literal


def tell_past(key: str, register: Literal["play_areas", "child_friendly"], day: date) -> None:
    """Keep a sentence for the next run, where `day` lies in a period that is over or before one."""
    moved = finished_periods(register, day)
    if moved:
        st.session_state[f"past:{key}"] = _(
            "Đã lưu. Ngày {day} thuộc về kỳ đã qua: kết quả theo sổ của {periods} được tính lại. "
            "Nếu báo cáo của kỳ đó đã gửi, đề nghị báo cho nơi nhận."
        ).format(
            day=format_date(day, current_language()),
            periods=", ".join(period_name(year, part) for year, part in moved),
        )


def show_past(key: str) -> None:
    sentence = st.session_state.pop(f"past:{key}", None)
    if sentence:
        st.warning(sentence, icon=":material/history:")
