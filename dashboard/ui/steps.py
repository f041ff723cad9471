"""The steps of the procedure: what can be done now, by whom, with which paper; and what was done before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.actions.errors import ActionRefused, NotAllowed, StepRefused
from dashboard.actions.recognition import StepPaper, take_step
from dashboard.domain.dates import DateRefused
from dashboard.domain.numbers import format_date, format_moment
from dashboard.domain.permissions import may
from dashboard.domain.recognition import Step, open_steps, way
from dashboard.i18n import _, current_language
from dashboard.ui.as_written import as_written
from dashboard.ui.dates import date_field, date_refusal, typed_date
from dashboard.ui.emphasis import emphasis
from dashboard.ui.past import show_past, tell_past
from dashboard.ui.refusals import refusal_sentence
from dashboard.ui.register_words import step_refusal, step_word
from dashboard.ui.session import visitor
from dashboard.ui.status import show_heading
from dashboard.ui.tables import show_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.domain.permissions import Actor
    from dashboard.views.recognition import CommuneWay, Recognition

FORWARD = (Step.register, Step.submit_scores, Step.appraise, Step.recognise)


def show_steps(seen: Recognition, commune: CommuneWay, actor: Actor) -> None:
    """Buttons for the steps that this person may take now."""
    _show_outcome(commune.area)
    possible = [step for step in open_steps(commune.state) if _may(actor, commune, step)]
    if not possible:
        return
    show_heading(_("Bước tiếp theo"))
    with st.container(horizontal=True):
        for step in possible:
            _show_step(seen, commune, step)


def _may(actor: Actor, commune: CommuneWay, step: Step) -> bool:
    taken = way(step, commune.state)
    return taken is not None and may(actor, taken.capability, area_id=commune.area)


def _show_step(seen: Recognition, commune: CommuneWay, step: Step) -> None:
    taken = way(step, commune.state)
    if taken is None:
        return
    kind = emphasis() if step in FORWARD else "secondary"
    args = (commune.area, seen.round["round"], step, commune.version)
    if not taken.needs_document and not taken.needs_note:
        st.button(step_word(step), key=f"btn:{_key(args)}", type=kind, on_click=_take, args=args)
        return
    with st.popover(step_word(step), type=kind, key=f"popover:{_key(args)}"):
        if taken.needs_document:
            st.text_input(
                _("Số, ký hiệu văn bản"), key=f"{_key(args)}:number", max_chars=60, autocomplete="off"
            )
            date_field(_("Ngày văn bản"), key=f"{_key(args)}:date")
        st.text_area(
            _("Lý do") if taken.needs_note else _("Ghi chú"), key=f"{_key(args)}:note", max_chars=1000
        )
        st.button(step_word(step), key=f"btn:{_key(args)}", type=emphasis(), on_click=_take, args=args)


def _key(args: tuple[int, int, Step, int]) -> str:
    return "step:" + ":".join(map(str, args))


def _take(area: int, round_id: int, step: Step, version: int) -> None:
    key = _key((area, round_id, step, version))
    typed = {name: st.session_state.get(f"{key}:{name}") or "" for name in ("number", "note")}
    try:
        paper = StepPaper(typed["number"], typed_date(f"{key}:date"), typed["note"])
        take_step(
            actor=visitor().actor,
            area_id=area,
            round_id=round_id,
            step=step,
            base_version=version,
            paper=paper,
        )
    except DateRefused as refused:
        st.session_state[f"step-outcome:{area}"] = " ".join((_("Chưa thực hiện:"), date_refusal(refused)))
    except StepRefused as refused:
        st.session_state[f"step-outcome:{area}"] = step_refusal(refused)
    except NotAllowed:
        st.session_state[f"step-outcome:{area}"] = _("Chưa thực hiện: tài khoản này không được làm bước này.")
    except ActionRefused as refused:
        st.session_state[f"step-outcome:{area}"] = refusal_sentence(refused)
    else:
        st.session_state.pop(f"step-outcome:{area}", None)
        if step is Step.register and paper.date:
            tell_past(f"step:{area}", "child_friendly", paper.date)


def _show_outcome(area: int) -> None:
    outcome = st.session_state.pop(f"step-outcome:{area}", None)
    if outcome:
        st.error(as_written(outcome), icon=":material/error:")
    show_past(f"step:{area}")


def show_steps_taken(seen: Recognition, area: int) -> None:
    """Who did what, when, by which document, in this round."""
    taken = seen.steps.filter(pl.col("area") == area, pl.col("round") == seen.round["round"])
    if taken.is_empty():
        st.caption(_("Chưa có bước nào trong kỳ đánh giá này."))
        return
    language = current_language()
    show_table(
        (_("Bước"), _("Văn bản, ghi chú"), _("Ai ghi, khi nào")),
        [
            (
                step_word(row["step"]),
                _paper(row),
                f"{row['taken_by']}, {format_moment(row['taken_at'], language)}",
            )
            for row in taken.to_dicts()
        ],
        caption=_("Các bước đã thực hiện"),
    )


def _paper(row: Mapping[str, Any]) -> str:
    """The document with its day, and what was noted, each on a line of its own."""
    number, day = row["document_number"], row["document_date"]
    document = f"{number} ({format_date(day, current_language())})" if number and day else number
    return "\n".join(filter(None, (document, row["note"]))) or "–"
