"""One safety visit: the checklist of the kind of place, the result, and when to come again."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import streamlit as st

from dashboard.actions.errors import ActionRefused, NotAllowed, PlaceRefused
from dashboard.actions.play_areas import record_check
from dashboard.domain.dates import MONTHS, DateRefused
from dashboard.domain.play_areas import POOLS, CheckAnswer, CheckInput, CheckResult
from dashboard.i18n import _, current_language
from dashboard.ui.as_written import as_written
from dashboard.ui.dates import date_field, date_refusal, date_text, typed_date
from dashboard.ui.emphasis import emphasis
from dashboard.ui.past import show_past, tell_past
from dashboard.ui.refusals import refusal_sentence
from dashboard.ui.register_words import check_answer_word, check_result_word, place_problems
from dashboard.ui.session import visitor
from dashboard.ui.words import certainty_note
from dashboard.views.play_areas import checklist

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.views.play_areas import PlayRegister

USUAL_MONTHS = 12


def show_visit_form(register: PlayRegister, row: Mapping[str, Any]) -> None:
    """The form of one visit. Its fields stay as they are until the visit is stored.

    The days stand before the form: inside it the day that was understood would be shown only once all is sent.
    """
    name = f"visit:{row['place']}:{_number(row['place'])}"
    items = checklist(current_language(), is_pool=row["kind"] in POOLS)
    left, right = st.columns(2)
    with left:
        months = register.standard.standard.max_check_age_months or USUAL_MONTHS
        date_field(
            _("Ngày kiểm tra"), key=f"{name}:checked_on", on_change=_propose_next_due, args=(name, months)
        )
    with right:
        date_field(_("Hạn kiểm tra lại"), key=f"{name}:next_due")
    with st.form(f"form:{name}", border=True):
        left, right = st.columns(2)
        with left:
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
        st.error(as_written(outcome), icon=":material/error:")
    show_past(f"visit:{row['place']}")


def _number(place: int) -> str:
    """Changes once a visit was stored, so that the next one begins with empty fields."""
    number: str = st.session_state.setdefault(f"visit:{place}", uuid4().hex)
    return number


def _propose_next_due(name: str, months: int) -> None:
    """Once the day of the visit is known: as long after it as a check may hold. Whoever wrote a day keeps it."""
    due, proposed = f"{name}:next_due", f"{name}:proposed"
    if st.session_state.get(due) not in (None, "", st.session_state.get(proposed)):
        return
    try:
        day = typed_date(f"{name}:checked_on")
    except DateRefused:
        day = None
    st.session_state[due] = st.session_state[proposed] = date_text(day and _later(day, months))


def _later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, MONTHS)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _show_item(name: str, item: Mapping[str, Any]) -> None:
    essential = " · " + _("bắt buộc") if item["is_essential"] else ""
    st.segmented_control(
        as_written(f"{item['text']}{essential}"),
        list(CheckAnswer),
        format_func=check_answer_word,
        key=f"{name}:{item['slug']}",
        help=as_written(" · ".join(filter(None, (item["source"], certainty_note(item["certainty"])))))
        or None,
    )


def _save(place: int, name: str, slugs: tuple[str, ...]) -> None:
    typed = {
        field: st.session_state.get(f"{name}:{field}") or "" for field in ("checked_by", "result", "note")
    }
    try:
        checked_on, next_due = typed_date(f"{name}:checked_on"), typed_date(f"{name}:next_due")
    except DateRefused as refused:
        st.session_state[f"outcome:{place}"] = " ".join(
            (date_refusal(refused), _("Chưa lưu; những gì đã nhập vẫn còn trên trang."))
        )
        return
    if not typed["result"] or checked_on is None:
        st.session_state[f"outcome:{place}"] = _(
            "Chưa lưu; những gì đã nhập vẫn còn trên trang. Đề nghị ghi ngày kiểm tra và chọn kết quả."
        )
        return
    answers = tuple(
        (slug, CheckAnswer(answer)) for slug in slugs if (answer := st.session_state.get(f"{name}:{slug}"))
    )
    said = CheckInput(
        checked_on,
        typed["checked_by"],
        CheckResult(typed["result"]),
        next_due,
        answers,
        typed["note"],
    )
    try:
        record_check(actor=visitor().actor, place_id=place, said=said, token=name.rpartition(":")[2])
    except PlaceRefused as refused:
        st.session_state[f"outcome:{place}"] = place_problems(refused.problems)
    except NotAllowed:
        st.session_state[f"outcome:{place}"] = _("Chưa lưu: tài khoản này không được ghi kiểm tra ở đây.")
    except ActionRefused as refused:
        st.session_state[f"outcome:{place}"] = refusal_sentence(refused)
    else:
        st.session_state.pop(f"visit:{place}", None)
        tell_past(f"visit:{place}", "play_areas", said.checked_on)
