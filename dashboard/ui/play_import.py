"""Places from an Excel sheet: looked through first, written all together or not at all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.actions.errors import NotAllowed, PlaceConflict, PlaceRefused
from dashboard.actions.play_areas import SheetPlace, save_places
from dashboard.domain.permissions import Capability, may
from dashboard.domain.play_areas import check_play_area
from dashboard.i18n import _, current_language, in_language
from dashboard.ui.downloads import EXCEL
from dashboard.ui.emphasis import emphasis
from dashboard.ui.file_words import cell_problem, sheet_refusal
from dashboard.ui.place_fields import place_input
from dashboard.ui.place_form import differing_fields, field_heading, shown_value_of
from dashboard.ui.play_list import sheet_rows
from dashboard.ui.register_words import place_problem, place_problems
from dashboard.ui.session import visitor
from dashboard.ui.tables import show_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dashboard.documents.play_sheet import PlaySheet, SheetRow
    from dashboard.domain.permissions import Actor
    from dashboard.domain.play_areas import PlayAreaInput
    from dashboard.views.play_areas import PlayRegister

MOST_MB = 5


@dataclass(frozen=True)
class Looked:
    """One row of the sheet as it would be written; `problems` are sentences, `deed` what would happen."""

    line: int
    name: str
    deed: str
    problems: tuple[str, ...]
    place: SheetPlace | None


def show_import(register: PlayRegister, actor: Actor) -> None:
    st.markdown(
        _(
            "Tải danh sách hiện có, sửa hoặc thêm dòng trong Excel, rồi tải lên. Dòng có mã là sửa điểm đã có; "
            "dòng không có mã là thêm điểm mới. Không dòng nào bị xóa."
        )
    )
    mine = _editable(register, actor)
    st.download_button(
        _("Tải danh sách (Excel)"),
        _template(register, mine),
        file_name=".".join((_("so-diem-vui-choi"), "xlsx")),
        mime=EXCEL,
        icon=":material/download:",
        on_click="ignore",
        key="download:template",
    )
    number = st.session_state.get("import:number", 0)
    handed_in = st.file_uploader(
        _("Tệp Excel (.xlsx)"), type=["xlsx"], max_upload_size=MOST_MB, key=f"import:{number}"
    )
    _show_outcome()
    if handed_in is not None:
        _show_preview(register, actor, handed_in.getvalue(), number)


def _editable(register: PlayRegister, actor: Actor) -> pl.DataFrame:
    areas = [
        area
        for area in register.communes["area"]
        if may(actor, Capability.edit_play_areas, area_id=area, lead_agency_id=register.lead)
    ]
    return register.places.filter(pl.col("area").is_in(areas))


def _template(register: PlayRegister, mine: pl.DataFrame) -> Callable[[], bytes]:
    language = current_language()
    names = register.communes["name"].to_list()

    def made() -> bytes:
        from dashboard.documents.play_sheet import write_play_sheet  # noqa: PLC0415 - only when somebody asks

        with in_language(language):
            note = _("Số liệu minh họa (giả định)") if register.header.is_demonstration else ""
            return write_play_sheet(sheet_rows(mine), language=language, note=note, communes=names)

    return made


def _show_preview(register: PlayRegister, actor: Actor, content: bytes, number: int) -> None:
    from dashboard.documents.cells import SheetRefused  # noqa: PLC0415 - only when somebody hands a sheet in
    from dashboard.documents.play_sheet import read_play_sheet  # noqa: PLC0415 - as above

    try:
        sheet = read_play_sheet(content, communes=_communes(register), quarters=_quarters(register))
    except SheetRefused as refused:
        st.error(sheet_refusal(refused), icon=":material/error:")
        return
    looked = _look_through(register, actor, sheet, content)
    show_table(
        (_("Dòng"), _("Tên"), _("Việc"), _("Cần sửa")),
        [(str(row.line), row.name, row.deed, "\n".join(row.problems)) for row in looked],
        caption=_("{n} dòng").format(n=len(looked)),
        numbers=(0,),
    )
    if sheet.unknown_columns:
        st.caption(_("Cột không dùng: {names}").format(names=", ".join(sheet.unknown_columns)))
    places = [row.place for row in looked if row.place]
    if any(row.problems for row in looked):
        st.warning(
            _("Chưa ghi gì vào sổ. Đề nghị sửa các dòng có lỗi trong Excel rồi tải lại."),
            icon=":material/rule:",
        )
    elif places:
        st.button(
            _("Ghi {n} dòng vào sổ").format(n=len(places)),
            type=emphasis(),
            key=f"btn:import:{number}",
            icon=":material/save:",
            on_click=_write,
            args=(tuple(places), number),
        )
    else:
        st.info(_("Không có gì thay đổi so với sổ."))


def _communes(register: PlayRegister) -> dict[str, int]:
    rows = register.communes.select("area", "name", "full_name").iter_rows()
    return {text: area for area, *names in rows for text in names}


def _quarters(register: PlayRegister) -> dict[tuple[int, str], int]:
    rows = register.quarters.select("quarter", "area", "name").iter_rows()
    return {(area, name): quarter for quarter, area, name in rows}


def _look_through(register: PlayRegister, actor: Actor, sheet: PlaySheet, content: bytes) -> list[Looked]:
    known = {row["code"]: row for row in register.places.to_dicts()}
    mark = hashlib.sha256(content).hexdigest()[:40]
    kept = {"commune": "area_id", "quarter": "quarter_id"}
    spoken_of = [kept.get(column, column) for column in sheet.columns - {"code"}]
    return [
        _look_at(register, actor, _completed(row, known.get(row.code), spoken_of), known, mark)
        for row in sheet.rows
    ]


def _completed(row: SheetRow, stored: dict[str, Any] | None, spoken_of: Sequence[str]) -> SheetRow:
    """A known place keeps everything that the sheet has no column for."""
    if row.said is None or stored is None:
        return row
    changes = {name: getattr(row.said, name) for name in spoken_of}
    return replace(row, said=replace(place_input(stored), **changes))


def _look_at(
    register: PlayRegister, actor: Actor, row: SheetRow, known: dict[str, dict[str, Any]], mark: str
) -> Looked:
    from dashboard.documents.play_sheet import column_headings  # noqa: PLC0415 - as above

    headings = column_headings()
    problems = [cell_problem(each, headings[each.column]) for each in row.problems]
    stored = known.get(row.code)
    if row.code and stored is None:
        problems.append(_("không có điểm nào mang mã {code}").format(code=row.code))
    if row.said is None or problems:
        return Looked(row.line, row.said.name if row.said else row.code, "–", tuple(problems), None)
    problems += [place_problem(each) for each in check_play_area(row.said, today=register.day)]
    if not may(actor, Capability.edit_play_areas, area_id=row.said.area_id, lead_agency_id=register.lead):
        problems.append(_("tài khoản này không được sửa sổ của xã, phường này"))
    if stored and place_input(stored) == row.said:
        return Looked(row.line, row.said.name, _("không đổi"), tuple(problems), None)
    place = SheetPlace(
        row.said,
        f"{mark}:{row.line}",
        stored["place"] if stored else None,
        stored["version"] if stored else 0,
    )
    deed = _changes(stored, row.said) if stored else _("thêm mới")
    return Looked(row.line, row.said.name, deed, tuple(problems), None if problems else place)


def _changes(stored: dict[str, Any], said: PlayAreaInput) -> str:
    """Which place is changed, and in what."""
    before = place_input(stored)
    parts = [
        f"{field_heading(name)}: {shown_value_of(before, name)} → {shown_value_of(said, name)}"
        for name in differing_fields(before, said)
    ]
    return "\n".join((_("sửa {code}").format(code=stored["code"]), *parts))


def _write(places: tuple[SheetPlace, ...], number: int) -> None:
    try:
        saved = save_places(actor=visitor().actor, places=places)
    except PlaceRefused as refused:
        st.session_state["import:outcome"] = (False, place_problems(refused.problems))
    except PlaceConflict as conflict:
        st.session_state["import:outcome"] = (
            False,
            _(
                "Chưa ghi dòng nào: {who} vừa sửa một điểm trong danh sách. Đề nghị tải danh sách mới rồi sửa lại."
            ).format(who=conflict.by),
        )
    except NotAllowed:
        st.session_state["import:outcome"] = (
            False,
            _("Chưa ghi dòng nào: tài khoản này không được sửa sổ của một xã, phường trong danh sách."),
        )
    else:
        st.session_state["import:outcome"] = (True, _("Đã ghi {n} dòng vào sổ.").format(n=len(saved)))
        st.session_state["import:number"] = number + 1


def _show_outcome() -> None:
    is_done, sentence = st.session_state.pop("import:outcome", (True, ""))
    if sentence:
        (st.success if is_done else st.error)(sentence)
