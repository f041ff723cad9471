"""A field for a day: text as people write dates, with the day that was understood beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.domain.dates import DateProblem, DateRefused, parse_date, possible_years
from dashboard.domain.folding import with_unseen_named
from dashboard.domain.numbers import format_date
from dashboard.i18n import _, current_language
from dashboard.ui.as_written import as_written
from dashboard.views import installation

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

LONGEST = 100


def date_field(
    label: str,
    *,
    key: str,
    value: date | None = None,
    on_change: Callable[..., None] | None = None,
    args: tuple[Any, ...] = (),
) -> None:
    """The field, and under it the day that its text means, or why it means none. Read it with `typed_date`.

    `value` is what it begins with: nothing, unless a stored day is shown or today is surely meant. Inside st.form
    the day understood is shown only once the form is sent.
    """
    if key not in st.session_state:
        st.session_state[key] = date_text(value)
    st.text_input(
        label,
        key=key,
        max_chars=LONGEST,
        placeholder=_("ngày/tháng/năm"),
        autocomplete="off",
        on_change=on_change,
        args=args,
    )
    _show_reading(str(st.session_state[key] or ""))


def date_text(day: date | None) -> str:
    """What stands in the field for a day: Vietnamese writing whatever the language, as it is read back."""
    return "" if day is None else format_date(day, "vi")


def typed_date(key: str) -> date | None:
    """The day in the field; None where it is empty. Raises DateRefused for what is no day."""
    return read_date(str(st.session_state.get(key) or ""))


def read_date(text: str) -> date | None:
    """As typed_date, of a text."""
    try:
        return parse_date(text, today=installation.now().date())
    except DateRefused as refused:
        if refused.problem is DateProblem.empty:
            return None
        raise


def date_refusal(refused: DateRefused) -> str:
    """What was typed, why it is no day, and what to type instead."""
    first, last = possible_years(installation.now().date())
    sentence = {
        DateProblem.empty: _("Chưa ghi ngày."),
        DateProblem.not_a_date: _(
            "“{text}” không phải là ngày. Đề nghị ghi ngày/tháng/năm, ví dụ {example}."
        ),
        DateProblem.year_missing: _("“{text}” chưa có năm. Đề nghị ghi đủ ngày/tháng/năm, ví dụ {example}."),
        DateProblem.no_such_day: _("“{text}”: tháng này không có ngày đó. Đề nghị xem lại."),
        DateProblem.no_such_month: _("“{text}”: không có tháng này. Đề nghị ghi ngày trước, tháng sau."),
        DateProblem.month_first: _("“{text}” ghi tháng trước ngày. Nếu là {day}, đề nghị ghi {example}."),
        DateProblem.year_impossible: _("“{text}”: năm phải từ {first} đến {last}. Đề nghị xem lại."),
        DateProblem.other_weekday: _("“{text}”: {day}. Đề nghị xem lại ngày và thứ."),
    }[refused.problem]
    reading = next(iter(refused.reading), None)
    return sentence.format(
        text=with_unseen_named(refused.text.strip()),
        example=f"{reading.day}/{reading.month}/{reading.year}"
        if reading
        else f"5/1/{installation.now().year}",
        day=day_in_full(reading) if reading else "",
        first=first,
        last=last,
    )


def day_in_full(day: date) -> str:
    """ "ngày 05/01/2021 (thứ Ba)"."""
    return _("ngày {day} ({weekday})").format(
        day=format_date(day, current_language()), weekday=weekday_word(day)
    )


def weekday_word(day: date) -> str:
    return (
        _("thứ Hai"),
        _("thứ Ba"),
        _("thứ Tư"),
        _("thứ Năm"),
        _("thứ Sáu"),
        _("thứ Bảy"),
        _("chủ nhật"),
    )[day.weekday()]


def _show_reading(text: str) -> None:
    try:
        day = read_date(text)
    except DateRefused as refused:
        st.error(as_written(date_refusal(refused)), icon=":material/error:")
    else:
        if day is not None:
            st.caption(day_in_full(day))
