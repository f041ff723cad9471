"""One place of the register: what it is, saved as a whole; nothing typed is lost when it cannot be saved."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import uuid4

import polars as pl
import streamlit as st

from dashboard.actions.errors import ActionRefused, NotAllowed, PlaceConflict, PlaceRefused
from dashboard.actions.play_areas import save_place
from dashboard.clock import local
from dashboard.documents.play_sheet import column_headings
from dashboard.documents.words import condition_word, funding_word, kind_word
from dashboard.domain.numbers import NumberRefused, format_moment
from dashboard.domain.play_areas import Condition, Funding, PlayAreaInput, PlayKind
from dashboard.i18n import _, current_language
from dashboard.ui import data
from dashboard.ui.as_written import lines_as_written
from dashboard.ui.emphasis import emphasis
from dashboard.ui.opened import Conflict, Kept, Opened, Refused, opened_form
from dashboard.ui.place_fields import (
    KNOWN_CHOICES,
    KNOWN_OR_NOT,
    UNKNOWN,
    place_input,
    read_place,
    shown_choice,
    shown_text,
)
from dashboard.ui.place_words import place_heading, place_value, quarter_word
from dashboard.ui.position import device_position, position_button
from dashboard.ui.refusals import refusal_sentence
from dashboard.ui.register_words import known_choice_word, place_problems
from dashboard.ui.session import visitor
from dashboard.ui.two_versions import show_newer, show_two_versions
from dashboard.ui.words import number_refusal, shown_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from dashboard.views.play_areas import PlayRegister

NEW = 0
# Farther off than this, a position says little about who lives within 400 m.
ACCURATE_M = 100
OpenedPlace: TypeAlias = Opened[int, PlayAreaInput]


@dataclass(frozen=True)
class StoredPlace:
    version: int
    value: PlayAreaInput
    by: str
    at: datetime


def opened_place(row: Mapping[str, Any] | None, area: int) -> OpenedPlace:
    """A place as this screen opened it; without a row, an empty form for a new one in this commune."""
    if row is None:
        empty = PlayAreaInput("", PlayKind.playground, area)
        return opened_form(NEW, f"place:new:{area}:{_new_number(area)}", 0, empty)
    return opened_form(row["place"], f"place:{row['place']}", row["version"], place_input(row))


def _new_number(area: int) -> str:
    """Changes once a new place was stored, so that the next one begins with empty fields."""
    number: str = st.session_state.setdefault(f"place:new:{area}", uuid4().hex)
    return number


def show_place_form(register: PlayRegister, row: Mapping[str, Any] | None, area: int) -> None:
    place = opened_place(row, area)
    said = place.shown or PlayAreaInput("", PlayKind.playground, area)
    if isinstance(place.note, Conflict):
        _show_conflict(place, place.note)
    elif row:
        show_newer(place, row["version"])
    position_button(f"position:{place.name}", lambda found: _take_position(place, found))
    _show_accuracy(place)
    with st.form(f"form:{place.name}", border=True):
        _show_fields(register, place, said, area)
        st.form_submit_button(
            _("Lưu điểm vui chơi") if row else _("Thêm vào sổ"),
            type=emphasis(),
            icon=":material/save:",
            key=place.send_key,
            on_click=_save,
            args=(place, area),
        )
    _show_note(place)


def _take_position(place: OpenedPlace, found: str) -> None:
    position = device_position(found)
    st.session_state[place.key("latitude")] = position.latitude
    st.session_state[place.key("longitude")] = position.longitude
    st.session_state[f"accuracy:{place.name}"] = position.accuracy_m


def _show_accuracy(place: OpenedPlace) -> None:
    """A position that is far off would decide which children have a place near."""
    metres = st.session_state.get(f"accuracy:{place.name}")
    if metres is None:
        return
    told = _("Vị trí vừa lấy có thể lệch khoảng {n} m.").format(n=shown_value(metres))
    if metres > ACCURATE_M:
        told = " ".join((told, _("Đề nghị thử lại ngoài trời, hoặc nhập vĩ độ, kinh độ.")))
    st.caption(told)


def _show_fields(register: PlayRegister, place: OpenedPlace, said: PlayAreaInput, area: int) -> None:
    _text(place, said, "name", limit=200)
    left, right = st.columns(2)
    with left:
        _choice(place, said, "kind", list(PlayKind), kind_word)
        _quarter(register, place, said, area)
        _text(place, said, "address", limit=300)
        with st.container(horizontal=True):
            _text(place, said, "latitude", limit=20)
            _text(place, said, "longitude", limit=20)
        with st.container(horizontal=True):
            _text(place, said, "area_m2", limit=20)
            _text(place, said, "opened_year", limit=4)
        _choice(place, said, "condition", list(Condition), condition_word)
        _choice(place, said, "funding", [UNKNOWN, *Funding], _or_unknown(funding_word))
        _text(place, said, "manager", limit=200)
    with right:
        with st.container(horizontal=True):
            _text(place, said, "equipment_count", limit=10)
            _choice(place, said, "equipment_condition", [UNKNOWN, *Condition], _or_unknown(condition_word))
        _text(place, said, "equipment_note", limit=500)
        _text(place, said, "opening_hours", limit=120)
        with st.container(horizontal=True):
            _text(place, said, "age_from", limit=2)
            _text(place, said, "age_to", limit=2)
        with st.grid(2, gap="small", min_column_width=150):
            for name in KNOWN_OR_NOT:
                _choice(place, said, name, KNOWN_CHOICES, known_choice_word)
    st.text_area(
        column_headings()["notes"],
        value=said.notes,
        key=place.key("notes"),
        max_chars=2000,
        persist_state="session",
    )


def _or_unknown(word: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda code: _("chưa rõ") if code == UNKNOWN else word(code)


def _text(place: OpenedPlace, said: PlayAreaInput, name: str, *, limit: int) -> None:
    key = place.key(name)
    # By way of the session state, because the device's position is put there too.
    if key not in st.session_state:
        st.session_state[key] = shown_text(said, name)
    st.text_input(
        column_headings()[name],
        key=key,
        max_chars=limit,
        autocomplete="off",
        persist_state="session",
    )


def _choice(
    place: OpenedPlace,
    said: PlayAreaInput,
    name: str,
    options: Sequence[str | int],
    words: Callable[[Any], str],
    label: str = "",
) -> None:
    value = shown_choice(said, name)
    st.selectbox(
        label or column_headings()[name],
        options,
        index=options.index(value) if value in options else 0,
        format_func=words,
        key=place.key(name),
        persist_state="session",
    )


def _quarter(register: PlayRegister, place: OpenedPlace, said: PlayAreaInput, area: int) -> None:
    """The living ones, and the one that is stored or chosen even where it has ended: saving must not lose it."""
    living = dict(register.quarters.filter(pl.col("area") == area).select("quarter", "name").iter_rows())
    held = (said.quarter_id, place.typed("quarter_id", None))
    ended = {
        quarter: quarter_word(quarter)
        for quarter in held
        if isinstance(quarter, int) and quarter not in living
    }
    names = living | ended
    label = column_headings()["quarter"]
    _choice(place, said, "quarter_id", [UNKNOWN, *names], _or_unknown(names.__getitem__), label)


def _save(place: OpenedPlace, area: int) -> None:
    """Read the whole form and store it in one action."""
    try:
        said = read_place(lambda name: place.typed(name, None), area)
    except NumberRefused as refused:
        place.note = Refused((number_refusal(refused), _("Chưa lưu; những gì đã nhập vẫn còn trên trang.")))
        return
    _store(place, said)


def _store(place: OpenedPlace, said: PlayAreaInput) -> None:
    if place.cell == NEW and place.version:
        # The second half of a double click: this form has already added its place.
        return
    try:
        saved = save_place(
            actor=visitor().actor,
            said=said,
            token=place.token(said),
            place_id=place.cell or None,
            base_version=place.version,
        )
    except PlaceRefused as refused:
        place.note = Refused((place_problems(refused.problems),))
    except PlaceConflict as conflict:
        place.note = Conflict(_stored(place.cell, conflict), said)
    except NotAllowed:
        place.note = Refused((_("Tài khoản này không được sửa sổ điểm vui chơi của xã, phường này."),))
    except ActionRefused as refused:
        place.note = Refused((refusal_sentence(refused),))
    else:
        stored = data.place_row(saved.id)
        place.accept(StoredPlace(saved.version, said, visitor().actor.name, stored["changed_at"]))
        if place.cell == NEW:
            st.session_state.pop(f"place:new:{said.area_id}", None)
            st.session_state["place:added"] = saved.id


def _stored(place_id: int, conflict: PlaceConflict) -> StoredPlace:
    row = data.place_row(place_id)
    return StoredPlace(conflict.version, place_input(row), conflict.by, conflict.at)


def _show_note(place: OpenedPlace) -> None:
    if isinstance(place.note, Refused):
        st.error(lines_as_written(*place.note.sentences), icon=":material/error:")
    elif isinstance(place.note, Kept):
        st.markdown(f"**{_('✓ đã lưu {time}').format(time=f'{local(place.note.at):%H:%M}')}**")


def _show_conflict(place: OpenedPlace, conflict: Conflict[PlayAreaInput]) -> None:
    theirs, mine = conflict.theirs, conflict.mine
    sentence = _(
        "{who} đã sửa điểm này lúc {when}, sau khi trang của đồng chí được mở. Đề nghị chọn một trong hai bản."
    ).format(who=theirs.by, when=format_moment(local(theirs.at), current_language()))
    rows = [
        (
            place_heading(name),
            place_value(name, getattr(theirs.value, name)),
            place_value(name, getattr(mine, name)),
        )
        for name in differing_fields(theirs.value, mine)
    ]
    show_two_versions(place, conflict, sentence, rows, _put_mine)


def differing_fields(theirs: PlayAreaInput, mine: PlayAreaInput) -> list[str]:
    names = [field.name for field in fields(PlayAreaInput)]
    return [name for name in names if getattr(theirs, name) != getattr(mine, name)]


def _put_mine(place: OpenedPlace) -> None:
    mine = place.insist()
    if mine is not None:
        _store(place, mine)
