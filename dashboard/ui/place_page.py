"""One place on a page of its own: what it is, how safe it is, its photos, its life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.i18n import _
from dashboard.ui.address import address_key, keep_choice, prepare_choice
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
    show_closing(register, row)
    file = place_file(row["place"])
    safety, photos, life = st.tabs([_("Kiểm tra an toàn"), _("Ảnh"), _("Lịch sử")])
    with safety:
        show_heading(_("Ghi một lần kiểm tra"))
        show_visit_form(register, row)
        show_visits(file)
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
    _turn_to_added(names)
    prepare_choice("place", options, options[0])
    chosen = st.selectbox(
        _("Điểm vui chơi"),
        options,
        format_func=lambda place: names.get(place, _("+ Thêm điểm vui chơi")),
        key=address_key("place"),
        on_change=_keep_place,
    )
    found = rows.filter(pl.col("place") == chosen)
    return found.row(0, named=True) if found.height else None


def _turn_to_added(names: Collection[int]) -> None:
    """Open the place that was added just now.

    A second click interrupts the run that turned to it, and brings the old address with it: so the wish stays
    until the browser's own address has it.
    """
    added = st.session_state.get("place:added")
    if added not in names:
        return
    if st.query_params.get("place") == str(added):
        del st.session_state["place:added"]
    st.query_params["place"] = str(added)


def _keep_place() -> None:
    st.session_state.pop("place:added", None)
    keep_choice("place")


def _show_standing(register: PlayRegister, row: Mapping[str, Any]) -> None:
    """Whether the place counts today, and why not, before anything is changed."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(
            f"**{SYMBOLS[row['map_state']]} {map_state_word(row['map_state'])}** · {counting_sentence(row)}"
        )
        st.caption(f"{check_sentence(row)} · {standard_sentence(register.standard)}")
