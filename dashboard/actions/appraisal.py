"""What an assessment has and what it misses: its scores, the rules of its round, its threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from dashboard.actions.errors import StepRefused
from dashboard.actions.places import commune_class_of
from dashboard.domain.recognition import CriterionRule, Side, Step, judge_scores
from db.tables import CommuneClass, Criterion, EvaluationRound, RecognitionThreshold, Score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from db.tables import Assessment


def refuse_gaps(session: Session, assessment: Assessment, step: Step) -> None:
    """What the step finds missing: scores before they are handed on, conditions before recognition."""
    if step is Step.submit_scores:
        _refuse_unscored(session, assessment, Side.own)
    elif step is Step.appraise:
        _refuse_unscored(session, assessment, Side.appraised)
        if threshold_of(session, assessment) is None:
            has_class = commune_class_of(session, assessment.area_id) is not None
            raise StepRefused("threshold_missing" if has_class else "threshold_unknown")
    elif step is Step.recognise and not _is_met(session, assessment):
        raise StepRefused("conditions_not_met")


def _refuse_unscored(session: Session, assessment: Assessment, side: Side) -> None:
    rules = _rules(session, assessment)
    if any(rule.maximum is None for rule in rules):
        raise StepRefused("maxima_missing")
    points = _points(session, assessment, side)
    missing = tuple(rule.number for rule in rules if rule.number not in points)
    if missing:
        raise StepRefused("scores_missing", numbers=missing)


def _rules(session: Session, assessment: Assessment) -> Sequence[CriterionRule]:
    criteria = session.scalars(
        select(Criterion)
        .join(EvaluationRound, col(EvaluationRound.rule_set_id) == col(Criterion.rule_set_id))
        .where(col(EvaluationRound.id) == assessment.round_id)
        .order_by(col(Criterion.number))
    )
    return [CriterionRule(each.number, each.max_points, each.min_points or 1) for each in criteria]


def _points(session: Session, assessment: Assessment, side: Side) -> dict[int, int]:
    rows = session.execute(
        select(col(Criterion.number), col(Score.points))
        .join(Criterion, col(Criterion.id) == col(Score.criterion_id))
        .where(col(Score.assessment_id) == assessment.id, col(Score.side) == side)
    )
    return {number: points for number, points in rows if points is not None}


def threshold_of(session: Session, assessment: Assessment) -> int | None:
    """What the commune's class asks for under the set of the round."""
    return session.scalar(
        select(col(RecognitionThreshold.points))
        .join(EvaluationRound, col(EvaluationRound.rule_set_id) == col(RecognitionThreshold.rule_set_id))
        .join(CommuneClass, col(CommuneClass.commune_class) == col(RecognitionThreshold.commune_class))
        .where(
            col(EvaluationRound.id) == assessment.round_id, col(CommuneClass.area_id) == assessment.area_id
        )
    )


def _is_met(session: Session, assessment: Assessment) -> bool:
    points = _points(session, assessment, Side.appraised)
    return judge_scores(_rules(session, assessment), points, assessment.threshold).is_met is True
