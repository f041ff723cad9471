"""Why a cell says what it says: formula, numbers, target and clause, author and time, history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.domain.numbers import format_moment, format_number, format_share
from dashboard.i18n import _, current_language
from dashboard.ui import data
from dashboard.ui.as_written import as_written, lines_as_written
from dashboard.ui.cell_notes import answered_note, notes
from dashboard.ui.derivation import show_derivation
from dashboard.ui.labels import fraction, gap_label, percent, target_label, typed_label, value_label
from dashboard.ui.places import show_course, show_places
from dashboard.ui.status import show_heading, show_status
from dashboard.ui.words import answer_word, certainty_note, mask_word

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from dashboard.views.overview import Overview


@dataclass(frozen=True)
class Chosen:
    code: str
    area: int


def choose_by_keyboard(overview: Overview) -> Chosen | None:
    """The way to a cell's reason without a mouse: an indicator and an area from two lists."""
    with st.popover(_("Giải trình một ô"), icon=":material/help:"):
        names = dict(overview.town.select("code", "name").iter_rows())
        areas = dict(overview.cells.unique("area").sort("column").select("area", "area_name").iter_rows())
        code = st.selectbox(
            _("Chỉ tiêu"),
            list(names),
            index=None,
            format_func=lambda code: f"{code} · {names[code]}",
            key="explain:indicator",
            placeholder=_("Chọn chỉ tiêu"),
        )
        area = st.selectbox(
            _("Xã, phường"),
            list(areas),
            index=None,
            format_func=areas.__getitem__,
            key="explain:area",
            placeholder=_("Chọn xã, phường"),
        )
    return Chosen(code, area) if code and area else None


def close_explanation() -> None:
    """Forget the chosen cell: the chart gets a new key, because its selection cannot be cleared by code."""
    st.session_state["scorecard:closed"] = st.session_state.get("scorecard:closed", 0) + 1
    st.session_state["explain:indicator"] = None
    st.session_state["explain:area"] = None


def show_explanation(overview: Overview, chosen: Chosen) -> None:
    found = overview.cells.filter(pl.col("code") == chosen.code, pl.col("area") == chosen.area)
    if found.is_empty():
        st.info(_("Ô đã chọn không có trong kỳ này."))
        return
    row = found.row(0, named=True)
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(
            _("Đóng"),
            icon=":material/close:",
            key="btn:close-explanation",
            on_click=close_explanation,
            type="tertiary",
        )
    st.markdown(f"**{as_written(row['code'] + ' · ' + row['name'])}**  \n{as_written(row['area_name'])}")
    show_status(row["status"], is_provisional=row["is_provisional"])
    _show_formula(row)
    _show_notes(overview, row)
    history = data.cell_history(
        row["indicator"], row["area"], year=overview.year, part=overview.part, language=current_language()
    )
    # Who says so, and when, stands above the curve: on a low screen the curve is what may lie below the edge.
    if not row["is_derived"] and not row["is_town"]:
        _show_history(history.entries, row)
    if row["is_town"]:
        _show_contributions(overview, row)
        show_places(overview, row)
    show_course(overview, row)
    if row["is_derived"]:
        show_derivation(overview, row)
    _show_source(row)
    _show_references(history.references)


def _show_formula(row: Mapping[str, Any]) -> None:
    if row["denominator"] is not None and row["numerator"] is not None:
        st.markdown(f"### {value_label(row)}")
        upper, lower = row["numerator_label"], row["denominator_label"] or _("số xã, phường")
        st.markdown(f"{as_written(upper)}  \n÷ {as_written(lower)}  \n= **{fraction(row)}**")
    elif row["mask"]:
        st.markdown(_("Số nhỏ về trẻ em dễ nhận ra: chỉ cơ quan có thẩm quyền được xem."))
    gap = gap_label(row)
    target = _("Mục tiêu: **{target}**").format(target=target_label(row))
    st.markdown(f"{target} · **{as_written(gap)}**" if gap else target)
    if row["baseline_denominator"]:
        last = format_share(
            row["baseline_numerator"], row["baseline_denominator"], language=current_language()
        )
        st.markdown(_("Cùng kỳ năm trước: {last}").format(last=last))


def _show_notes(overview: Overview, row: Mapping[str, Any]) -> None:
    """Who is missing from the figure, what of it is a draft, who does not count."""
    answered = answered_note(row)
    sentences = [*([answered] if answered else []), *notes(overview, row)]
    if sentences:
        st.caption("  \n".join(f"{line[0].upper()}{as_written(line[1:])}" for line in sentences))


def _show_contributions(overview: Overview, row: Mapping[str, Any]) -> None:
    """Which communes the gap lies in."""
    below = overview.cells.filter(pl.col("code") == row["code"], ~pl.col("is_town"))
    short = below.filter(pl.col("gap") > 0).sort("gap", descending=True)
    if short.height and row["kind"] == "ratio":
        language = current_language()
        parts = [
            f"{name} {format_number(gap, language=language)}"
            for name, gap in short.select("area_name", "gap").iter_rows()
        ]
        st.markdown(_("Còn thiếu: {parts}").format(parts=as_written(", ".join(parts))))


def _show_source(row: Mapping[str, Any]) -> None:
    clause = _("Căn cứ: mục {clause} của kế hoạch · chủ trì: {lead}").format(
        clause=row["target_clause"] or row["clause"], lead=row["lead_name"]
    )
    notes = [clause]
    if row["definition"]:
        notes.append(row["definition"])
    notes += [note for note in (certainty_note(row["certainty"]),) if note]
    lead_note = certainty_note(row["lead_certainty"])
    if lead_note:
        notes.append(_("cơ quan chủ trì: {note}").format(note=lead_note))
    st.caption(lines_as_written(*notes))


def _show_history(entries: pl.DataFrame, row: Mapping[str, Any]) -> None:
    if entries.is_empty():
        st.caption(_("Chưa có ai nhập số liệu cho ô này."))
        return
    show_heading(_("Ai nhập, khi nào"))
    for entry in entries.to_dicts():
        st.markdown(_entry_line(entry, row))


def _entry_line(entry: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    said = _entry_value(entry, row)
    name = "" if entry["slug"] == "all" else f" ({as_written(entry['split_name'])})"
    when = format_moment(entry["entered_at"], current_language())
    reason = (
        " · " + _("lý do: {reason}").format(reason=as_written(entry["reason"])) if entry["reason"] else ""
    )
    return f"- **{said}**{name}: {as_written(entry['entered_by'])}, {when}{reason}"


def _entry_value(entry: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    if entry["mask"]:
        return mask_word(entry["mask"])
    if entry["answer"] != "figure":
        return answer_word(entry["answer"])
    return typed_label(row["kind"], entry["numerator"], entry["denominator"], row["unit_scale"])


def _show_references(national: pl.DataFrame) -> None:
    for row in national.to_dicts():
        comparable = "" if row["is_same_definition"] else " · " + _("khác cách tính, chỉ để tham khảo")
        note = certainty_note(row["certainty"])
        value = _("Mục tiêu toàn quốc {year}: {value}").format(
            year=row["year"], value=percent(row["value_bp"])
        )
        st.caption(f"{value} ({as_written(row['source'])}){comparable}" + (f" · {note}" if note else ""))
