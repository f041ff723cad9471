"""One line of the entry sheet: fields, echo, state, conflict. Each line reruns alone when a field is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.actions.errors import ActionRefused, FigureConflict, FigureRefused
from dashboard.actions.figures import Value, record_figure
from dashboard.clock import local
from dashboard.domain.answers import Answer
from dashboard.domain.attainment import Target, status_of
from dashboard.domain.catalogue import IndicatorKind, TargetKind
from dashboard.domain.numbers import (
    GROUP,
    NumberRefused,
    format_moment,
    format_money,
    format_number,
    parse_figure,
)
from dashboard.i18n import _, current_language
from dashboard.ui.as_written import as_written
from dashboard.ui.attempts import Done, attempt
from dashboard.ui.entry_state import OpenedCell, opened_cell
from dashboard.ui.labels import typed_label
from dashboard.ui.line_links import line_key
from dashboard.ui.opened import Conflict, Kept, Refused, Unfinished
from dashboard.ui.refusals import figure_refusal
from dashboard.ui.saving import Field, Form, begin, choice_field, show_saving, text_field
from dashboard.ui.session import live_fragment
from dashboard.ui.words import answer_word, certainty_note, number_refusal, status_word, yes_no

if TYPE_CHECKING:
    from collections.abc import Mapping

YES, NO = "yes", "no"
YES_NO_ANSWERS = (YES, NO, Answer.not_applicable)


@live_fragment
def show_line(line: Mapping[str, Any], *, is_locked: bool) -> None:
    """One line with its fields. `line` is a row of EntrySheet.lines."""
    opened = opened_cell(line)
    with st.container(border=True, gap="xsmall", key=line_key(line)):
        _show_heading(line)
        if line["kind"] == IndicatorKind.share_of_communes:
            _show_yes_no(line, opened, is_locked=is_locked)
        else:
            _show_fields(line, opened, is_locked=is_locked)
        _show_note(line, opened)


def _show_heading(line: Mapping[str, Any]) -> None:
    split = "" if line["slug"] == "all" else f" · {line['split_name']}"
    st.markdown(f"**{line['code']}** · {as_written(line['name'] + split)}")
    facts = [line["area_name"], _("đơn vị: {unit}").format(unit=line["unit"]), line["lead_name"], _last(line)]
    st.caption(as_written(" · ".join(filter(None, (*facts, certainty_note(line["certainty"]))))))


def _last(line: Mapping[str, Any]) -> str:
    if line["last_answer"] is None:
        return _("cùng kỳ năm trước: không có")
    return _("cùng kỳ năm trước: {value}").format(
        value=said(line, Value(line["last_answer"], line["last_numerator"], line["last_denominator"]))
    )


def said(line: Mapping[str, Any], value: Value) -> str:
    """A value in words, with the unit that the line counts in."""
    if value.answer != Answer.figure:
        return answer_word(value.answer)
    return typed_label(line["kind"], value.numerator, value.denominator, line["unit_scale"])


def _show_yes_no(line: Mapping[str, Any], opened: OpenedCell, *, is_locked: bool) -> None:
    begin(opened.key("answer"), _yes_no_answer(opened.shown))
    st.segmented_control(
        # The catalogue counts communes; this commune is asked about itself.
        _("{area}: đã có chưa?").format(area=as_written(line["area_name"])),
        YES_NO_ANSWERS,
        required=True,
        format_func=_yes_no_word,
        key=opened.key("answer"),
        on_change=leave_field,
        args=(line,),
        disabled=is_locked,
    )


def _yes_no_word(answer: str) -> str:
    return yes_no(int(answer == YES)) if answer in (YES, NO) else answer_word(answer)


def _yes_no_answer(value: Value | None) -> str | None:
    if value is None:
        return None
    if value.answer == Answer.figure:
        return YES if value.numerator else NO
    return value.answer if value.answer in YES_NO_ANSWERS else None


def _show_fields(line: Mapping[str, Any], opened: OpenedCell, *, is_locked: bool) -> None:
    answer_column, upper_column, lower_column = st.columns([2, 3, 3], vertical_alignment="bottom")
    begin(opened.key("answer"), _answer(opened.shown))
    with answer_column:
        answer = st.selectbox(
            _("Trả lời"),
            list(Answer),
            format_func=answer_word,
            key=opened.key("answer"),
            on_change=leave_field,
            args=(line,),
            disabled=is_locked,
        )
    is_off = is_locked or answer != Answer.figure
    with upper_column:
        _show_number(line, opened, "numerator", is_off=is_off)
    if line["kind"] == IndicatorKind.ratio:
        with lower_column:
            _show_number(line, opened, "denominator", is_off=is_off)


def _answer(value: Value | None) -> Answer:
    return Answer(value.answer) if value else Answer.figure


def _show_number(line: Mapping[str, Any], opened: OpenedCell, name: str, *, is_off: bool) -> None:
    begin(opened.key(name), _number_text(line, opened.shown, name))
    st.text_input(
        as_written(line[f"{name}_label"]),
        key=opened.key(name),
        on_change=leave_field,
        args=(line,),
        disabled=is_off,
        autocomplete="off",
        max_chars=40,
        persist_state="session",
    )


def _number_text(line: Mapping[str, Any], value: Value | None, name: str) -> str:
    return _typeable(getattr(value, name) if value else None, line["unit_scale"])


def _typeable(number: int | None, scale: int) -> str:
    """The stored number as an officer would type it, in Vietnamese writing whatever the language."""
    if number is None:
        return ""
    if scale == 1:
        return format_number(number, language="vi")
    text = format_money(number, language="vi", scale=scale)
    # Three decimals would read as English thousands to our own parser.
    return f"{text}0" if len(text.partition(",")[2]) == GROUP else text


def _show_note(line: Mapping[str, Any], opened: OpenedCell) -> None:
    note = opened.note
    if isinstance(note, Conflict):
        _show_conflict(line, opened, note)
    elif isinstance(note, Refused) and note.asks_reason:
        begin(opened.key("reason"), "")
        st.text_input(
            _("Lý do (rời khỏi ô để lưu)"),
            key=opened.key("reason"),
            on_change=leave_field,
            args=(line,),
            max_chars=500,
        )
    form = Form(
        opened.form,
        fields=_fields(line, opened),
        base=opened.version,
        again=lambda: leave_field(line),
    )
    if isinstance(note, Refused):
        note = Refused((*note.sentences, _kept_sentence(line, opened)))
    if opened.value is None:
        show_saving(form, note, text=_("○ chưa nhập"))
    else:
        show_saving(
            form, note, lead="" if isinstance(note, Kept) else _("✓ đã lưu"), text=_echo(line, opened)
        )


def _fields(line: Mapping[str, Any], opened: OpenedCell) -> list[Field]:
    value = opened.value
    if line["kind"] == IndicatorKind.share_of_communes:
        choices = {_yes_no_word(answer): answer for answer in YES_NO_ANSWERS}
        answer = _yes_no_answer(value)
        return [choice_field("answer", opened.key("answer"), line["numerator_label"], choices, answer)]
    words = {answer_word(answer): answer for answer in Answer}
    fields = [choice_field("answer", opened.key("answer"), _("Trả lời"), words, _answer(value))]
    names = ["numerator", "denominator"] if line["kind"] == IndicatorKind.ratio else ["numerator"]
    fields += [
        text_field(name, opened.key(name), line[f"{name}_label"], _number_text(line, value, name))
        for name in names
    ]
    if isinstance(opened.note, Refused) and opened.note.asks_reason:
        fields.append(text_field("reason", opened.key("reason"), _("Lý do"), ""))
    return fields


def _echo(line: Mapping[str, Any], opened: OpenedCell) -> str:
    """What the program understood and stored; who stored it and when, where it was not just now and here."""
    value = opened.value
    shown = said(line, value) if value else ""
    unit = (
        f" {line['unit']}"
        if value and value.answer == Answer.figure and line["kind"] != "share_of_communes"
        else ""
    )
    by = "" if isinstance(opened.note, Kept) else _moment(line)
    return " · ".join(filter(None, (f"{shown}{unit}", _judged(line, value), by)))


def _judged(line: Mapping[str, Any], value: Value | None) -> str:
    """Where the figure stands against the target, so that a slip is seen by who made it; empty without a target."""
    if value is None or value.answer != Answer.figure or line["target_kind"] == TargetKind.none:
        return ""
    target = Target(TargetKind(line["target_kind"]), line["target_bp"], line["near_bp"])
    last = (line["last_numerator"], line["last_denominator"])
    status = status_of(
        Answer.figure,
        value.numerator,
        value.denominator,
        target,
        IndicatorKind(line["kind"]),
        baseline=None if None in last else last,
    )
    return status_word(status)


def _moment(line: Mapping[str, Any]) -> str:
    if line["entered_at"] is None:
        return ""
    return f"{line['entered_by']}, {format_moment(line['entered_at'], current_language())}"


def _kept_sentence(line: Mapping[str, Any], opened: OpenedCell) -> str:
    if opened.value is None:
        return _("Chưa lưu số nào cho ô này; chữ vừa nhập vẫn còn trong ô.")
    return _("Chưa lưu; số đã lưu trước đó vẫn giữ nguyên: {value}.").format(value=said(line, opened.value))


def _show_conflict(line: Mapping[str, Any], opened: OpenedCell, conflict: Conflict[Value]) -> None:
    """Both values side by side; nothing happens until the person chooses."""
    theirs = conflict.theirs
    st.warning(
        _(
            "{who} đã lưu ô này lúc {when}, sau khi trang của đồng chí được mở. Đề nghị chọn một trong hai số."
        ).format(who=as_written(theirs.by), when=format_moment(local(theirs.at), current_language())),
        icon=":material/call_split:",
    )
    with st.container(horizontal=True):
        # A button on a telephone ends in dots: the number comes first, and whose it is stands above.
        st.button(
            _("Giữ {value} của {who}").format(who=as_written(theirs.by), value=said(line, theirs.value)),
            key=opened.key("btn-theirs"),
            on_click=_take_theirs,
            args=(line,),
        )
        st.button(
            _("Ghi {value} của tôi").format(value=said(line, conflict.mine)),
            key=opened.key("btn-mine"),
            on_click=_put_mine,
            args=(line,),
        )


def _take_theirs(line: Mapping[str, Any]) -> None:
    opened_cell(line).take_theirs()


def _put_mine(line: Mapping[str, Any]) -> None:
    cell = opened_cell(line)
    mine = cell.insist()
    if mine is not None:
        _save(line, cell, mine)


def leave_field(line: Mapping[str, Any]) -> None:
    """Read the fields of a line and save them where they make sense together; say why where they do not."""
    opened = opened_cell(line)
    try:
        value = _read(line, opened)
    except NumberRefused as refused:
        opened.note = Refused((number_refusal(refused),))
        return
    if value is None:
        # Where an answer without numbers stands, the list says already what is not stored.
        opened.note = _emptied(opened) or (_waiting(line["numerator_label"]) if opened.value else None)
        return
    missing = _missing(line, value)
    if missing:
        opened.note = _emptied(opened) or _waiting(missing)
        return
    _save(line, opened, value)


def _missing(line: Mapping[str, Any], value: Value) -> str:
    """The heading of the number that a ratio still waits for; half a figure is not stored."""
    if line["kind"] != IndicatorKind.ratio or value.answer != Answer.figure:
        return ""
    names = [name for name in ("numerator", "denominator") if getattr(value, name) is None]
    return str(line[f"{names[0]}_label"]) if names else ""


def _waiting(heading: str) -> Unfinished:
    return Unfinished((_("Chưa lưu, còn thiếu: {what}").format(what=heading),))


def _emptied(opened: OpenedCell) -> Refused | None:
    """An emptied field erases nothing: saying that there is no figure is a choice of its own."""
    if opened.value is None or opened.value.answer != Answer.figure:
        return None
    return Refused((_("Ô để trống. Nếu chưa có số liệu, đề nghị chọn “Chưa có số liệu” ở mục Trả lời."),))


def _read(line: Mapping[str, Any], opened: OpenedCell) -> Value | None:
    answer = opened.typed("answer")
    if answer in (YES, NO):
        return Value(Answer.figure, int(answer == YES), 1)
    if answer is None:
        return None
    if answer != Answer.figure:
        return Value(answer)
    names = ("numerator", "denominator") if line["kind"] == IndicatorKind.ratio else ("numerator",)
    numbers = {name: _parsed(opened.typed(name), line["unit_scale"]) for name in names}
    if all(number is None for number in numbers.values()):
        return None
    return Value(Answer.figure, **numbers)


def _parsed(text: str, scale: int) -> int | None:
    return parse_figure(text, scale=scale) if text.strip() else None


def _save(line: Mapping[str, Any], opened: OpenedCell, value: Value) -> None:
    """The whole write happens inside one action, with no Streamlit call between its beginning and its end."""
    outcome = attempt(
        lambda actor: record_figure(
            actor=actor,
            cell=opened.cell,
            value=value,
            base_version=opened.version,
            token=opened.token(value),
            reason=opened.typed("reason"),
        ),
        forbidden=_("Tài khoản này không được nhập số liệu cho ô này."),
        conflict=lambda refused: _own_note(line, refused, value),
    )
    if isinstance(outcome, Done):
        opened.accept(outcome.result)
    else:
        opened.note = outcome


def _own_note(
    line: Mapping[str, Any], refused: ActionRefused, mine: Value
) -> Conflict[Value] | Refused | None:
    if isinstance(refused, FigureRefused):
        return figure_refusal(refused, line["numerator_label"], line["denominator_label"] or "")
    if not isinstance(refused, FigureConflict):
        return None
    if refused.theirs is None:
        return Refused((_("Ô này vừa thay đổi ở nơi khác. Đề nghị tải lại trang rồi nhập lại."),))
    return Conflict(refused.theirs, mine)
