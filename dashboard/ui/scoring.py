"""The scoring form: criterion by criterion, each score saved when its field is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.actions.errors import ActionRefused, ScoreConflict
from dashboard.actions.recognition import ScoreCell, ScoreValue, record_score
from dashboard.clock import local
from dashboard.domain.catalogue import IndicatorKind
from dashboard.domain.numbers import NumberRefused, format_moment, parse_figure
from dashboard.domain.permissions import may
from dashboard.domain.recognition import SIDE_CAPABILITY, SIDE_OPEN, Side, judge_scores
from dashboard.i18n import _, current_language
from dashboard.ui import data
from dashboard.ui.as_written import as_written, lines_as_written
from dashboard.ui.attempts import Done, attempt
from dashboard.ui.labels import typed_label
from dashboard.ui.opened import Conflict, Kept, Refused
from dashboard.ui.register_words import side_word, state_word
from dashboard.ui.saving import Field, Form, begin, show_saving, text_field
from dashboard.ui.scoring_state import OpenedScore, opened_score, score_row
from dashboard.ui.status import show_heading, status_chip
from dashboard.ui.verdict import (
    condition_line,
    conditions,
    missing_sentences,
    threshold_note,
    total_label,
    verdict_status,
)
from dashboard.ui.words import certainty_note, number_refusal, period_name, yes_no
from dashboard.views.recognition import changed_since, points_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.domain.permissions import Actor
    from dashboard.views.proposals import Proposal
    from dashboard.views.recognition import CommuneWay, Recognition

FIELDS = ("points", "evidence", "note")


@dataclass(frozen=True)
class Sheet:
    """One side's scores of one commune in one round, as they stand on the screen."""

    seen: Recognition
    commune: CommuneWay
    side: Side
    is_open: bool

    def cell(self, criterion: int) -> ScoreCell:
        return ScoreCell(self.commune.area, self.seen.round["round"], criterion, self.side)

    def opened(self, criterion: int) -> OpenedScore:
        return opened_score(self.cell(criterion), self.seen.scores)

    @property
    def names(self) -> dict[int, str]:
        return dict(self.seen.book.criteria.select("number", "name").iter_rows())


def scoring_sheet(seen: Recognition, commune: CommuneWay, side: Side, actor: Actor) -> Sheet:
    is_open = commune.state in SIDE_OPEN[side] and may(actor, SIDE_CAPABILITY[side], area_id=commune.area)
    return Sheet(seen, commune, side, is_open)


def show_standing(sheet: Sheet) -> None:
    """The running total against the threshold, and what still fails."""
    of_area = sheet.seen.scores.filter(pl.col("area") == sheet.commune.area)
    points = points_of(of_area, sheet.side)
    verdict = judge_scores(sheet.seen.book.rules, points, sheet.commune.verdict.threshold)
    with st.container(border=True):
        figure, rest = st.columns([1, 2])
        with figure:
            st.metric(side_word(sheet.side), total_label(verdict))
            st.html(status_chip(verdict_status(verdict)))
            st.caption(_("Bước hiện tại: {state}").format(state=state_word(sheet.commune.state)))
        with rest:
            for text, holds in conditions(verdict):
                st.markdown(condition_line(text, holds=holds))
            missing = missing_sentences(verdict, sheet.names)
            if missing:
                st.markdown(_("**Còn thiếu gì:** {parts}").format(parts=as_written("; ".join(missing))))
        st.caption(_("Ngưỡng theo loại: {name}").format(name=as_written(threshold_note(sheet.commune))))
    if sheet.is_open and sheet.side is Side.appraised:
        _show_changed_since(of_area)


def _show_changed_since(scores: pl.DataFrame) -> None:
    """A commune that took its scores back may have changed what the appraiser has already looked at."""
    numbers = ", ".join(map(str, changed_since(scores)))
    if numbers:
        st.warning(
            _(
                "Điểm tự chấm của tiêu chí {numbers} đã thay đổi sau khi được thẩm định. "
                "Đề nghị xem lại điểm thẩm định của tiêu chí đó trước khi hoàn tất."
            ).format(numbers=numbers),
            icon=":material/history:",
        )


