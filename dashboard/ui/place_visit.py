"""One safety visit: the checklist of the kind of place, the result, and when to come again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import streamlit as st

from dashboard.actions.errors import NotAllowed, PlaceRefused
from dashboard.actions.play_areas import record_check
from dashboard.domain.play_areas import POOLS, CheckAnswer, CheckInput, CheckResult
from dashboard.i18n import _, current_language
from dashboard.ui.emphasis import emphasis
from dashboard.ui.past import show_past, tell_past
from dashboard.ui.register_words import check_answer_word, check_result_word, place_problems
from dashboard.ui.session import visitor
from dashboard.ui.words import certainty_note
from dashboard.views.play_areas import checklist

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.views.play_areas import PlayRegister

USUAL_MONTHS = 12
FEBRUARY, SHORTEST = 2, 28


def show_visit_form(register: PlayRegister, row: Mapping[str, Any]) -> None:
    """The form of one visit. Its fields stay as they are until the visit is stored."""
    name = f"visit:{row['place']}:{_number(row['place'])}"
    items = checklist(current_language(), is_pool=row["kind"] in POOLS)
    with st.form(f"form:{name}", border=True):
        left, right = st.columns(2)
        with left:
            st.date_input(
                _("Ngày kiểm tra"), value=register.day, format="DD/MM/YYYY", key=f"{name}:checked_on"
            )
            st.text_input(
                _("Người, đoàn kiểm tra"), key=f"{name}:checked_by", max_chars=200, autocomplete="off"
            )
        with right:
            st.selectbox(
                _("Kết quả"),
                list(CheckResult),
                index=None,
                format_func=check_result_word,
                key=f"{name}:result",
                placeholder=_("Chọn kết quả"),
            )
            st.date_input(
                _("Hạn kiểm tra lại"),
                value=_next_due(register),
                format="DD/MM/YYYY",
                key=f"{name}:next_due",
            )
        for item in items.to_dicts():
            _show_item(name, item)
        st.text_area(_("Ghi chú"), key=f"{name}:note", max_chars=2000)
        st.form_submit_button(
            _("Lưu lần kiểm tra"),
            type=emphasis(),
            icon=":material/save:",
            on_click=_save,
            args=(row["place"], name, tuple(items["slug"])),
        )
    outcome = st.session_state.pop(f"outcome:{row['place']}", None)
    if outcome:
        st.error(outcome, icon=":material/error:")
    show_past(f"visit:{row['place']}")


def _number(place: int) -> str:
    """Changes once a visit was stored, so that the next one begins with empty fields."""
    number: str = st.session_state.setdefault(f"visit:{place}", uuid4().hex)
    return number


def _next_due(register: PlayRegister) -> date:
    """As long after today as the office's standard lets a check hold."""
    months = register.standard.standard.max_check_age_months or USUAL_MONTHS
    years, month = divmod(register.day.month - 1 + months, 12)
    day = min(register.day.day, SHORTEST) if month + 1 == FEBRUARY else min(register.day.day, 30)
    return date(register.day.year + years, month + 1, day)


def _show_item(name: str, item: Mapping[str, Any]) -> None:
    essential = " · " + _("bắt buộc") if item["is_essential"] else ""
    st.segmented_control(
        f"{item['text']}{essential}",
        list(CheckAnswer),
        format_func=check_answer_word,
        key=f"{name}:{item['slug']}",
        help=" · ".join(filter(None, (item["source"], certainty_note(item["certainty"])))) or None,
    )


def _save(place: int, name: str, slugs: tuple[str, ...]) -> None:
    typed = {
        field: st.session_state.get(f"{name}:{field}")
        for field in ("checked_on", "checked_by", "result", "next_due", "note")
    }
    if typed["result"] is None or typed["checked_on"] is None:
        st.session_state[f"outcome:{place}"] = _(
            "Chưa lưu; những gì đã nhập vẫn còn trên trang. Đề nghị chọn ngày kiểm tra và kết quả."
        )
        return
    answers = tuple(
        (slug, CheckAnswer(answer)) for slug in slugs if (answer := st.session_state.get(f"{name}:{slug}"))
    )
    said = CheckInput(
        typed["checked_on"],
        typed["checked_by"] or "",
        CheckResult(typed["result"]),
        typed["next_due"],
        answers,
        typed["note"] or "",
    )
    try:
        record_check(actor=visitor().actor, place_id=place, said=said, token=name.rpartition(":")[2])
    except PlaceRefused as refused:
        st.session_state[f"outcome:{place}"] = place_problems(refused.problems)
    except NotAllowed:
        st.session_state[f"outcome:{place}"] = _("Chưa lưu: tài khoản này không được ghi kiểm tra ở đây.")
    else:
        st.session_state.pop(f"visit:{place}", None)
        tell_past(f"visit:{place}", "play_areas", said.checked_on)
