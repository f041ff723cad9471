"""The list of thôn and khu phố of one commune: names, children, and where each has its middle."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import uuid4

import polars as pl
import streamlit as st

from dashboard.actions.errors import ActionRefused, PlaceConflict
from dashboard.actions.quarters import QuarterInput, end_quarter, save_quarter
from dashboard.clock import local
from dashboard.domain.numbers import NumberRefused, format_moment, format_number, parse_figure
from dashboard.i18n import _, current_language
from dashboard.ui import data
from dashboard.ui.attempts import Done, Outcome, attempt
from dashboard.ui.emphasis import emphasis
from dashboard.ui.opened import Conflict, Opened, Refused, opened_form
from dashboard.ui.place_fields import LONGEST_POSITION, POSITION, is_pasted_pair, position
from dashboard.ui.saving import Field, Form, begin, choice_field, show_saving, text_field
from dashboard.ui.status import show_heading
from dashboard.ui.tables import show_table
from dashboard.ui.two_versions import show_newer, show_two_versions
from dashboard.ui.words import naming_field, number_refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dashboard.domain.permissions import Actor
    from dashboard.views.play_areas import PlayRegister

OpenedQuarter: TypeAlias = Opened[int, QuarterInput]
NEW = 0
KINDS = ("khu_pho", "thon")


@dataclass(frozen=True)
class StoredQuarter:
    version: int
    value: QuarterInput
    by: str
    at: datetime


def quarter_kind_word(kind: str) -> str:
    return {"thon": _("Thôn"), "khu_pho": _("Khu phố")}[kind]


def show_quarters(register: PlayRegister, area: int) -> None:
    rows = register.quarters.filter(pl.col("area") == area)
    _show_list(rows)
    show_heading(_("Sửa hoặc thêm"))
    names = dict(rows.select("quarter", "name").iter_rows())
    chosen = st.selectbox(
        _("Thôn, khu phố"),
        [NEW, *names],
        format_func=lambda quarter: names.get(quarter, _("+ Thêm thôn, khu phố")),
        key=f"quarter:choice:{area}",
    )
    found = rows.filter(pl.col("quarter") == chosen)
    _show_form(area, found.row(0, named=True) if found.height else None)


def _show_list(rows: pl.DataFrame) -> None:
    if rows.is_empty():
        st.caption(
            _("Chưa có thôn, khu phố nào. Thêm từng nơi ở bên dưới; số trẻ em lấy theo sổ của xã, phường.")
        )
        return
    children = int(rows["children"].sum() or 0)
    show_table(
        (_("Thôn, khu phố"), _("Trẻ em"), _("Vị trí"), _("Điểm được tính")),
        [
            (row["name"], _number(row["children"]), _position(row), str(row["counting"]))
            for row in rows.to_dicts()
        ],
        caption=_("{n} thôn, khu phố, {children} trẻ em").format(n=rows.height, children=_number(children)),
        numbers=(1, 3),
    )


def _number(value: int | None) -> str:
    return "…" if value is None else format_number(value, language=current_language())


def _position(row: Mapping[str, Any]) -> str:
    if row["latitude"] is None:
        return "–"
    return f"{row['latitude']:.4f}; {row['longitude']:.4f}"


def _opened(row: Mapping[str, Any] | None, area: int) -> OpenedQuarter:
    if row is None:
        number = st.session_state.setdefault(f"quarter:new:{area}", uuid4().hex)
        name, empty = f"quarter:new:{area}", QuarterInput(area, "", "khu_pho")
        return opened_form(NEW, f"{name}:{number}", 0, empty, form=name)
    return opened_form(row["quarter"], f"quarter:{row['quarter']}", row["version"], _input(row))


def _input(row: Mapping[str, Any]) -> QuarterInput:
    return QuarterInput(
        row["area"], row["name"], row["kind"], row["children"], row["latitude"], row["longitude"]
    )


def _show_form(area: int, row: Mapping[str, Any] | None) -> None:
    quarter = _opened(row, area)
    said = quarter.shown or QuarterInput(area, "", "khu_pho")
    if isinstance(quarter.note, Conflict):
        _show_conflict(quarter, quarter.note)
    elif row:
        show_newer(quarter, row["version"])
    with st.form(f"form:{quarter.name}", border=True):
        fields = _show_fields(quarter, said)
        st.form_submit_button(
            _("Lưu thôn, khu phố"),
            type=emphasis(),
            icon=":material/save:",
            key=quarter.send_key,
            on_click=_save,
            args=(quarter, area),
        )
    again = partial(_save, quarter, area)
    form = Form(quarter.form, fields=fields, base=quarter.version, send=quarter.send_key, again=again)
    show_saving(form, quarter.note)
    if row is not None:
        _show_ending(quarter)


def _show_fields(quarter: OpenedQuarter, said: QuarterInput) -> list[Field]:
    first, *columns = st.columns([2, 3, 2, 2, 2])
    stored = quarter.value or said
    kinds = {quarter_kind_word(kind): kind for kind in KINDS}
    with first:
        begin(quarter.key("kind"), said.kind)
        st.selectbox(
            _("Loại"),
            KINDS,
            format_func=quarter_kind_word,
            key=quarter.key("kind"),
            persist_state="session",
        )
    fields = [choice_field("kind", quarter.key("kind"), _("Loại"), kinds, stored.kind)]
    headings = {
        "name": _("Tên"),
        "children": _("Số trẻ em"),
        "latitude": _("Vĩ độ"),
        "longitude": _("Kinh độ"),
    }
    for column, (name, heading) in zip(columns, headings.items(), strict=True):
        key = quarter.key(name)
        begin(key, _text(said, name))
        with column:
            longest = LONGEST_POSITION if name in POSITION else 120
            st.text_input(heading, key=key, max_chars=longest, autocomplete="off", persist_state="session")
        fields.append(text_field(name, key, heading, _text(stored, name)))
    return fields


def _text(said: QuarterInput, name: str) -> str:
    """What stands in a text field: the number of children in Vietnamese writing, degrees plain."""
    value = getattr(said, name)
    if value is None:
        return ""
    return format_number(value, language="vi") if name == "children" else str(value)


def _show_ending(quarter: OpenedQuarter) -> None:
    with st.popover(_("Không còn thôn, khu phố này"), icon=":material/event_busy:"):
        st.markdown(_("Sau khi sáp nhập: không tính nữa, nhưng dữ liệu cũ vẫn được giữ."))
        key = f"btn:end:{quarter.name}"
        st.button(_("Xác nhận"), key=key, on_click=_end, args=(quarter,))
        form = Form(f"end:{quarter.name}", base=quarter.version, send=key, again=partial(_end, quarter))
        show_saving(form, Outcome(form.name).note)


def _show_conflict(quarter: OpenedQuarter, conflict: Conflict[QuarterInput]) -> None:
    theirs, mine = _told(conflict.theirs.value), _told(conflict.mine)
    sentence = _(
        "{who} đã sửa lúc {when}, sau khi trang của đồng chí được mở. Đề nghị chọn một trong hai bản."
    ).format(who=conflict.theirs.by, when=format_moment(local(conflict.theirs.at), current_language()))
    rows = [(heading, theirs[heading], mine[heading]) for heading in mine if theirs[heading] != mine[heading]]
    show_two_versions(quarter, conflict, sentence, rows, _put_mine)


def _told(said: QuarterInput) -> dict[str, str]:
    """Every field by its heading."""
    return {
        _("Loại"): quarter_kind_word(said.kind),
        _("Tên"): said.name,
        _("Số trẻ em"): _number(said.children),
        _("Vĩ độ"): "–" if said.latitude is None else str(said.latitude),
        _("Kinh độ"): "–" if said.longitude is None else str(said.longitude),
    }


def _save(quarter: OpenedQuarter, area: int) -> None:
    typed = {name: str(quarter.typed(name, "")) for name in ("name", "children", "latitude", "longitude")}
    try:
        with naming_field(_("Số trẻ em")):
            children = parse_figure(typed["children"]) if typed["children"].strip() else None
        said = QuarterInput(
            area,
            typed["name"].strip(),
            quarter.typed("kind", "khu_pho"),
            children,
            *position(typed.__getitem__),
        )
    except NumberRefused as refused:
        quarter.note = Refused((number_refusal(refused), _("Chưa lưu; những gì đã nhập vẫn còn trên trang.")))
        return
    if is_pasted_pair(typed.__getitem__):
        for name in POSITION:
            st.session_state[quarter.key(name)] = _text(said, name)
    _store(quarter, said)


def _store(quarter: OpenedQuarter, said: QuarterInput) -> None:
    outcome = attempt(
        lambda actor: _saved(actor, quarter, said),
        forbidden=_("Tài khoản này không được sửa sổ điểm vui chơi của xã, phường này."),
        conflict=lambda refused: _conflict(quarter, refused, said),
    )
    if not isinstance(outcome, Done):
        quarter.note = outcome
        return
    if outcome.result is not None:
        quarter.accept(outcome.result)
    if quarter.cell == NEW:
        st.session_state.pop(f"quarter:new:{said.area_id}", None)


def _saved(actor: Actor, quarter: OpenedQuarter, said: QuarterInput) -> StoredQuarter | None:
    stored = save_quarter(
        actor=actor, description=said, quarter_id=quarter.cell or None, base_version=quarter.version
    )
    row = data.quarter_row(stored)
    return StoredQuarter(row["version"], said, row["changed_by"], row["changed_at"]) if row else None


def _conflict(
    quarter: OpenedQuarter, refused: ActionRefused, said: QuarterInput
) -> Conflict[QuarterInput] | Refused | None:
    if not isinstance(refused, PlaceConflict):
        return None
    row = data.quarter_row(quarter.cell)
    if row is None:
        return Refused((_("Chưa lưu: {who} vừa ghi là không còn thôn, khu phố này.").format(who=refused.by),))
    return Conflict(StoredQuarter(refused.version, _input(row), refused.by, refused.at), said)


def _put_mine(quarter: OpenedQuarter) -> None:
    mine = quarter.insist()
    if mine is not None:
        _store(quarter, mine)


def _end(quarter: OpenedQuarter) -> None:
    done = attempt(
        lambda actor: end_quarter(actor=actor, quarter_id=quarter.cell, base_version=quarter.version),
        forbidden=_("Tài khoản này không được sửa sổ điểm vui chơi của xã, phường này."),
    )
    Outcome(f"end:{quarter.name}").take(done)