def show_rule_notes(seen: Recognition) -> None:
    """Which set it is, and what of it is not known or made up."""
    st.caption(
        _("Bộ tiêu chí áp dụng: {name}. Kỳ đánh giá tháng {month}/{year}.").format(
            name=as_written(seen.round["rule_set_name"]), month=seen.round["month"], year=seen.round["year"]
        )
    )
    if not seen.book.has_all_maxima:
        st.warning(
            _(
                "Một số điểm tối đa cần nhập theo bản in của quyết định. Tiêu chí chưa có điểm tối đa thì chưa chấm được; "
                "đề nghị quản trị nhập tại trang “Quy định áp dụng”."
            ),
            icon=":material/rule:",
        )
    if seen.book.is_illustrative:
        st.badge(
            _("Điểm tối đa minh họa, không phải của quyết định"), icon=":material/science:", color="orange"
        )


def show_criteria(sheet: Sheet) -> None:
    seen = sheet.seen
    found = data.proposals(
        sheet.commune.area,
        seen.round["rule_set"],
        current_language(),
        year=seen.round["year"],
        sight=data.own_sight(),
    )
    for row in seen.book.criteria.to_dicts():
        fitting = tuple(each for each in found if each.number == row["number"])
        with st.container(border=True, gap="xsmall", key=f"criterion:{row['number']}"):
            _show_criterion(sheet, row, fitting)


def _show_criterion(sheet: Sheet, row: Mapping[str, Any], found: tuple[Proposal, ...]) -> None:
    st.markdown(f"**{row['number']}. {as_written(row['name'])}** · {_maximum(row)}")
    _show_items(sheet, row)
    cell = sheet.opened(row["criterion"])
    for proposal in found:
        _show_proposal(sheet, row, cell, proposal)
    _show_fields(sheet, row, cell)
    _show_note(sheet, row, cell)
    _show_other_side(sheet, row)


def _maximum(row: Mapping[str, Any]) -> str:
    if row["maximum"] is None:
        return _("điểm tối đa cần nhập theo bản in")
    text = _("tối đa {n} điểm").format(n=row["maximum"])
    if row["least"]:
        text = " · ".join((text, _("tối thiểu {n} điểm").format(n=row["least"])))
    return " · ".join((text, _("minh họa"))) if row["is_illustrative"] else text


def _show_items(sheet: Sheet, row: Mapping[str, Any]) -> None:
    items = sheet.seen.book.items.filter(pl.col("number") == row["number"]).to_dicts()
    lines = [row["basis"]] if row["basis"] else []
    lines += [_item_line(item) for item in items]
    if lines:
        st.caption(lines_as_written(*lines))


def _item_line(item: Mapping[str, Any]) -> str:
    points = "" if item["points"] is None else _("{n} điểm").format(n=item["points"])
    note = (
        _("minh họa")
        if item["is_illustrative"]
        else certainty_note(item["certainty"])
        if item["points"]
        else ""
    )
    return " · ".join(filter(None, (f"({item['position']}) {item['text']}", points, note)))


