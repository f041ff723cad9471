"""One safety visit: the checklist of the kind of place, the result, and when to come again."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import streamlit as st

from dashboard.actions.play_checks import record_check
from dashboard.domain.dates import MONTHS, DateRefused
from dashboard.domain.play_areas import POOLS, CheckAnswer, CheckInput, CheckResult
from dashboard.i18n import _, current_language
from dashboard.ui.as_written import as_written
from dashboard.ui.attempts import Outcome, attempt
from dashboard.ui.dates import date_field, date_refusal, date_text, typed_date
from dashboard.ui.emphasis import emphasis
from dashboard.ui.past import show_past, tell_past
from dashboard.ui.register_words import check_answer_word, check_result_word
from dashboard.ui.saving import Field, Form, choice_field, show_saving, text_field
from dashboard.ui.words import certainty_note
from dashboard.views.play_areas import checklist

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboard.views.play_areas import PlayRegister

USUAL_MONTHS = 12


def show_visit_form(register: PlayRegister, row: Mapping[str, Any]) -> None:
    """The form of one visit. Its fields stay as they are until the visit is stored.

    The days stand before the form: inside it the day that was understood would be shown only once all is sent.
    """
    name = f"visit:{row['place']}:{_number(row['place'])}"
    items = checklist(current_language(), is_pool=row["kind"] in POOLS)
    _show_days(name, register.standard.standard.max_check_age_months or USUAL_MONTHS)
    with st.form(f"form:{name}", border=True):
        _show_result(name)
        for item in items.to_dicts():
            _show_item(name, item)
        st.text_area(_("Ghi chú"), key=f"{name}:note", max_chars=2000)
        st.form_submit_button(
            _("Lưu lần kiểm tra"),
            type=emphasis(),
            icon=":material/save:",
            key=f"btn:{name}",
            on_click=_save,
            args=(row["place"], name, tuple(items["slug"])),
        )
    form = Form(
        _form(row["place"]),
        fields=_fields(name, items.to_dicts()),
        send=f"btn:{name}",
        again=partial(_save, row["place"], name, tuple(items["slug"])),
    )
    show_saving(form, Outcome(form.name).note)
    show_past(f"visit:{row['place']}")


def _show_days(name: str, months: int) -> None:
    left, right = st.columns(2)
    with left:
        date_field(
            _("Ngày kiểm tra"), key=f"{name}:checked_on", on_change=_propose_next_due, args=(name, months)
        )
    with right:
        date_field(_("Hạn kiểm tra lại"), key=f"{name}:next_due")


def _show_result(name: str) -> None:
    left, right = st.columns(2)
    with left:
        st.text_input(_("Người, đoàn kiểm tra"), key=f"{name}:checked_by", max_chars=200, autocomplete="off")
    with right:
        st.selectbox(
            _("Kết quả"),
            list(CheckResult),
            index=None,
            format_func=check_result_word,
            key=f"{name}:result",
            placeholder=_("Chọn kết quả"),
        )


def _form(place: int) -> str:
    """Under this name drafts of a visit are kept: the same for every visit of a place."""
    return f"visit:{place}"


def _fields(name: str, items: Sequence[Mapping[str, Any]]) -> list[Field]:
    answers = {check_answer_word(answer): answer for answer in CheckAnswer}
    results = {check_result_word(result): result for result in CheckResult}
    return [
        text_field("checked_on", f"{name}:checked_on", _("Ngày kiểm tra"), ""),
        text_field("next_due", f"{name}:next_due", _("Hạn kiểm tra lại"), ""),
        text_field("checked_by", f"{name}:checked_by", _("Người, đoàn kiểm tra"), ""),
        choice_field("result", f"{name}:result", _("Kết quả"), results, None),
        *(
            choice_field(item["slug"], f"{name}:{item['slug']}", item["text"], answers, None)
            for item in items
        ),
        text_field("note", f"{name}:note", _("Ghi chú"), ""),
    ]


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
    outcome = Outcome(_form(place))
    still_there = _("Chưa lưu; những gì đã nhập vẫn còn trên trang.")
    try:
        checked_on, next_due = typed_date(f"{name}:checked_on"), typed_date(f"{name}:next_due")
    except DateRefused as refused:
        outcome.refuse(date_refusal(refused), still_there)
        return
    result = st.session_state.get(f"{name}:result")
    if not result or checked_on is None:
        outcome.refuse(still_there, _("Đề nghị ghi ngày kiểm tra và chọn kết quả."))
        return
    said = CheckInput(
        checked_on,
        st.session_state.get(f"{name}:checked_by") or "",
        CheckResult(result),
        next_due,
        _answers(name, slugs),
        st.session_state.get(f"{name}:note") or "",
    )
    done = attempt(
        lambda actor: record_check(actor=actor, place_id=place, visit=said, token=name.rpartition(":")[2]),
        forbidden=_("Chưa lưu: tài khoản này không được ghi kiểm tra ở đây."),
    )
    if outcome.take(done):
        st.session_state.pop(f"visit:{place}", None)
        tell_past(f"visit:{place}", "play_areas", said.checked_on)


def _answers(name: str, slugs: tuple[str, ...]) -> tuple[tuple[str, CheckAnswer], ...]:
    given = ((slug, st.session_state.get(f"{name}:{slug}")) for slug in slugs)
    return tuple((slug, CheckAnswer(answer)) for slug, answer in given if answer)
