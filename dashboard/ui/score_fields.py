"""The fields of one score, saved when a field is left; nothing typed is lost when it cannot be saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.actions.errors import ActionRefused, ScoreConflict
from dashboard.actions.recognition import ScoreValue, record_score
from dashboard.clock import local
from dashboard.domain.numbers import NumberRefused, format_moment, parse_figure
from dashboard.i18n import _, current_language
from dashboard.ui.as_written import as_written
from dashboard.ui.attempts import Done, attempt
from dashboard.ui.opened import Conflict, Kept, Refused
from dashboard.ui.register_words import side_word
from dashboard.ui.saving import Field, Form, begin, show_saving, text_field
from dashboard.ui.scoring_state import OpenedScore, score_row
from dashboard.ui.words import number_refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.ui.scoring_sheet import Sheet

FIELDS = ("points", "evidence", "note")


def show_fields(sheet: Sheet, row: Mapping[str, Any], cell: OpenedScore) -> None:
    shown = cell.shown or ScoreValue()
    points_column, evidence_column, note_column = st.columns([1, 3, 3])
    is_off = not sheet.is_open
    for name in FIELDS:
        begin(cell.key(name), _typeable(shown, name))
    with points_column:
        st.text_input(
            side_word(sheet.side),
            key=cell.key("points"),
            on_change=_leave,
            args=(sheet, row),
            disabled=is_off or row["maximum"] is None,
            max_chars=10,
            autocomplete="off",
            persist_state="session",
        )
    headings = _headings(sheet)
    for name, column in (("evidence", evidence_column), ("note", note_column)):
        with column:
            st.text_area(
                headings[name],
                key=cell.key(name),
                on_change=_leave,
                args=(sheet, row),
                disabled=is_off,
                max_chars=2000,
                height=72,
                persist_state="session",
            )


def _headings(sheet: Sheet) -> dict[str, str]:
    return {
        "points": side_word(sheet.side),
        "evidence": _("Minh chứng (tài liệu, số văn bản)"),
        "note": _("Ghi chú"),
    }


def _typeable(value: ScoreValue, name: str) -> str:
    found = getattr(value, name)
    return "" if found is None else str(found)


def show_note(sheet: Sheet, row: Mapping[str, Any], cell: OpenedScore) -> None:
    note = cell.note
    if isinstance(note, Conflict):
        _show_conflict(sheet, row, cell, note)
    if isinstance(note, Refused):
        note = Refused((*note.sentences, _kept(cell)))
    form = Form(cell.form, fields=_fields(sheet, cell), base=cell.version, again=lambda: _leave(sheet, row))
    if cell.value is None:
        show_saving(form, note, text=_("○ chưa chấm"))
        return
    by = [] if isinstance(note, Kept) else _by(sheet, row)
    lead = "" if isinstance(note, Kept) else _("✓ đã lưu")
    show_saving(form, note, lead=lead, text=" · ".join((score_text(cell.value), *by)))


def _fields(sheet: Sheet, cell: OpenedScore) -> list[Field]:
    stored = cell.value or ScoreValue()
    headings = _headings(sheet)
    return [text_field(name, cell.key(name), headings[name], _typeable(stored, name)) for name in FIELDS]


def score_text(value: ScoreValue | None) -> str:
    if value is None or value.points is None:
        return _("chưa có điểm")
    return _("{n} điểm").format(n=value.points)


def _by(sheet: Sheet, row: Mapping[str, Any]) -> list[str]:
    stored = score_row(sheet.recognition.scores, sheet.commune.area, row["criterion"], sheet.side)
    if not stored:
        return []
    return [f"{stored['entered_by']}, {format_moment(stored['entered_at'], current_language())}"]


def _kept(cell: OpenedScore) -> str:
    if cell.value is None:
        return _("Chưa lưu gì cho tiêu chí này; chữ vừa nhập vẫn còn trong ô.")
    return _("Điểm đã lưu trước đó vẫn giữ nguyên: {value}.").format(value=score_text(cell.value))


def _show_conflict(
    sheet: Sheet, row: Mapping[str, Any], cell: OpenedScore, conflict: Conflict[ScoreValue]
) -> None:
    theirs = conflict.theirs
    st.warning(
        _(
            "{who} đã lưu tiêu chí này lúc {when}, sau khi trang của đồng chí được mở. Đề nghị chọn một trong hai."
        ).format(who=as_written(theirs.by), when=format_moment(local(theirs.at), current_language())),
        icon=":material/call_split:",
    )
    left, right = st.columns(2)
    with left:
        _show_version(_("Đã lưu bởi {who}").format(who=theirs.by), theirs.value)
        st.button(_("Giữ bản đã lưu"), key=cell.key("btn-theirs"), on_click=_take_theirs, args=(sheet, row))
    with right:
        _show_version(_("Bản của đồng chí"), conflict.mine)
        st.button(_("Ghi bản của tôi"), key=cell.key("btn-mine"), on_click=_put_mine, args=(sheet, row))


def _show_version(title: str, value: ScoreValue) -> None:
    st.markdown(f"**{as_written(title)}** · {score_text(value)}")
    st.text("\n".join(filter(None, (value.evidence, value.note))) or "–")


def _leave(sheet: Sheet, row: Mapping[str, Any]) -> None:
    """Read the three fields of a criterion and save them; say why where that cannot be."""
    cell = sheet.opened(row["criterion"])
    try:
        value = _read(cell)
    except NumberRefused as refused:
        cell.note = Refused((number_refusal(refused),))
        return
    if value == ScoreValue() and cell.value is None:
        cell.note = None
        return
    save_score(cell, value)


def _read(cell: OpenedScore) -> ScoreValue:
    typed = cell.typed("points").strip()
    points = parse_figure(typed) if typed else None
    return ScoreValue(points, cell.typed("evidence").strip(), cell.typed("note").strip())


def save_score(cell: OpenedScore, value: ScoreValue) -> None:
    outcome = attempt(
        lambda actor: record_score(
            actor=actor,
            cell=cell.cell,
            value=value,
            base_version=cell.version,
            token=cell.token(value),
        ),
        forbidden=_("Tài khoản này không được chấm điểm cho xã, phường này."),
        conflict=lambda refused: _conflict(refused, value),
    )
    if isinstance(outcome, Done):
        cell.accept(outcome.result)
    else:
        cell.note = outcome


def _conflict(refused: ActionRefused, mine: ScoreValue) -> Conflict[ScoreValue] | None:
    return Conflict(refused.theirs, mine) if isinstance(refused, ScoreConflict) else None


def show_saved(cell: OpenedScore) -> None:
    """The fields must show what was taken over."""
    if isinstance(cell.note, Kept):
        cell.shown = cell.value
        cell.generation += 1


def _take_theirs(sheet: Sheet, row: Mapping[str, Any]) -> None:
    sheet.opened(row["criterion"]).take_theirs()


def _put_mine(sheet: Sheet, row: Mapping[str, Any]) -> None:
    cell = sheet.opened(row["criterion"])
    mine = cell.insist()
    if mine is not None:
        save_score(cell, mine)
        show_saved(cell)
