"""Places from an Excel sheet: looked through first, written all together or not at all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.actions.errors import ActionRefused, NotAllowed, PlaceConflict, PlaceRefused
from dashboard.actions.play_areas import SheetPlace, save_places
from dashboard.domain.permissions import Capability, may
from dashboard.domain.play_import import ImportRow, StoredPlace, StoredRegister, plan_import
from dashboard.domain.positions import Commune
from dashboard.i18n import _, current_language, in_language, ngettext
from dashboard.ui import data
from dashboard.ui.as_written import as_written
from dashboard.ui.attempts import Done, attempt
from dashboard.ui.downloads import EXCEL
from dashboard.ui.emphasis import emphasis
from dashboard.ui.file_words import sheet_refusal
from dashboard.ui.opened import Refused
from dashboard.ui.place_fields import place_input
from dashboard.ui.play_import_words import row_change, row_problems
from dashboard.ui.play_list import sheet_rows
from dashboard.ui.reading import read_once
from dashboard.ui.refusals import refusal_sentence
from dashboard.ui.register_words import place_problems
from dashboard.ui.saving import note_sentence
from dashboard.ui.tables import show_table
from dashboard.ui.uploads import SHEET, upload_field

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dashboard.documents.cells import Sheet
    from dashboard.documents.play_sheet import PlaySheet
    from dashboard.domain.permissions import Actor
    from dashboard.domain.play_import import PlannedRow
    from dashboard.ui.uploads import Upload
    from dashboard.views.play_areas import PlayRegister


@dataclass(frozen=True)
class Outcome:
    """`sign` is how it is shown: success, info, or error where nothing was written."""

    sign: str
    sentence: str


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
    handed_in = upload_field(_("Tệp Excel (.xlsx)"), kind=SHEET, key=f"import:{number}")
    _show_outcome()
    if (read := _read(handed_in)) is not None:
        _show_preview(register, actor, *read, number)


def _read(handed_in: Upload | None) -> tuple[Sheet, str] | None:
    """The sheet and a mark that tells this file from all others; None where there is none that can be read."""
    from dashboard.documents.cells import SheetRefused  # noqa: PLC0415 - only when somebody hands a sheet in
    from dashboard.documents.handed_in import read_sheet  # noqa: PLC0415 - as above
    from dashboard.documents.play_columns import required_headings  # noqa: PLC0415 - as above

    def read(content: bytes, on_wait: Callable[[int], None]) -> tuple[Sheet, str]:
        sheet = read_sheet(content, required_headings(), on_wait=on_wait)
        return sheet, hashlib.sha256(content).hexdigest()[:40]

    try:
        return read_once("import", handed_in, read, SheetRefused)
    except SheetRefused as refused:
        st.error(as_written(sheet_refusal(refused)), icon=":material/error:")
        return None


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
        from dashboard.documents.play_writing import write_play_sheet  # noqa: PLC0415 - only when somebody asks

        with in_language(language):
            note = _("Số liệu minh họa (giả định)") if register.header.is_demonstration else ""
            return write_play_sheet(sheet_rows(mine), language=language, note=note, communes=names)

    return made


def _show_preview(register: PlayRegister, actor: Actor, read: Sheet, mark: str, number: int) -> None:
    from dashboard.documents.cells import SheetRefused  # noqa: PLC0415 - only when somebody hands a sheet in
    from dashboard.documents.play_sheet import read_play_sheet  # noqa: PLC0415 - as above

    try:
        sheet = read_play_sheet(
            read, communes=_communes(register), quarters=_quarters(register), ended=_ended(register)
        )
    except SheetRefused as refused:
        st.error(as_written(sheet_refusal(refused)), icon=":material/error:")
        return
    plan = _plan(register, actor, sheet)
    problems = [row_problems(*pair) for pair in zip(sheet.rows, plan, strict=True)]
    _show_rows(plan, problems)
    _show_left_out(read, sheet)
    _offer_writing(tuple(filter(None, (_sheet_place(row, actor, mark) for row in plan))), problems, number)


def _show_rows(plan: Sequence[PlannedRow], problems: Sequence[list[str]]) -> None:
    show_table(
        (_("Dòng"), _("Tên"), _("Việc"), _("Cần sửa")),
        [
            (str(row.line), row.name, row_change(row), "\n".join(sentences))
            for row, sentences in zip(plan, problems, strict=True)
        ],
        caption=_("{n} dòng").format(n=len(plan)),
        numbers=(0,),
    )


def _show_left_out(read: Sheet, sheet: PlaySheet) -> None:
    """What of the file is easily overlooked: rows that Excel hides, columns that nothing is read from."""
    if read.hidden:
        st.caption(
            ngettext(
                "Tệp có {n} dòng đang bị ẩn hoặc bị lọc trong Excel; các dòng đó cũng được đọc.",
                "Tệp có {n} dòng đang bị ẩn hoặc bị lọc trong Excel; các dòng đó cũng được đọc.",
                read.hidden,
            ).format(n=read.hidden)
        )
    if sheet.unknown_columns:
        st.caption(_("Cột không dùng: {names}").format(names=as_written(", ".join(sheet.unknown_columns))))


def _offer_writing(places: tuple[SheetPlace, ...], problems: Sequence[list[str]], number: int) -> None:
    if any(problems):
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
            args=(places, number),
        )
    else:
        st.info(_("Không có gì thay đổi so với sổ."))


def _communes(register: PlayRegister) -> dict[str, int]:
    rows = register.communes.select("area", "name", "full_name").iter_rows()
    return {text: area for area, *names in rows for text in names}


def _quarters(register: PlayRegister) -> dict[tuple[int, str], int]:
    rows = register.quarters.select("quarter", "area", "name").iter_rows()
    return {(area, name): quarter for quarter, area, name in rows}


def _ended(register: PlayRegister) -> dict[tuple[str, int, str], int]:
    """Thôn and khu phố that are no more and have a place in them still, by its code, commune and their name."""
    gone = register.places.drop_nulls("quarter").join(register.quarters, on="quarter", how="anti")
    rows = gone.select("code", "area", "quarter_name", "quarter").iter_rows()
    return {(code, area, name): quarter for code, area, name, quarter in rows}


def _plan(register: PlayRegister, actor: Actor, sheet: PlaySheet) -> tuple[PlannedRow, ...]:
    rows = [ImportRow(row.line, row.code, row.place, row.version) for row in sheet.rows]
    return plan_import(rows, _stored(register), actor, columns=sheet.fields)


def _stored(register: PlayRegister) -> StoredRegister:
    places = [
        StoredPlace(
            row["place"], row["code"], row["version"], place_input(row), row["changed_by"], row["changed_at"]
        )
        for row in register.places.iter_rows(named=True)
    ]
    columns = register.communes.select("area", "name", "latitude", "longitude", "area_km2")
    communes = {area: Commune(*facts) for area, *facts in columns.iter_rows()}
    return StoredRegister(places, communes, register.lead, register.day)


def _sheet_place(row: PlannedRow, actor: Actor, mark: str) -> SheetPlace | None:
    """What is sent of a row; None where it would change nothing or must not be written."""
    if row.place is None or not row.is_written:
        return None
    # Two people may hand in one and the same file: each of them has attempts of their own.
    token = f"{mark}:{actor.id}:{row.line}"
    return SheetPlace(row.place, token, row.stored.id if row.stored else None, row.version or 0)


def _write(places: tuple[SheetPlace, ...], number: int) -> None:
    if number == st.session_state.get("import:number", 0):
        outcome = _written(places)
        st.session_state["import:last"] = outcome
        if outcome.sign != "error":
            st.session_state["import:number"] = number + 1
    # The second click of a double one finds the sheet written: what came of the first is still to be told.
    st.session_state["import:outcome"] = st.session_state["import:last"]


def _written(places: tuple[SheetPlace, ...]) -> Outcome:
    register = data.play_register(current_language())
    if register is None:
        return Outcome("error", _("Chưa ghi gì vào sổ."))
    before = dict(register.places.select("code", "version").iter_rows())
    done = attempt(
        lambda actor: save_places(actor=actor, places=places),
        conflict=lambda refused: Refused((_refusal(refused),)),
    )
    if not isinstance(done, Done):
        return Outcome("error", note_sentence(done))
    saved = done.result
    # A colleague may have written the same meanwhile: such a row was neither added nor changed here.
    number = sum(before.get(place.code) != place.version for place in saved)
    if not number:
        return Outcome("info", _("Không ghi thêm dòng nào: sổ đã có đúng như danh sách."))
    return Outcome("success", _("Đã ghi {n} dòng vào sổ.").format(n=number))


def _refusal(refused: ActionRefused) -> str:
    if isinstance(refused, PlaceRefused):
        taken = [str(each.params["codes"]) for each in refused.problems if each.code == "namesake"]
        if not taken:
            return place_problems(refused.problems)
        return _(
            "Chưa ghi dòng nào: sổ vừa có {codes} cùng tên với điểm mới trong danh sách. Đề nghị xem lại các dòng."
        ).format(codes=", ".join(taken))
    if isinstance(refused, PlaceConflict):
        return _(
            "Chưa ghi dòng nào: {who} vừa sửa một điểm trong danh sách. Đề nghị tải danh sách mới rồi sửa lại."
        ).format(who=refused.by)
    if isinstance(refused, NotAllowed):
        return _("Chưa ghi dòng nào: tài khoản này không được sửa sổ của một xã, phường trong danh sách.")
    return refusal_sentence(refused)


def _show_outcome() -> None:
    outcome = st.session_state.pop("import:outcome", None)
    if outcome:
        show = {"success": st.success, "info": st.info, "error": st.error}
        show[outcome.sign](as_written(outcome.sentence))
