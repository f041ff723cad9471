"""What became of one place: closed and opened again, and everything that was ever done to its row."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.actions.errors import ActionRefused, TurnConflict
from dashboard.actions.play_closures import close_place, reopen_place
from dashboard.domain.dates import DateRefused
from dashboard.domain.numbers import format_date, format_moment
from dashboard.domain.play_areas import POOLS, CheckAnswer
from dashboard.i18n import _, current_language, ngettext
from dashboard.ui.attempts import Outcome, attempt
from dashboard.ui.dates import date_field, date_refusal, typed_date
from dashboard.ui.emphasis import emphasis
from dashboard.ui.opened import Refused
from dashboard.ui.past import show_past, tell_past
from dashboard.ui.place_words import place_heading, place_value
from dashboard.ui.refusals import refusal_sentence
from dashboard.ui.register_words import check_answer_word, check_result_word
from dashboard.ui.saving import Form, begin, show_saving, text_field
from dashboard.ui.tables import show_table
from dashboard.views.play_areas import checklist, deed_values

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from dashboard.views.play_areas import PlaceFile


def deed_word(action: str) -> str:
    return {
        "save_place": _("sửa thông tin"),
        "close_place": _("ngừng hoạt động"),
        "reopen_place": _("hoạt động lại"),
        "record_check": _("ghi kiểm tra an toàn"),
        "add_photo": _("thêm ảnh"),
        "hide_photo": _("gỡ ảnh"),
        "load_demonstration": _("số liệu minh họa"),
    }[action]


def show_closing(row: Mapping[str, Any]) -> None:
    """Take the place out of use, or put it back; both with a day."""
    is_closed = row["is_closed"]
    label = _("Cho hoạt động lại") if is_closed else _("Ngừng hoạt động")
    # The version that the person sees is part of the fields' name: an old form says an old version.
    key = f"closing:{row['place']}:{row['turns']}"
    icon = ":material/event_available:" if is_closed else ":material/event_busy:"
    act = partial(_turn, row["place"], key, row["turns"], is_closed=is_closed)
    # A key of its own: otherwise it would stay open and turn into its opposite under the hand.
    with st.popover(label, icon=icon, key=f"popover:{key}"):
        # The day that was understood comes and goes: within its own place it moves no other field.
        with st.container():
            date_field(_("Từ ngày"), key=f"{key}:day")
        begin(f"{key}:reason", "")
        st.text_area(_("Lý do"), key=f"{key}:reason", max_chars=500)
        st.button(label, type=emphasis(), key=f"btn:{key}", on_click=act)
        form = Form(
            _form(row["place"], is_closed=is_closed),
            fields=(
                text_field("day", f"{key}:day", _("Từ ngày"), ""),
                text_field("reason", f"{key}:reason", _("Lý do"), ""),
            ),
            base=row["turns"],
            send=f"btn:{key}",
            again=act,
        )
        show_saving(form, Outcome(form.name).note)
    # Where somebody else turned the place first, the form that says so is gone from the screen.
    other = Form(_form(row["place"], is_closed=not is_closed))
    show_saving(other, Outcome(other.name).note)
    show_past(f"closing:{row['place']}")


def _form(place: int, *, is_closed: bool) -> str:
    return f"{'reopening' if is_closed else 'closing'}:{place}"


def _turn(place: int, key: str, turns: int, *, is_closed: bool) -> None:
    outcome = Outcome(_form(place, is_closed=is_closed))
    reason = st.session_state.get(f"{key}:reason") or ""
    try:
        day = typed_date(f"{key}:day")
    except DateRefused as refused:
        outcome.refuse(_("Chưa lưu:"), date_refusal(refused))
        return
    if day is None:
        outcome.refuse(_("Chưa lưu: đề nghị ghi ngày."))
        return
    act = reopen_place if is_closed else close_place
    done = attempt(
        lambda actor: act(actor=actor, place_id=place, base_version=turns, day=day, reason=reason),
        forbidden=_("Chưa lưu: tài khoản này không được sửa sổ điểm vui chơi của xã, phường này."),
        conflict=lambda refused: _told(refused, day, reason),
    )
    if outcome.take(done):
        Outcome(_form(place, is_closed=not is_closed)).forget()
        tell_past(f"closing:{place}", "play_areas", day)


def _told(refused: ActionRefused, day: date, reason: str) -> Refused | None:
    if not isinstance(refused, TurnConflict):
        return None
    return Refused((refusal_sentence(refused), _mine(day, reason)))


def _mine(day: date, reason: str) -> str:
    """What was typed into a form that the other person's deed has taken off the screen."""
    return _("Đồng chí đã nhập: từ ngày {day}, lý do: “{reason}”.").format(
        day=format_date(day, current_language()), reason=reason
    )


