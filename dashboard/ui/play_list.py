"""The list of places with its filters, and the same list as an Excel file."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import polars as pl
import streamlit as st

from dashboard.documents.words import kind_word
from dashboard.domain.play_areas import MapState
from dashboard.i18n import _, current_language, in_language
from dashboard.ui.address import address_key, follow_click, keep_choice, prepare_choice
from dashboard.ui.downloads import EXCEL
from dashboard.ui.play import check_sentence, show_places
from dashboard.ui.register_words import map_state_word, reasons_sentence
from dashboard.ui.status import show_heading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dashboard.views.play_areas import PlayRegister

T = TypeVar("T", str, int)
ALL = 0
ANY = "all"
COUNTED = ("yes", "no")


def show_list(register: PlayRegister, clicked: int | None) -> None:
    """The register's places by commune, kind, state, and whether they count."""
    show_heading(_("Danh sách điểm vui chơi"))
    shown = _filtered(register, clicked)
    show_places(shown)
    st.download_button(
        _("Tải danh sách (Excel)"),
        _sheet(register, shown),
        file_name=".".join((_("so-diem-vui-choi"), "xlsx")),
        mime=EXCEL,
        icon=":material/download:",
        on_click="ignore",
        key="download:play-sheet",
    )


def _filtered(register: PlayRegister, clicked: int | None) -> pl.DataFrame:
    areas = {ALL: _("Tất cả xã, phường"), **dict(register.communes.select("area", "full_name").iter_rows())}
    follow_click("in", (clicked,), list(areas))
    kinds = list(register.places["kind"].unique(maintain_order=True))
    with st.grid(4, gap="small", min_column_width=160):
        area = _choice("in", _("Xã, phường"), list(areas), areas.__getitem__)
        kind = _choice("kind", _("Loại"), [ANY, *kinds], lambda kind: _any_or(kind, kind_word))
        state = _choice(
            "state", _("Tình trạng"), [ANY, *MapState], lambda state: _any_or(state, map_state_word)
        )
        counted = _choice(
            "counted", _("Được tính"), [ANY, *COUNTED], lambda answer: _any_or(answer, _counted_word)
        )
    rows = register.places
    if area != ALL:
        rows = rows.filter(pl.col("area") == area)
    if kind != ANY:
        rows = rows.filter(pl.col("kind") == kind)
    if state != ANY:
        rows = rows.filter(pl.col("map_state") == state)
    if counted != ANY:
        rows = rows.filter(pl.col("counts") == (counted == COUNTED[0]))
    return rows


def _any_or(value: str, word: Callable[[str], str]) -> str:
    return _("Tất cả") if value == ANY else word(value)


def _counted_word(answer: str) -> str:
    return _("Được tính") if answer == COUNTED[0] else _("Không được tính")


def _choice(name: str, label: str, options: Sequence[T], words: Callable[[T], str]) -> T:
    prepare_choice(name, options, options[0])
    return st.selectbox(
        label,
        options,
        format_func=words,
        key=address_key(name),
        on_change=keep_choice,
        args=(name,),
    )


def _sheet(register: PlayRegister, shown: pl.DataFrame) -> Callable[[], bytes]:
    """The file is made when it is asked for, in another thread, which does not know the language."""
    language = current_language()
    is_demonstration = register.header.is_demonstration

    def made() -> bytes:
        from dashboard.documents.play_writing import write_play_sheet  # noqa: PLC0415 - only when somebody asks

        with in_language(language):
            note = _("Số liệu minh họa (giả định)") if is_demonstration else ""
            return write_play_sheet(sheet_rows(shown), language=language, note=note)

    return made


def sheet_rows(places: pl.DataFrame) -> pl.DataFrame:
    """Places as the sheet takes them, with what the register says of them today in columns of their own.

    Each row tells its version, by which a sheet that comes back is known to be from before somebody's change.
    """
    from dashboard.documents.play_columns import column_headings  # noqa: PLC0415 - as above

    rows = places.to_dicts()
    named = places.with_columns(pl.col("area_name").alias("commune"), pl.col("quarter_name").alias("quarter"))
    today = {
        _("Trạng thái"): [map_state_word(row["map_state"]) for row in rows],
        _("Kiểm tra an toàn"): [check_sentence(row) for row in rows],
        _("Không được tính vì"): [reasons_sentence(row["reasons"]) for row in rows],
    }
    further = [pl.Series(heading, texts, dtype=pl.String) for heading, texts in today.items()]
    return named.select(*column_headings(), *further)
