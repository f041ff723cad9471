"""What a figure of the plan would give for a criterion, offered beside the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.actions.recognition import ScoreValue
from dashboard.domain.catalogue import IndicatorKind
from dashboard.i18n import _
from dashboard.ui.as_written import as_written
from dashboard.ui.labels import typed_label
from dashboard.ui.opened import Conflict
from dashboard.ui.score_fields import save_score, show_saved
from dashboard.ui.words import period_name, yes_no

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.ui.scoring_sheet import Sheet
    from dashboard.ui.scoring_state import OpenedScore
    from dashboard.views.proposals import Proposal


def show_proposal(sheet: Sheet, row: Mapping[str, Any], cell: OpenedScore, proposal: Proposal) -> None:
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
    source = _("Số liệu {code} {name}, {period}").format(
        code=proposal.code,
        name=proposal.indicator_name,
        period=period_name(proposal.year, proposal.part),
    )
    return f"{source} ({proposal.note})" if proposal.note else source


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


def _take_proposal(sheet: Sheet, row: Mapping[str, Any], points: int) -> None:
    """The proposed points beside the words that stand in the fields, saved or not."""
    cell = sheet.opened(row["criterion"])
    if isinstance(cell.note, Conflict):
        return
    save_score(cell, ScoreValue(points, cell.typed("evidence").strip(), cell.typed("note").strip()))
    show_saved(cell)