def show_visits(row: Mapping[str, Any], file: PlaceFile) -> None:
    """Every visit with what was found wanting; what was answered in full on demand."""
    if file.visits.is_empty():
        st.caption(_("Chưa có lần kiểm tra nào."))
        return
    language = current_language()
    items = checklist(language, is_pool=True)
    asked = items if row["kind"] in POOLS else items.filter(~pl.col("for_pools"))
    texts = dict(items.select("slug", "text").iter_rows())
    visits = [{**visit, "answers": json.loads(visit["answers"])} for visit in file.visits.to_dicts()]
    show_table(
        (
            *(_("Ngày"), _("Kết quả"), _("Người, đoàn kiểm tra"), _("Hạn kiểm tra lại")),
            *(_("Chưa đạt, chưa xem xét"), _("Ghi chú")),
        ),
        [
            (
                format_date(visit["checked_on"], language),
                check_result_word(visit["check_result"]),
                visit["checked_by"],
                format_date(visit["next_due"], language) if visit["next_due"] else "–",
                _wanting(visit["answers"], texts, asked["slug"].to_list()),
                visit["note"],
            )
            for visit in visits
        ],
        caption=_("Các lần kiểm tra an toàn"),
    )
    _show_answers(visits, texts, asked["slug"].to_list())


def _wanting(answers: Mapping[str, str], texts: Mapping[str, str], asked: Sequence[str]) -> str:
    """The items that were answered "no", and how many of those asked of such a place were not looked at."""
    absent = [slug for slug in _in_order(answers, texts) if answers[slug] == CheckAnswer.no]
    lines = [_("Chưa đạt: {item}").format(item=texts.get(slug, slug)) for slug in absent]
    unseen = sum(slug not in answers for slug in asked)
    if unseen:
        lines.append(ngettext("Chưa xem xét: {n} mục", "Chưa xem xét: {n} mục", unseen).format(n=unseen))
    return "\n".join(lines) or "–"


def _in_order(answered: Collection[str], texts: Mapping[str, str]) -> list[str]:
    """As the checklist has them; what it has no more comes last."""
    return [slug for slug in (*texts, *sorted(set(answered) - texts.keys())) if slug in answered]


def _show_answers(
    visits: Sequence[Mapping[str, Any]], texts: Mapping[str, str], asked: Sequence[str]
) -> None:
    answered = {slug for visit in visits for slug in visit["answers"]}
    with st.expander(_("Toàn bộ danh mục đã kiểm tra")):
        show_table(
            (
                _("Nội dung kiểm tra"),
                *(format_date(visit["checked_on"], current_language()) for visit in visits),
            ),
            [
                (texts.get(slug, slug), *(_answer(visit["answers"].get(slug)) for visit in visits))
                for slug in _in_order(answered.union(asked), texts)
            ],
        )


def _answer(answer: str | None) -> str:
    return check_answer_word(answer) if answer else _("chưa xem xét")


def show_deeds(file: PlaceFile) -> None:
    """Who changed what, and what stood there before."""
    show_table(
        (_("Khi nào"), _("Ai"), _("Việc"), _("Nội dung thay đổi")),
        _deed_rows(file.deeds),
        caption=_("Lịch sử"),
    )


def _deed_rows(deeds: pl.DataFrame) -> list[tuple[str, ...]]:
    language = current_language()
    return [
        (
            format_moment(deed["at"], language),
            deed["by"] or _("hệ thống"),
            deed_word(deed["action"]),
            _what_changed(deed),
        )
        for deed in deeds.to_dicts()
    ]


def _what_changed(deed: Mapping[str, Any]) -> str:
    before, after = deed_values(deed)
    if deed["action"] != "save_place" or not before:
        return str(after.get("reason", ""))
    return "; ".join(
        f"{place_heading(name)}: {place_value(name, before.get(name))} → {place_value(name, value)}"
        for name, value in after.items()
    )
