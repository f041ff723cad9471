"""One place on a page of its own: what it is, how safe it is, its photos, its life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.i18n import _
from dashboard.ui.address import address_key, addressed, keep_choice, prepare_choice, turn_to
from dashboard.ui.as_written import as_written
from dashboard.ui.place_form import NEW, show_place_form
from dashboard.ui.place_life import show_closing, show_deeds, show_visits
from dashboard.ui.place_photos import show_photos
from dashboard.ui.place_visit import show_visit_form
from dashboard.ui.play import SYMBOLS, check_sentence, counting_sentence, standard_sentence
from dashboard.ui.register_words import map_state_word
from dashboard.ui.status import show_heading
from dashboard.views.play_areas import place_file

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from dashboard.views.play_areas import PlayRegister


def choose_area(register: PlayRegister, areas: Sequence[int]) -> int:
    """The commune whose register is open; nothing to choose for an officer of one."""
    if len(areas) == 1:
        return areas[0]
    names = dict(register.communes.select("area", "full_name").iter_rows())
    prepare_choice("commune", areas, areas[0])
    return st.selectbox(
        _("Xã, phường"),
        areas,
        format_func=names.__getitem__,
        key=address_key("commune"),
        on_change=keep_choice,
        args=("commune",),
    )


def show_place(register: PlayRegister, area: int) -> None:
    rows = register.places.filter(pl.col("area") == area)
    row = _choose_place(rows)
    if row is None:
        show_place_form(register, None, area)
        return
    _show_standing(register, row)
    show_place_form(register, row, area)
    show_closing(row)
    file = place_file(row["place"])
    safety, photos, life = st.tabs([_("Kiểm tra an toàn"), _("Ảnh"), _("Lịch sử")])
    with safety:
        show_heading(_("Ghi một lần kiểm tra"))
        show_visit_form(register, row)
        show_visits(row, file)
    with photos:
        show_photos(row, file, can_edit=True)
    with life:
        show_deeds(file)


def _choose_place(rows: pl.DataFrame) -> dict[str, Any] | None:
    names = {
        row["place"]: f"{row['code']} · {row['name']} · {SYMBOLS[row['map_state']]}"
        for row in rows.to_dicts()
    }
    options = [*names, NEW]
    key = _turned_key(names)
    st.session_state[key] = addressed("place", options, options[0])
    chosen = st.selectbox(
        _("Điểm vui chơi"),
        options,
        format_func=lambda place: names.get(place, _("+ Thêm điểm vui chơi")),
        key=key,
        on_change=_keep_place,
        args=(key,),
    )
    found = rows.filter(pl.col("place") == chosen)
    return found.row(0, named=True) if found.height else None


def _turned_key(names: Collection[int]) -> str:
    """The key of the list of places, after turning to the one that was added just now.

    A second click interrupts the run that turned to it, and brings the list and the address with it as they were
    before: so the list then has another key, and the wish stays until the browser's own address has it.
    """
    added: int | None = st.session_state.get("place:added")
    if added is not None and added in names:
        if st.query_params.get("place") == str(added):
            del st.session_state["place:added"]
            st.session_state["place:turned"] = added
        turn_to("place", added)
    return _choice_key()


def _choice_key() -> str:
    state = st.session_state
    return f"place:choice:{state.get('place:added') or state.get('place:turned', NEW)}"


def _keep_place(key: str) -> None:
    if key != _choice_key():
        # A list that is no longer there speaks through a click that was under way.
        return
    st.session_state.pop("place:added", None)
    turn_to("place", st.session_state[key])


def _show_standing(register: PlayRegister, row: Mapping[str, Any]) -> None:
    """Whether the place counts today, and why not, before anything is changed."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(
            f"**{SYMBOLS[row['map_state']]} {map_state_word(row['map_state'])}** · {counting_sentence(row)}"
        )
        st.caption(as_written(f"{check_sentence(row)} · {standard_sentence(register.standard)}"))
