"""Places from an Excel sheet: looked through first, written all together or not at all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl
import streamlit as st

from dashboard.actions.errors import ActionRefused, NotAllowed, PlaceConflict, PlaceRefused
from dashboard.actions.play_areas import SheetPlace, save_places
from dashboard.domain.folding import folded
from dashboard.domain.numbers import format_moment
from dashboard.domain.permissions import Capability, may
from dashboard.domain.play_areas import check_play_area
from dashboard.domain.positions import Commune, check_near
from dashboard.i18n import _, current_language, in_language
from dashboard.ui import data
from dashboard.ui.as_written import as_written
from dashboard.ui.attempts import Done, attempt
from dashboard.ui.downloads import EXCEL
from dashboard.ui.emphasis import emphasis
from dashboard.ui.file_words import cell_problem, sheet_refusal
from dashboard.ui.opened import Refused
from dashboard.ui.place_fields import place_input
from dashboard.ui.place_form import differing_fields
from dashboard.ui.place_words import place_heading, place_value
from dashboard.ui.play_list import sheet_rows
from dashboard.ui.reading import read_once
from dashboard.ui.refusals import refusal_sentence
from dashboard.ui.register_words import place_problem, place_problems
from dashboard.ui.saving import note_sentence
from dashboard.ui.tables import show_table
from dashboard.ui.uploads import SHEET, upload_field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from dashboard.documents.cells import Sheet
    from dashboard.documents.play_sheet import PlaySheet, SheetRow
    from dashboard.domain.permissions import Actor
    from dashboard.domain.play_areas import PlayAreaInput
    from dashboard.ui.uploads import Upload
    from dashboard.views.play_areas import PlayRegister

T = TypeVar("T", str, int)


@dataclass(frozen=True)
class Looked:
    """One row of the sheet as it would be written; `problems` are sentences, `deed` what would happen."""

    line: int
    name: str
    deed: str
    problems: tuple[str, ...]
    place: SheetPlace | None


@dataclass(frozen=True)
class Held:
    """What the rows are held against: the register's places by code, and who has which name.

    `codes` are the places of the register, `lines` the rows of the sheet, by commune and folded name. `mark`
    tells this file from all others.
    """

    register: PlayRegister
    actor: Actor
    known: Mapping[str, dict[str, Any]]
    codes: Mapping[tuple[int, str], Sequence[str]]
    lines: Mapping[tuple[int, str], Sequence[int]]
    mark: str


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
    from dashboard.documents.play_sheet import required_headings  # noqa: PLC0415 - as above

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
        from dashboard.documents.play_sheet import write_play_sheet  # noqa: PLC0415 - only when somebody asks

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
    looked = _look_through(register, actor, sheet, mark)
    show_table(
        (_("Dòng"), _("Tên"), _("Việc"), _("Cần sửa")),
        [(str(row.line), row.name, row.deed, "\n".join(row.problems)) for row in looked],
        caption=_("{n} dòng").format(n=len(looked)),
        numbers=(0,),
    )
    if read.hidden:
        st.caption(
            _("Tệp có {n} dòng đang bị ẩn hoặc bị lọc trong Excel; các dòng đó cũng được đọc.").format(
                n=read.hidden
            )
        )
    if sheet.unknown_columns:
        st.caption(_("Cột không dùng: {names}").format(names=as_written(", ".join(sheet.unknown_columns))))
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


def _ended(register: PlayRegister) -> dict[tuple[str, int, str], int]:
    """Thôn and khu phố that are no more and have a place in them still, by its code, commune and their name."""
    gone = register.places.drop_nulls("quarter").join(register.quarters, on="quarter", how="anti")
    rows = gone.select("code", "area", "quarter_name", "quarter").iter_rows()
    return {(code, area, name): quarter for code, area, name, quarter in rows}


def _look_through(register: PlayRegister, actor: Actor, sheet: PlaySheet, mark: str) -> list[Looked]:
    held = Held(
        register,
        actor,
        {row["code"]: row for row in register.places.to_dicts()},
        _codes(register),
        _gathered((_name_key(row.said.area_id, row.said.name), row.line) for row in sheet.rows if row.said),
        mark,
    )
    kept = {"commune": "area_id", "quarter": "quarter_id"}
    spoken_of = [kept.get(column, column) for column in sheet.columns - {"code", "version"}]
    return [_look_at(held, _completed(row, held.known.get(row.code), spoken_of)) for row in sheet.rows]


def _codes(register: PlayRegister) -> dict[tuple[int, str], list[str]]:
    rows = register.places.select("area", "name", "code").iter_rows()
    return _gathered((_name_key(area, name), code) for area, name, code in rows)


def _gathered(pairs: Iterable[tuple[tuple[int, str], T]]) -> dict[tuple[int, str], list[T]]:
    found: dict[tuple[int, str], list[T]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def _name_key(area: int, name: str) -> tuple[int, str]:
    """What two places have in common that are one and the same to a reader."""
    return area, folded(name)


def _completed(row: SheetRow, stored: dict[str, Any] | None, spoken_of: Sequence[str]) -> SheetRow:
    """A known place keeps everything that the sheet has no column for."""
    if row.said is None or stored is None:
        return row
    changes = {name: getattr(row.said, name) for name in spoken_of}
    return replace(row, said=replace(place_input(stored), **changes))


def _look_at(held: Held, row: SheetRow) -> Looked:
    stored = held.known.get(row.code)
    problems = _unreadable(row, stored)
    if row.said is None or problems:
        name = row.said.name if row.said else stored["name"] if stored else row.code
        return Looked(row.line, name, "–", tuple(problems), None)
    problems += _forbidden(held, row.said)
    if stored and place_input(stored) == row.said:
        return Looked(row.line, row.said.name, _("không đổi"), tuple(problems), None)
    problems += _outdated(stored, row.version) if stored else _namesakes(held, row.line, row.said)
    place = SheetPlace(
        row.said,
        # Two people may hand in one and the same file: each of them has attempts of their own.
        f"{held.mark}:{held.actor.id}:{row.line}",
        stored["place"] if stored else None,
        row.version or 0,
    )
    deed = _changes(stored, row.said) if stored else _written_anew(row.said)
    return Looked(row.line, row.said.name, deed, tuple(problems), None if problems else place)


def _unreadable(row: SheetRow, stored: Mapping[str, Any] | None) -> list[str]:
    from dashboard.documents.play_sheet import column_headings  # noqa: PLC0415 - as above

    headings = column_headings()
    problems = [cell_problem(each, headings[each.column]) for each in row.problems]
    if row.code and stored is None:
        problems.append(_("không có điểm nào mang mã {code}").format(code=row.code))
    if problems and stored and row.version is not None:
        # Who mends the cells alone would be told only then that the row is too old.
        problems += _outdated(stored, row.version)
    return problems


def _forbidden(held: Held, said: PlayAreaInput) -> list[str]:
    register = held.register
    found = (
        *check_play_area(said, today=register.day),
        *check_near(said.latitude, said.longitude, _commune(register, said.area_id)),
    )
    problems = [place_problem(each) for each in found]
    if not may(held.actor, Capability.edit_play_areas, area_id=said.area_id, lead_agency_id=register.lead):
        problems.append(_("tài khoản này không được sửa sổ của xã, phường này"))
    return problems


def _commune(register: PlayRegister, area: int) -> Commune:
    row = register.communes.row(by_predicate=pl.col("area") == area, named=True)
    return Commune(row["name"], row["latitude"], row["longitude"], row["area_km2"])


def _outdated(stored: Mapping[str, Any], version: int | None) -> list[str]:
    """Why a change must not be written over what stands; empty where it was made from that very version."""
    if version == stored["version"]:
        return []
    if version is None or version > stored["version"]:
        return [
            _(
                "không rõ dòng này được sửa từ phiên bản nào của {code}. "
                "Đề nghị tải danh sách mới rồi sửa lại, giữ nguyên cột “Phiên bản”."
            ).format(code=stored["code"])
        ]
    when = format_moment(stored["changed_at"], current_language())
    return [
        _(
            "{code} đã được sửa sau khi danh sách này được tải xuống (lần ghi gần nhất: {who}, {when}). "
            "Đề nghị tải danh sách mới rồi sửa lại."
        ).format(code=stored["code"], who=stored["changed_by"], when=when)
    ]


def _namesakes(held: Held, line: int, said: PlayAreaInput) -> list[str]:
    """Why a row without a code may be a place that is known, or one that the sheet has twice.

    Two known places may share a name: their codes tell them apart.
    """
    key = _name_key(said.area_id, said.name)
    if codes := held.codes.get(key):
        return [
            _(
                "đã có {codes} cùng tên trong xã, phường này. Nếu là điểm đó, đề nghị tải danh sách mới rồi sửa "
                "dòng mang mã ấy; nếu là điểm khác, đề nghị ghi tên khác."
            ).format(codes=", ".join(codes))
        ]
    others = [str(other) for other in held.lines.get(key, ()) if other != line]
    if not others:
        return []
    return [
        _("trùng tên với dòng {lines} trong cùng xã, phường. Đề nghị bỏ dòng thừa hoặc ghi tên khác.").format(
            lines=", ".join(others)
        )
    ]


def _written_anew(said: PlayAreaInput) -> str:
    """Everything that would be written of a new place: what a sheet program made of it is seen before, not after."""
    values = ((each.name, getattr(said, each.name)) for each in fields(said) if each.name != "name")
    told = [
        f"{place_heading(name)}: {place_value(name, value)}"
        for name, value in values
        if value not in (None, "")
    ]
    return "\n".join((_("thêm mới"), *told))


def _changes(stored: dict[str, Any], said: PlayAreaInput) -> str:
    """Which place is changed, and in what."""
    before = place_input(stored)
    parts = [
        f"{place_heading(name)}: {place_value(name, getattr(before, name))} → {place_value(name, getattr(said, name))}"
        for name in differing_fields(before, said)
    ]
    return "\n".join((_("sửa {code}").format(code=stored["code"]), *parts))


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
