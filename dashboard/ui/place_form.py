"""One place of the register: what it is, saved as a whole; nothing typed is lost when it cannot be saved."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import uuid4

import polars as pl
import streamlit as st

from dashboard.actions.errors import ActionRefused, PlaceConflict
from dashboard.actions.play_areas import save_place
from dashboard.clock import local
from dashboard.documents.play_columns import column_headings
from dashboard.documents.words import condition_word, funding_word, kind_word
from dashboard.domain.numbers import NumberRefused, format_moment
from dashboard.domain.play_areas import (
    KNOWN_OR_NOT,
    Condition,
    Funding,
    PlayAreaInput,
    PlayKind,
    differing_fields,
)
from dashboard.i18n import _, current_language
from dashboard.ui import data
from dashboard.ui.attempts import Done, attempt
from dashboard.ui.emphasis import emphasis
from dashboard.ui.opened import Conflict, Kept, Opened, Refused, opened_form
from dashboard.ui.place_fields import (
    KNOWN_CHOICES,
    LONGEST_POSITION,
    POSITION,
    UNKNOWN,
    is_pasted_pair,
    place_input,
    read_place,
    shown_choice,
    shown_text,
)
from dashboard.ui.place_words import place_heading, place_value, quarter_word
from dashboard.ui.position import device_position, position_button
from dashboard.ui.register_words import known_choice_word
from dashboard.ui.saving import Field, Form, begin, choice_field, show_saving, text_field
from dashboard.ui.two_versions import show_newer, show_two_versions
from dashboard.ui.words import number_refusal, shown_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from dashboard.domain.permissions import Actor
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
        return opened_form(NEW, f"place:new:{area}:{_new_number(area)}", 0, empty, form=_new_form(area))
    return opened_form(row["place"], f"place:{row['place']}", row["version"], place_input(row))


def _new_form(area: int) -> str:
    return f"place:new:{area}"


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
        drawn = Drawn(place, said)
        _show_fields(register, drawn, area)
        st.form_submit_button(
            _("Lưu điểm vui chơi") if row else _("Thêm vào sổ"),
            type=emphasis(),
            icon=":material/save:",
            key=place.send_key,
            on_click=_save,
            args=(place, area),
        )
    # The new place's draft goes with the form of the place that was added.
    also = () if row is None else (_new_form(area),)
    form = Form(
        place.form,
        fields=drawn.fields,
        base=place.version,
        send=place.send_key,
        again=partial(_save, place, area),
        also=also,
    )
    show_saving(form, place.note)


@dataclass(frozen=True)
class Drawn:
    """The fields of a place as they are drawn one after another: they begin with `said`."""

    place: OpenedPlace
    said: PlayAreaInput
    fields: list[Field] = dataclass_field(default_factory=list)

    @property
    def stored(self) -> PlayAreaInput:
        return self.place.value or self.said


def _take_position(place: OpenedPlace, found: str) -> None:
    position = device_position(found)
    st.session_state[place.key("latitude")] = position.latitude
    st.session_state[place.key("longitude")] = position.longitude
    st.session_state[f"accuracy:{place.name}"] = position.accuracy_m
    if isinstance(place.note, Kept):
        # What was stored is no longer what stands in the fields.
        place.note = None


def _show_accuracy(place: OpenedPlace) -> None:
    """A position that is far off would decide which children have a place near."""
    metres = st.session_state.get(f"accuracy:{place.name}")
    if metres is None:
        return
    told = _("Vị trí vừa lấy có thể lệch khoảng {n} m.").format(n=shown_value(metres))
    if metres > ACCURATE_M:
        told = " ".join((told, _("Đề nghị thử lại ngoài trời, hoặc nhập vĩ độ, kinh độ.")))
    st.caption(told)


def _show_fields(register: PlayRegister, drawn: Drawn, area: int) -> None:
    _text(drawn, "name", limit=200)
    left, right = st.columns(2)
    with left:
        _choice(drawn, "kind", list(PlayKind), kind_word)
        _quarter(register, drawn, area)
        _text(drawn, "address", limit=300)
        with st.container(horizontal=True):
            _text(drawn, "latitude", limit=LONGEST_POSITION)
            _text(drawn, "longitude", limit=LONGEST_POSITION)
        with st.container(horizontal=True):
            _text(drawn, "area_m2", limit=40)
            _text(drawn, "opened_year", limit=20)
        _choice(drawn, "condition", list(Condition), condition_word)
        _choice(drawn, "funding", [UNKNOWN, *Funding], _or_unknown(funding_word))
        _text(drawn, "manager", limit=200)
    with right:
        with st.container(horizontal=True):
            _text(drawn, "equipment_count", limit=40)
            _choice(drawn, "equipment_condition", [UNKNOWN, *Condition], _or_unknown(condition_word))
        _text(drawn, "equipment_note", limit=500)
        _text(drawn, "opening_hours", limit=120)
        with st.container(horizontal=True):
            _text(drawn, "age_from", limit=20)
            _text(drawn, "age_to", limit=20)
        with st.grid(2, gap="small", min_column_width=150):
            for name in KNOWN_OR_NOT:
                _choice(drawn, name, KNOWN_CHOICES, known_choice_word)
    st.text_area(
        column_headings()["notes"],
        key=_begun(drawn, "notes"),
        max_chars=2000,
        persist_state="session",
    )


def _or_unknown(word: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda code: _("chưa rõ") if code == UNKNOWN else word(code)


def _begun(drawn: Drawn, name: str) -> str:
    """The key of a text field that has its first value; by way of the session state, as the device's position is."""
    key = drawn.place.key(name)
    begin(key, shown_text(drawn.said, name))
    drawn.fields.append(text_field(name, key, column_headings()[name], shown_text(drawn.stored, name)))
    return key


