"""The steps of the procedure: what can be done now, by whom, with which paper; and what was done before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.actions.recognition import StepPaper, take_step
from dashboard.domain.dates import DateRefused
from dashboard.domain.numbers import format_date, format_moment
from dashboard.domain.permissions import may
from dashboard.domain.recognition import Step, open_steps, way
from dashboard.i18n import _, current_language
from dashboard.ui.attempts import Outcome, attempt
from dashboard.ui.dates import date_field, date_refusal, read_date
from dashboard.ui.emphasis import emphasis
from dashboard.ui.past import show_past, tell_past
from dashboard.ui.register_words import step_word
from dashboard.ui.saving import Field, Form, begin, show_saving, text_field
from dashboard.ui.status import show_heading
from dashboard.ui.tables import show_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.domain.permissions import Actor
    from dashboard.views.recognition import CommuneWay, Recognition

FORWARD = (Step.register, Step.submit_scores, Step.appraise, Step.recognise)


def show_steps(seen: Recognition, commune: CommuneWay, actor: Actor) -> None:
    """Buttons for the steps that this person may take now."""
    possible = [step for step in open_steps(commune.state) if _may(actor, commune, step)]
    round_id = seen.round["round"]
    if possible:
        show_heading(_("Bước tiếp theo"))
        with st.container(horizontal=True):
            for step in possible:
                _show_step(TakenStep(commune.area, round_id, step, commune.version), commune)
    # Always there, for every step: what comes or goes above the fields would mount them anew under the hands.
    plain = [Outcome(_form(commune.area, round_id, step)) for step in Step]
    note = next((each.note for each in plain if each.note and not _asks_paper(each.form, commune)), None)
    also = tuple(each.form for each in plain)
    show_saving(Form(f"steps:{commune.area}:{round_id}", base=commune.version, also=also), note)
    show_past(f"step:{commune.area}")


def _may(actor: Actor, commune: CommuneWay, step: Step) -> bool:
    taken = way(step, commune.state)
    return taken is not None and may(actor, taken.capability, area_id=commune.area)


def _asks_paper(form: str, commune: CommuneWay) -> bool:
    """Whether the step of this form has fields of its own now, and says beside them what became of it."""
    taken = way(Step(form.rpartition(":")[2]), commune.state)
    return taken is not None and (taken.needs_document or taken.needs_note)


@dataclass(frozen=True)
class TakenStep:
    """A step of a commune in a round, as it can be taken from the version that is on the screen."""

    area: int
    round_id: int
    step: Step
    version: int

    @property
    def form(self) -> str:
        return _form(self.area, self.round_id, self.step)

    def key(self, field: str) -> str:
        return f"step:{self.area}:{self.round_id}:{self.step}:{self.version}:{field}"

    @property
    def send_key(self) -> str:
        return f"btn:step:{self.area}:{self.round_id}:{self.step}:{self.version}"


def _form(area: int, round_id: int, step: Step) -> str:
    return f"step:{area}:{round_id}:{step}"


def _show_step(step: TakenStep, commune: CommuneWay) -> None:
    taken = way(step.step, commune.state)
    if taken is None:
        return
    word = step_word(step.step)
    kind = emphasis() if step.step in FORWARD else "secondary"
    if not taken.needs_document and not taken.needs_note:
        st.button(word, key=step.send_key, type=kind, on_click=_take, args=(step,))
        return
    with st.popover(word, type=kind, key=f"popover:{step.send_key}"):
        fields = _show_document(step) if taken.needs_document else []
        heading = _("Lý do") if taken.needs_note else _("Ghi chú")
        begin(step.key("note"), "")
        st.text_area(heading, key=step.key("note"), max_chars=1000)
        fields.append(text_field("note", step.key("note"), heading, ""))
        st.button(word, key=step.send_key, type=emphasis(), on_click=_take, args=(step,))
        outcome = Outcome(step.form)
        form = Form(
            step.form,
            fields=fields,
            base=step.version,
            send=step.send_key,
            again=lambda: _take(step),
        )
        show_saving(form, outcome.note)


def _show_document(step: TakenStep) -> list[Field]:
    headings = {"number": _("Số, ký hiệu văn bản"), "date": _("Ngày văn bản")}
    begin(step.key("number"), "")
    st.text_input(headings["number"], key=step.key("number"), max_chars=60, autocomplete="off")
    # The day that was understood comes and goes: within its own place it moves no other field.
    with st.container():
        date_field(headings["date"], key=step.key("date"))
    return [text_field(name, step.key(name), heading, "") for name, heading in headings.items()]


def _take(step: TakenStep) -> None:
    outcome = Outcome(step.form)
    typed = {name: str(st.session_state.get(step.key(name)) or "") for name in ("number", "date", "note")}
    try:
        paper = StepPaper(typed["number"], read_date(typed["date"]), typed["note"])
    except DateRefused as refused:
        outcome.refuse(_("Chưa thực hiện:"), date_refusal(refused))
        return
    done = attempt(
        lambda actor: take_step(
            actor=actor,
            area_id=step.area,
            round_id=step.round_id,
            step=step.step,
            base_version=step.version,
            paper=paper,
        ),
        forbidden=_("Chưa thực hiện: tài khoản này không được làm bước này."),
    )
    if outcome.take(done) and step.step is Step.register and paper.date:
        tell_past(f"step:{step.area}", "child_friendly", paper.date)


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
