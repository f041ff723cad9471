"""Scores and steps on the way to recognition as a child-friendly commune."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlmodel import col

from dashboard.actions.errors import NotAllowed, ScoreConflict, ScoreRefused, StepRefused
from dashboard.actions.places import commune_class_of, is_commune
from dashboard.clock import business_now
from dashboard.domain.permissions import Capability, may
from dashboard.domain.recognition import (
    RESTS_ON,
    SIDE_CAPABILITY,
    SIDE_OPEN,
    CriterionRule,
    Side,
    State,
    Step,
    judge_scores,
    way,
)
from db.engine import database
from db.tables import (
    Account,
    Assessment,
    AssessmentStep,
    CommuneClass,
    Criterion,
    EvaluationRound,
    Installation,
    RecognitionThreshold,
    Score,
    ScoreEntry,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from dashboard.domain.permissions import Actor
    from dashboard.domain.recognition import Way
    from db.engine import Transaction

FINAL = ("appraised", "recognised", "refused")


@dataclass(frozen=True)
class ScoreCell:
    """Where a score stands: one criterion of one commune in one round, by one side."""

    area_id: int
    round_id: int
    criterion_id: int
    side: Side


@dataclass(frozen=True)
class ScoreValue:
    """`points` None means that the criterion is not scored (yet); words may stand there before."""

    points: int | None = None
    evidence: str = ""
    note: str = ""


@dataclass(frozen=True)
class SavedScore:
    version: int
    value: ScoreValue
    by: str
    at: datetime


@dataclass(frozen=True)
class StepPaper:
    """What a step is backed by: a document, or a word of explanation."""

    number: str = ""
    date: date | None = None
    note: str = ""


def record_score(
    *, actor: Actor, cell: ScoreCell, value: ScoreValue, base_version: int, token: str
) -> SavedScore:
    """Append an entry and make it the current score of that side; raises NotAllowed, ScoreRefused, ScoreConflict.

    `base_version` is the version that the person saw (0 for none); `token` names this one attempt.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        repeated = session.scalar(select(ScoreEntry).where(col(ScoreEntry.token) == token))
        if repeated:
            return _saved(session, repeated)
        criterion = _criterion(session, cell)
        allowed = may(actor, SIDE_CAPABILITY[cell.side], area_id=cell.area_id)
        if criterion is None or not allowed or not is_commune(session, cell.area_id):
            raise NotAllowed(SIDE_CAPABILITY[cell.side])
        assessment = _opened(session, actor, cell.area_id, cell.round_id)
        _refuse_score(assessment, criterion, cell.side, value)
        current = _current(session, assessment, cell)
        if current and _value(current) == value:
            return _saved(session, current)
        if (current.version if current else 0) != base_version:
            raise ScoreConflict(_saved(session, current) if current else _nothing(session, actor))
        before = asdict(_value(current)) if current else None
        entry = _append(session, actor, assessment, cell, value, base_version=base_version, token=token)
        _replace(session, current, entry)
        assessment.changed_at, assessment.changed_by = entry.entered_at, actor.id
        transaction.log(
            "record_score",
            "score",
            f"{assessment.id}/{criterion.number}/{cell.side}",
            before=before,
            after={**asdict(value), "version": entry.version},
        )
        return _saved(session, entry)


def _criterion(session: Session, cell: ScoreCell) -> Criterion | None:
    """The criterion, where it belongs to the set of the round."""
    return session.scalar(
        select(Criterion)
        .join(EvaluationRound, col(EvaluationRound.rule_set_id) == col(Criterion.rule_set_id))
        .where(col(Criterion.id) == cell.criterion_id, col(EvaluationRound.id) == cell.round_id)
    )


def _opened(session: Session, actor: Actor, area_id: int, round_id: int) -> Assessment:
    """The commune's assessment of the round; a first score or step begins it."""
    found = session.scalar(
        select(Assessment).where(col(Assessment.area_id) == area_id, col(Assessment.round_id) == round_id)
    )
    if found:
        return found
    begun = Assessment(
        area_id=area_id,
        round_id=round_id,
        is_synthetic=_is_demonstration(session),
        changed_at=business_now(session),
        changed_by=actor.id,
    )
    session.add(begun)
    session.flush()
    return begun


def _is_demonstration(session: Session) -> bool:
    return bool(session.scalar(select(col(Installation.is_demonstration))))


def _refuse_score(assessment: Assessment, criterion: Criterion, side: Side, value: ScoreValue) -> None:
    if State(assessment.state) not in SIDE_OPEN[side]:
        raise ScoreRefused("closed_side", state=assessment.state)
    if value.points is None:
        return
    if criterion.max_points is None:
        raise ScoreRefused("maximum_unknown")
    if not 0 <= value.points <= criterion.max_points:
        raise ScoreRefused("above_maximum", maximum=criterion.max_points)


def _current(session: Session, assessment: Assessment, cell: ScoreCell) -> Score | None:
    return session.scalar(
        select(Score).where(
            col(Score.assessment_id) == assessment.id,
            col(Score.criterion_id) == cell.criterion_id,
            col(Score.side) == cell.side,
        )
    )


def _value(row: Score | ScoreEntry) -> ScoreValue:
    return ScoreValue(row.points, row.evidence, row.note)


def _saved(session: Session, row: Score | ScoreEntry) -> SavedScore:
    return SavedScore(row.version, _value(row), _name(session, row.entered_by), row.entered_at)


def _nothing(session: Session, actor: Actor) -> SavedScore:
    return SavedScore(0, ScoreValue(), actor.name, business_now(session))


def _name(session: Session, account_id: int) -> str:
    return session.scalar(select(col(Account.name)).where(col(Account.id) == account_id)) or ""