def _text(drawn: Drawn, name: str, *, limit: int) -> None:
    st.text_input(
        column_headings()[name],
        key=_begun(drawn, name),
        max_chars=limit,
        autocomplete="off",
        persist_state="session",
    )


def _choice(
    drawn: Drawn, name: str, options: Sequence[str | int], words: Callable[[Any], str], label: str = ""
) -> None:
    key, heading = drawn.place.key(name), label or column_headings()[name]
    value = shown_choice(drawn.said, name)
    begin(key, value if value in options else options[0])
    choices = {words(option): option for option in options}
    drawn.fields.append(choice_field(name, key, heading, choices, shown_choice(drawn.stored, name)))
    st.selectbox(heading, options, format_func=words, key=key, persist_state="session")


def _quarter(register: PlayRegister, drawn: Drawn, area: int) -> None:
    """The living ones, and the one that is stored or chosen even where it has ended: saving must not lose it."""
    living = dict(register.quarters.filter(pl.col("area") == area).select("quarter", "name").iter_rows())
    held = (drawn.said.quarter_id, drawn.place.typed("quarter_id", None))
    ended = {
        quarter: quarter_word(quarter)
        for quarter in held
        if isinstance(quarter, int) and quarter not in living
    }
    names = living | ended
    label = column_headings()["quarter"]
    _choice(drawn, "quarter_id", [UNKNOWN, *names], _or_unknown(names.__getitem__), label)


def _save(place: OpenedPlace, area: int) -> None:
    """Read the whole form and store it in one action."""
    try:
        said = read_place(lambda name: place.typed(name, None), area)
    except NumberRefused as refused:
        place.note = Refused((number_refusal(refused), _("Chưa lưu; những gì đã nhập vẫn còn trên trang.")))
        return
    if is_pasted_pair(lambda name: place.typed(name, None)):
        for name in POSITION:
            st.session_state[place.key(name)] = shown_text(said, name)
    _store(place, said)


def _store(place: OpenedPlace, said: PlayAreaInput) -> None:
    if place.cell == NEW and place.version:
        # The second half of a double click: this form has already added its place.
        return
    outcome = attempt(
        lambda actor: _saved(actor, place, said),
        forbidden=_("Tài khoản này không được sửa sổ điểm vui chơi của xã, phường này."),
        conflict=lambda refused: _conflict(place, refused, said),
    )
    if not isinstance(outcome, Done):
        place.note = outcome
        return
    added, stored = outcome.result
    place.accept(stored)
    if place.cell == NEW:
        st.session_state.pop(f"place:new:{said.area_id}", None)
        st.session_state["place:added"] = added


def _saved(actor: Actor, place: OpenedPlace, said: PlayAreaInput) -> tuple[int, StoredPlace]:
    saved = save_place(
        actor=actor,
        description=said,
        token=place.token(said),
        place_id=place.cell or None,
        base_version=place.version,
    )
    changed_at = data.place_row(saved.id)["changed_at"]
    return saved.id, StoredPlace(saved.version, said, actor.name, changed_at)


def _conflict(
    place: OpenedPlace, refused: ActionRefused, said: PlayAreaInput
) -> Conflict[PlayAreaInput] | None:
    if not isinstance(refused, PlaceConflict):
        return None
    row = data.place_row(place.cell)
    return Conflict(StoredPlace(refused.version, place_input(row), refused.by, refused.at), said)


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


def _put_mine(place: OpenedPlace) -> None:
    mine = place.insist()
    if mine is not None:
        _store(place, mine)
