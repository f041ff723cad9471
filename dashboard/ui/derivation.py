"""Why a cell that nobody types says what it says: the rows of the register behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.domain import typed_cells
from dashboard.domain.numbers import format_date
from dashboard.i18n import _, current_language
from dashboard.ui import data
from dashboard.ui.as_written import as_written
from dashboard.ui.play import counting_sentence, standard_sentence
from dashboard.ui.register_words import state_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.views.overview import Overview


def show_derivation(overview: Overview, row: Mapping[str, Any]) -> None:
    """The places, or the registration, that the cell was read off."""
    parts = {"play_areas": _show_places, "child_friendly": _show_registration}
    parts[row["derived_from"]](overview, row)


def _show_places(overview: Overview, row: Mapping[str, Any]) -> None:
    seen = data.places_until(typed_cells.last_day(overview.year, overview.part))
    st.caption(
        _("Tính từ sổ điểm vui chơi đến ngày {day}. {standard}").format(
            day=format_date(seen.day, current_language()),
            standard=as_written(standard_sentence(seen.standard)),
        )
    )
    places = seen.places if row["is_town"] else seen.places.filter(pl.col("area") == row["area"])
    if row["is_town"]:
        places = places.filter("counts")
    lines = [
        f"- {'✓' if place['counts'] else '✕'} **{as_written(place['name'])}**"
        + (f" ({as_written(place['area_name'])})" if row["is_town"] else f": {counting_sentence(place)}")
        for place in places.to_dicts()
    ]
    st.markdown("\n".join(lines) or _("Chưa có điểm vui chơi nào trong sổ."))
    st.page_link("../pages/play_areas.py", label=_("Điểm vui chơi"), icon=":material/toys:")


def _show_registration(overview: Overview, row: Mapping[str, Any]) -> None:
    st.caption(
        _(
            "Tính từ đăng ký xã, phường phù hợp với trẻ em. Đăng ký có giá trị đến kỳ đánh giá mà xã, phường đăng ký."
        )
    )
    seen = data.recognition(None, current_language())
    commune = seen.commune(row["area"]) if seen and overview.year <= seen.round["year"] else None
    if seen and commune:
        st.markdown(
            _("Kỳ đánh giá {year}: **{state}**").format(
                year=seen.round["year"], state=state_word(commune.state)
            )
        )
    st.page_link("../pages/child_friendly.py", label=_("Phù hợp với trẻ em"), icon=":material/verified:")