def _show_proposal(sheet: Sheet, row: Mapping[str, Any], cell: OpenedScore, proposal: Proposal) -> None:
    """The figure, where it comes from, and what it would give; it is taken over by a click alone."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f":material/query_stats: {as_written(_proposal_sentence(proposal))}")
        can_stand = proposal.is_whole and proposal.points is not None and sheet.is_open
        # Two versions wait for a choice: a third would be taken for one of them.
        if isinstance(cell.note, Conflict):
            return
        if can_stand and proposal.points != (cell.value.points if cell.value else None):
            st.button(
                _("Dùng {n} điểm này").format(n=proposal.points),
                key=f"btn:proposal:{cell.name}",
                on_click=_take_proposal,
                args=(sheet, row, proposal.points),
            )


def figure_label(proposal: Proposal) -> str:
    """The figure itself: "97/100 (97,0%)", or yes and not yet."""
    if proposal.kind == IndicatorKind.share_of_communes:
        return yes_no(proposal.numerator)
    return typed_label(proposal.kind, proposal.numerator, proposal.denominator, 1)


def proposal_source(proposal: Proposal) -> str:
    """Which figure it is, of which period, and where it does not mean quite what the criterion asks."""
    told = _("Số liệu {code} {name}, {period}").format(
        code=proposal.code,
        name=proposal.indicator_name,
        period=period_name(proposal.year, proposal.part),
    )
    return f"{told} ({proposal.note})" if proposal.note else told


def _proposal_sentence(proposal: Proposal) -> str:
    if not proposal.has_bands:
        offer = _("thang điểm cần nhập theo bản in")
    elif proposal.points is None:
        offer = _("thang điểm dưới mức này cần nhập theo bản in")
    elif proposal.is_whole:
        offer = _("đề xuất {n} điểm").format(n=proposal.points)
    else:
        offer = _("đề xuất {n} điểm cho nội dung “{item}”").format(n=proposal.points, item=proposal.item_text)
    mark = [_("thang điểm minh họa")] if proposal.is_illustrative else []
    return " · ".join((f"{proposal_source(proposal)}: {figure_label(proposal)}", offer, *mark))


def _show_fields(sheet: Sheet, row: Mapping[str, Any], cell: OpenedScore) -> None:
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


def _show_note(sheet: Sheet, row: Mapping[str, Any], cell: OpenedScore) -> None:
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
    show_saving(form, note, lead=lead, text=" · ".join((said(cell.value), *by)))


def _fields(sheet: Sheet, cell: OpenedScore) -> list[Field]:
    stored = cell.value or ScoreValue()
    headings = _headings(sheet)
    return [text_field(name, cell.key(name), headings[name], _typeable(stored, name)) for name in FIELDS]


def said(value: ScoreValue | None) -> str:
    if value is None or value.points is None:
        return _("chưa có điểm")
    return _("{n} điểm").format(n=value.points)


def _by(sheet: Sheet, row: Mapping[str, Any]) -> list[str]:
    stored = score_row(sheet.seen.scores, sheet.commune.area, row["criterion"], sheet.side)
    if not stored:
        return []
    return [f"{stored['entered_by']}, {format_moment(stored['entered_at'], current_language())}"]


def _kept(cell: OpenedScore) -> str:
    if cell.value is None:
        return _("Chưa lưu gì cho tiêu chí này; chữ vừa nhập vẫn còn trong ô.")
    return _("Điểm đã lưu trước đó vẫn giữ nguyên: {value}.").format(value=said(cell.value))


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
    st.markdown(f"**{as_written(title)}** · {said(value)}")
    st.text("\n".join(filter(None, (value.evidence, value.note))) or "–")


def _show_other_side(sheet: Sheet, row: Mapping[str, Any]) -> None:
    other = Side.appraised if sheet.side is Side.own else Side.own
    stored = score_row(sheet.seen.scores, sheet.commune.area, row["criterion"], other)
    if not stored or stored["points"] is None:
        return
    parts = (f"{side_word(other)}: {stored['points']}", str(stored["evidence"]), str(stored["note"]))
    # As it was written: people's words are no Markdown.
    st.text("\n".join(filter(None, parts)))


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
    _save(cell, value)


def _read(cell: OpenedScore) -> ScoreValue:
    typed = cell.typed("points").strip()
    points = parse_figure(typed) if typed else None
    return ScoreValue(points, cell.typed("evidence").strip(), cell.typed("note").strip())


def _save(cell: OpenedScore, value: ScoreValue) -> None:
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


def _take_proposal(sheet: Sheet, row: Mapping[str, Any], points: int) -> None:
    """The proposed points beside the words that stand in the fields, saved or not."""
    cell = sheet.opened(row["criterion"])
    if isinstance(cell.note, Conflict):
        return
    _save(cell, ScoreValue(points, cell.typed("evidence").strip(), cell.typed("note").strip()))
    _show_saved(cell)


def _show_saved(cell: OpenedScore) -> None:
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
        _save(cell, mine)
        _show_saved(cell)


def show_side_heading(sheet: Sheet) -> None:
    show_heading(_("{commune} · {side}").format(commune=sheet.commune.full_name, side=side_word(sheet.side)))
    if not sheet.is_open:
        st.info(
            _("Ở bước “{state}”, {side} chỉ để xem.").format(
                state=state_word(sheet.commune.state), side=side_word(sheet.side).lower()
            ),
            icon=":material/lock:",
        )
