"""Scores and steps on the way to recognition as a child-friendly commune."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update
from sqlmodel import col

from dashboard.actions.appraisal import refuse_gaps, threshold_of
from dashboard.actions.errors import (
    InputProblem,
    InputRefused,
    NotAllowed,
    ScoreConflict,
    ScoreRefused,
    StepConflict,
    StepRefused,
)
from dashboard.actions.places import is_commune
from dashboard.actions.standing import name_of
from dashboard.clock import business_now
from dashboard.domain.inputs import DAY, ID, TOKEN, VERSION, WHOLE, Form, Maybe, OneOf, Words, takes
from dashboard.domain.permissions import Capability, may
from dashboard.domain.recognition import (
    FINAL,
    RESTS_ON,
    SIDE_CAPABILITY,
    SIDE_OPEN,
    Side,
    State,
    Step,
    way,
)
from db.engine import database
from db.tables import (
    Assessment,
    AssessmentStep,
    Criterion,
    EvaluationRound,
    Installation,
    Score,
    ScoreEntry,
)

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from dashboard.domain.permissions import Actor
    from dashboard.domain.recognition import Way
    from db.engine import Transaction


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


CELL: Final = Form(ScoreCell, area_id=ID, round_id=ID, criterion_id=ID, side=OneOf(Side))
VALUE: Final = Form(ScoreValue, points=Maybe(WHOLE), evidence=Words(2000), note=Words(2000))
PAPER: Final = Form(StepPaper, number=Words(60), date=Maybe(DAY), note=Words(1000))


@takes(cell=CELL, value=VALUE, base_version=VERSION, token=TOKEN)
def record_score(
    *, actor: Actor, cell: ScoreCell, value: ScoreValue, base_version: int, token: str
) -> SavedScore:
    """Append an entry and make it the current score of that side; raises NotAllowed, ScoreRefused, ScoreConflict.

    `base_version` is the version that the person saw (0 for none); `token` names this one attempt.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        criterion = _criterion(session, cell)
        allowed = may(actor, SIDE_CAPABILITY[cell.side], area_id=cell.area_id)
        if criterion is None or not allowed or not is_commune(session, cell.area_id):
            raise NotAllowed(SIDE_CAPABILITY[cell.side])
        assessment = _opened(session, actor, cell.area_id, cell.round_id)
        current = _current(session, assessment, cell)
        repeated = _repeated(session, actor, assessment, cell, value, token)
        if repeated:
            # As for a figure: what somebody scored since is the answer to an attempt that comes again.
            _refuse_conflict(session, actor, current, repeated.version)
            return _saved(session, repeated)
        _refuse_score(assessment, criterion, cell.side, value)
        if current and _value(current) == value:
            return _saved(session, current)
        _refuse_conflict(session, actor, current, base_version)
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


def _repeated(
    session: Session, actor: Actor, assessment: Assessment, cell: ScoreCell, value: ScoreValue, token: str
) -> ScoreEntry | None:
    """The entry of this very attempt; raises InputRefused where the token is another attempt's."""
    known = session.scalar(select(ScoreEntry).where(col(ScoreEntry.token) == token))
    if known is None:
        return None
    place = (known.entered_by, known.assessment_id, known.criterion_id, known.side)
    if place != (actor.id, assessment.id, cell.criterion_id, cell.side) or _value(known) != value:
        raise InputRefused("token", InputProblem.other_attempt)
    return known


def _refuse_conflict(session: Session, actor: Actor, current: Score | None, version: int) -> None:
    if (current.version if current else 0) != version:
        raise ScoreConflict(_saved(session, current) if current else _nothing(session, actor))


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
    return SavedScore(row.version, _value(row), name_of(session, row.entered_by), row.entered_at)


def _nothing(session: Session, actor: Actor) -> SavedScore:
    return SavedScore(0, ScoreValue(), actor.name, business_now(session))


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


@takes(area_id=ID, round_id=ID, step=OneOf(Step), base_version=VERSION, paper=PAPER)
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
        if session.get(EvaluationRound, round_id) is None:
            raise InputRefused("round_id", InputProblem.unknown)
        assessment = _opened(session, actor, area_id, round_id)
        taken = way(step, State(assessment.state))
        if _is_repeated(session, actor, assessment, step, paper, base_version):
            return assessment.version
        if taken is None or assessment.version != max(base_version, 1):
            raise _moved(session, assessment)
        if not may(actor, taken.capability, area_id=area_id):
            raise NotAllowed(taken.capability)
        _refuse_paper(taken, paper, business_now(session).date())
        _refuse_order(session, assessment, step, paper)
        refuse_gaps(session, assessment, step)
        before = {"state": assessment.state}
        _move(session, actor, assessment, taken, paper)
        _note_step(transaction, actor, assessment, step, paper, before)
        return assessment.version


def _is_repeated(
    session: Session, actor: Actor, assessment: Assessment, step: Step, paper: StepPaper, base_version: int
) -> bool:
    """Whether this person took this very step, with this paper, from this version."""
    last = _last_step(session, assessment)
    if last is None or assessment.version != max(base_version, 1) + 1:
        return False
    stored = (last.taken_by, last.step, last.document_number, last.document_date, last.note)
    return stored == (actor.id, step, paper.number, paper.date, paper.note)


def _last_step(session: Session, assessment: Assessment) -> AssessmentStep | None:
    return session.scalar(
        select(AssessmentStep).where(
            col(AssessmentStep.assessment_id) == assessment.id,
            col(AssessmentStep.version) == assessment.version,
        )
    )


def _moved(session: Session, assessment: Assessment) -> StepConflict:
    last = _last_step(session, assessment)
    stands = {"state": assessment.state, "step": last.step if last else ""}
    by, at = (last.taken_by, last.taken_at) if last else (assessment.changed_by, assessment.changed_at)
    return StepConflict(name_of(session, by), at, assessment.version, stands)


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


def _move(session: Session, actor: Actor, assessment: Assessment, taken: Way, paper: StepPaper) -> None:
    """The new state with what belongs to it: the day of registration, the threshold from the appraisal on."""
    if taken.after is State.registered and taken.before is State.not_registered:
        assessment.registered_on = paper.date
    elif taken.after is State.not_registered:
        assessment.registered_on = None
    if taken.after not in FINAL:
        assessment.threshold = None
    elif assessment.threshold is None:
        assessment.threshold = threshold_of(session, assessment)
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