def _append(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    cell: ScoreCell,
    value: ScoreValue,
    *,
    base_version: int,
    token: str,
) -> ScoreEntry:
    entry = ScoreEntry(
        assessment_id=assessment.id or 0,
        criterion_id=cell.criterion_id,
        side=cell.side.value,
        **asdict(value),
        version=base_version + 1,
        is_synthetic=assessment.is_synthetic,
        entered_by=actor.id,
        entered_at=business_now(session),
        token=token,
    )
    session.add(entry)
    session.flush()
    return entry


def _replace(session: Session, current: Score | None, entry: ScoreEntry) -> None:
    shared = ("points", "evidence", "note", "version", "is_synthetic", "entered_by", "entered_at")
    values = {name: getattr(entry, name) for name in shared} | {"entry_id": entry.id}
    if current is None:
        place = {name: getattr(entry, name) for name in ("assessment_id", "criterion_id", "side")}
        session.add(Score(**place, **values))
        return
    session.execute(update(Score).where(col(Score.id) == current.id).values(**values))


def take_step(
    *, actor: Actor, area_id: int, round_id: int, step: Step, base_version: int, paper: StepPaper
) -> int:
    """Move the commune's assessment one step and return its new version; raises NotAllowed, StepRefused.

    `base_version` is the assessment's version that the person saw (0 before it began). Taking the same step
    again (a double click) changes nothing.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        if not is_commune(session, area_id):
            raise NotAllowed(Capability.register_commune)
        assessment = _opened(session, actor, area_id, round_id)
        taken = way(step, State(assessment.state))
        if _is_repeated(session, assessment, step, base_version):
            return assessment.version
        if taken is None or assessment.version != max(base_version, 1):
            raise StepRefused("state_changed", state=assessment.state)
        if not may(actor, taken.capability, area_id=area_id):
            raise NotAllowed(taken.capability)
        _refuse_paper(taken, paper, business_now(session).date())
        _refuse_order(session, assessment, step, paper)
        _refuse_step(session, assessment, step)
        before = {"state": assessment.state}
        _move(session, actor, assessment, taken, paper)
        _note_step(transaction, actor, assessment, step, paper, before)
        return assessment.version


def _is_repeated(session: Session, assessment: Assessment, step: Step, base_version: int) -> bool:
    if assessment.version != max(base_version, 1) + 1:
        return False
    last = session.scalar(
        select(col(AssessmentStep.step)).where(
            col(AssessmentStep.assessment_id) == assessment.id,
            col(AssessmentStep.version) == assessment.version,
        )
    )
    return last == step


def _refuse_paper(taken: Way, paper: StepPaper, today: date) -> None:
    if taken.needs_document and not (paper.number.strip() and paper.date):
        raise StepRefused("document_missing")
    if paper.date and paper.date > today:
        raise StepRefused("date_in_future")
    if taken.needs_note and not paper.note.strip():
        raise StepRefused("note_missing")


def _refuse_order(session: Session, assessment: Assessment, step: Step, paper: StepPaper) -> None:
    """A decision cannot be older than the appraisal, nor the appraisal older than the registration."""
    if step not in RESTS_ON or paper.date is None:
        return
    earliest = session.scalar(
        select(col(AssessmentStep.document_date))
        .where(
            col(AssessmentStep.assessment_id) == assessment.id,
            col(AssessmentStep.step) == RESTS_ON[step],
        )
        .order_by(col(AssessmentStep.version).desc())
        .limit(1)
    )
    if earliest and paper.date < earliest:
        raise StepRefused("date_too_early", earliest=earliest)


def _refuse_step(session: Session, assessment: Assessment, step: Step) -> None:
    """What the step finds missing: scores before they are handed on, conditions before recognition."""
    if step is Step.submit_scores:
        _refuse_gaps(session, assessment, Side.own)
    elif step is Step.appraise:
        _refuse_gaps(session, assessment, Side.appraised)
        if _threshold(session, assessment) is None:
            has_class = commune_class_of(session, assessment.area_id) is not None
            raise StepRefused("threshold_missing" if has_class else "threshold_unknown")
    elif step is Step.recognise and not _is_met(session, assessment):
        raise StepRefused("conditions_not_met")


def _refuse_gaps(session: Session, assessment: Assessment, side: Side) -> None:
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


def _threshold(session: Session, assessment: Assessment) -> int | None:
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


def _move(session: Session, actor: Actor, assessment: Assessment, taken: Way, paper: StepPaper) -> None:
    """The new state with what belongs to it: the day of registration, the threshold from the appraisal on."""
    if taken.after is State.registered and taken.before is State.not_registered:
        assessment.registered_on = paper.date
    elif taken.after is State.not_registered:
        assessment.registered_on = None
    if taken.after.value not in FINAL:
        assessment.threshold = None
    elif assessment.threshold is None:
        assessment.threshold = _threshold(session, assessment)
    assessment.state = taken.after.value
    assessment.version += 1
    assessment.changed_at, assessment.changed_by = business_now(session), actor.id


def _note_step(
    transaction: Transaction,
    actor: Actor,
    assessment: Assessment,
    step: Step,
    paper: StepPaper,
    before: dict[str, str],
) -> None:
    transaction.session.add(
        AssessmentStep(
            assessment_id=assessment.id or 0,
            version=assessment.version,
            step=step.value,
            document_number=paper.number.strip(),
            document_date=paper.date,
            note=paper.note.strip(),
            taken_by=actor.id,
            taken_at=assessment.changed_at,
        )
    )
    after = {"state": assessment.state, "step": step.value, **asdict(paper)}
    transaction.log("take_step", "assessment", assessment.id, before=before, after=after)
