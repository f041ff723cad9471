"""The printable self-assessment dossier, made when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.domain.numbers import format_date
from dashboard.domain.recognition import Side, State, Step, judge_scores
from dashboard.i18n import _, current_language, in_language
from dashboard.ui import data
from dashboard.ui.score_proposals import figure_label, proposal_source
from dashboard.ui.status import show_heading
from dashboard.ui.verdict import conditions, missing_sentences, threshold_note
from dashboard.views.recognition import points_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from dashboard.documents.dossier import DossierFacts
    from dashboard.domain.permissions import Sight
    from dashboard.views.recognition import CommuneWay, Recognition

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def show_dossier(seen: Recognition, commune: CommuneWay) -> None:
    show_heading(_("Hồ sơ tự đánh giá"))
    st.caption(
        _("Báo cáo tự chấm, danh mục minh chứng, thuyết minh nguồn số liệu và mẫu biên bản họp, để in và ký.")
    )
    name = commune.name.lower().replace(" ", "-")
    st.download_button(
        _("Tải hồ sơ (Word)"),
        _maker(seen, commune),
        file_name="-".join((_("ho-so-phu-hop-voi-tre-em"), name, f"{seen.round['year']}.docx")),
        mime=WORD,
        icon=":material/description:",
        on_click="ignore",
        key="download:dossier",
    )


def _maker(seen: Recognition, commune: CommuneWay) -> Callable[[], bytes]:
    """The file is made later, in another thread, which does not know who asked for it."""
    language, sight = current_language(), data.own_sight()

    def made() -> bytes:
        from dashboard.documents.dossier import write_dossier  # noqa: PLC0415 - python-docx only when needed

        with in_language(language):
            facts = _facts(seen, commune, sight)
        return write_dossier(facts, language=language)

    return made


def _facts(seen: Recognition, commune: CommuneWay, sight: Sight) -> DossierFacts:
    from dashboard.documents.dossier import DossierFacts  # noqa: PLC0415 - as above

    of_area = seen.scores.filter(pl.col("area") == commune.area)
    own = points_of(of_area, Side.own)
    verdict = judge_scores(seen.book.rules, own, commune.verdict.threshold)
    names = dict(seen.book.criteria.select("number", "name").iter_rows())
    return DossierFacts(
        commune_full_name=commune.full_name,
        commune_name=commune.name,
        town_name=seen.header.area_name,
        rule_set_name=seen.round["rule_set_name"],
        rule_set_note=seen.round["rule_set_note"],
        round_label=_("tháng {month}/{year}").format(month=seen.round["month"], year=seen.round["year"]),
        registration=_registration(seen, commune),
        threshold=commune.verdict.threshold,
        class_name=threshold_note(commune),
        lines=_lines(seen, commune, of_area, sight),
        conditions=conditions(verdict),
        failing=tuple(missing_sentences(verdict, names)),
        is_demonstration=seen.header.is_demonstration,
        is_illustrative=seen.book.is_illustrative,
    )


def _registration(seen: Recognition, commune: CommuneWay) -> str:
    found = seen.steps.filter(
        pl.col("area") == commune.area,
        pl.col("round") == seen.round["round"],
        pl.col("step") == Step.register,
    )
    # A commune that withdrew is not registered, whatever paper there was.
    if found.is_empty() or commune.state is State.not_registered:
        return ""
    row = found.row(-1, named=True)
    return _("Văn bản đăng ký số {number} ngày {day}").format(
        number=row["document_number"], day=format_date(row["document_date"], current_language())
    )


def _lines(seen: Recognition, commune: CommuneWay, scores: pl.DataFrame, sight: Sight) -> tuple[Any, ...]:
    from dashboard.documents.dossier import DossierLine  # noqa: PLC0415 - as above

    found = data.proposals(
        commune.area, seen.round["rule_set"], current_language(), year=seen.round["year"], sight=sight
    )
    own, appraised = points_of(scores, Side.own), points_of(scores, Side.appraised)
    made = []
    for row in seen.book.criteria.to_dicts():
        number = row["number"]
        words = _own_words(scores, number)
        fitting = [each for each in found if each.number == number]
        made.append(
            DossierLine(
                number=number,
                name=row["name"],
                maximum=row["maximum"],
                self_points=own.get(number),
                appraised_points=appraised.get(number),
                evidence=words.get("evidence", ""),
                note=words.get("note", ""),
                figure="\n".join(figure_label(each) for each in fitting),
                figure_source="\n".join(proposal_source(each) for each in fitting),
            )
        )
    return tuple(made)


def _own_words(scores: pl.DataFrame, number: int) -> Mapping[str, str]:
    found = scores.filter(pl.col("number") == number, pl.col("side") == Side.own)
    return found.row(0, named=True) if found.height else {}
