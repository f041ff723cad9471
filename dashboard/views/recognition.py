"""The way to recognition: how far each commune is, what is missing, and the shortest way there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlalchemy import func, select
from sqlmodel import col

from dashboard.clock import LOCAL, business_now, local
from dashboard.domain.recognition import (
    STAGES,
    Side,
    State,
    Verdict,
    judge_scores,
)
from dashboard.domain.shortest_path import Improvable, shortest_path
from dashboard.views.catalogue import communes, plan_header, references
from dashboard.views.rule_book import rule_book
from db.changes import data_version
from db.engine import database
from db.frames import Schema, read_frame
from db.tables import (
    Account,
    Assessment,
    AssessmentStep,
    CommuneClass,
    Criterion,
    EvaluationRound,
    Indicator,
    RuleSet,
    Score,
    ScoreEntry,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dashboard.domain.shortest_path import Improvement
    from dashboard.i18n import Language
    from dashboard.views.catalogue import PlanHeader
    from dashboard.views.rule_book import RuleBook

ROUND: Schema = {
    "round": pl.Int64,
    "year": pl.Int64,
    "month": pl.Int64,
    "rule_set": pl.Int64,
    "rule_set_name": pl.String,
    "rule_set_note": pl.String,
    "total_points": pl.Int64,
    "certainty": pl.String,
    "is_synthetic": pl.Boolean,
}
SCORE: Schema = {
    "area": pl.Int64,
    "round": pl.Int64,
    "criterion": pl.Int64,
    "number": pl.Int64,
    "side": pl.String,
    "version": pl.Int64,
    "points": pl.Int64,
    "evidence": pl.String,
    "note": pl.String,
    "entered_at": pl.Datetime("us", "UTC"),
    "entered_by": pl.String,
}
STEP: Schema = {
    "area": pl.Int64,
    "round": pl.Int64,
    "version": pl.Int64,
    "step": pl.String,
    "document_number": pl.String,
    "document_date": pl.Date,
    "note": pl.String,
    "taken_by": pl.String,
    "taken_at": pl.Datetime("us", "UTC"),
}
ASSESSMENT: Schema = {
    "area": pl.Int64,
    "round": pl.Int64,
    "state": pl.String,
    "version": pl.Int64,
    "registered_on": pl.Date,
    "threshold": pl.Int64,
    "changed_at": pl.Datetime("us", "UTC"),
    "changed_by": pl.String,
}
CLASS: Schema = {
    "area": pl.Int64,
    "commune_class": pl.String,
    "class_certainty": pl.String,
    "class_version": pl.Int64,
}


@dataclass(frozen=True)
class CommuneWay:
    """One commune in one round. `side` says whose points the verdict is made of: the appraiser's once it has appraised.

    The threshold is settled where `class_certainty` and `threshold_certainty` are "quoted", else to be confirmed.
    """

    area: int
    name: str
    full_name: str
    position: int
    state: State
    version: int
    class_name: str
    commune_class: str
    class_certainty: str
    threshold_certainty: str
    side: Side
    points: Mapping[int, int]
    verdict: Verdict
    path: tuple[Improvement, ...] | None
    changed_at: datetime | None
    changed_by: str

    @property
    def stage(self) -> int:
        return STAGES[self.state]


@dataclass(frozen=True)
class Recognition:
    """One round at data version `version`.

    `rounds`: columns of ROUND; `round`: the row of this one; `scores`: columns of SCORE of this round; `steps`:
    columns of STEP of all rounds, in local time; `references`: the national values, columns of REFERENCE; `history`:
    area, name, year, state, total, scored, criteria, threshold (Int64, nullable) of every round that a commune took
    part in.
    """

    version: int
    header: PlanHeader
    rounds: pl.DataFrame
    round: Mapping[str, Any]
    book: RuleBook
    communes: tuple[CommuneWay, ...]
    scores: pl.DataFrame
    steps: pl.DataFrame
    history: pl.DataFrame
    references: pl.DataFrame
    as_of: datetime

    def count(self, *states: State) -> int:
        return sum(1 for each in self.communes if each.state in states)

    def commune(self, area: int) -> CommuneWay | None:
        return next((each for each in self.communes if each.area == area), None)


def recognition(year: int | None, language: Language) -> Recognition | None:
    """The round of `year` (None: the one being prepared); None without a plan or without any round."""
    with database().read() as session:
        rounds = evaluation_rounds(session, language)
        chosen = _chosen(rounds, year, business_now(session))
        if chosen is None:
            return None
        header = plan_header(session, business_now(session).year, language)
        if header is None:
            return None
        book = rule_book(session, chosen["rule_set"], language)
        scores = _scores(session)
        ways = _ways(session, chosen, book, scores, language)
        return Recognition(
            version=data_version(session),
            header=header,
            rounds=rounds,
            round=chosen,
            book=book,
            communes=ways,
            scores=scores.filter(pl.col("round") == chosen["round"]),
            steps=_steps(session),
            history=_history(session, rounds, scores, language),
            references=_references(session, language),
            as_of=_as_of(session),
        )


def evaluation_rounds(session: Session, language: Language) -> pl.DataFrame:
    statement = (
        select(
            col(EvaluationRound.id),
            col(EvaluationRound.year),
            col(EvaluationRound.month),
            col(RuleSet.id),
            getattr(RuleSet, f"name_{language}"),
            getattr(RuleSet, f"note_{language}"),
            col(RuleSet.total_points),
            col(EvaluationRound.certainty),
            col(EvaluationRound.is_synthetic),
        )
        .join(RuleSet, col(RuleSet.id) == col(EvaluationRound.rule_set_id))
        .order_by(col(EvaluationRound.year))
    )
    return read_frame(session, statement, ROUND)


def round_years(language: Language = "vi") -> tuple[tuple[int, ...], int | None]:
    """The years of all rounds, and the one that is being prepared: the first that is not over."""
    with database().read() as session:
        rounds = evaluation_rounds(session, language)
        chosen = _chosen(rounds, None, business_now(session))
    return tuple(rounds["year"]), chosen["year"] if chosen else None


def _chosen(rounds: pl.DataFrame, year: int | None, now: datetime) -> dict[str, Any] | None:
    if rounds.is_empty():
        return None
    if year is not None:
        wanted = rounds.filter(pl.col("year") == year)
    else:
        ahead = (pl.col("year") > now.year) | ((pl.col("year") == now.year) & (pl.col("month") >= now.month))
        wanted = rounds.filter(ahead)
    if wanted.is_empty():
        return None if year is not None else rounds.row(-1, named=True)
    return wanted.row(0, named=True)


def _scores(session: Session) -> pl.DataFrame:
    statement = (
        select(
            col(Assessment.area_id),
            col(Assessment.round_id),
            col(Criterion.id),
            col(Criterion.number),
            col(Score.side),
            col(Score.version),
            col(Score.points),
            col(Score.evidence),
            col(Score.note),
            col(Score.entered_at),
            col(Account.name),
        )
        .join(Assessment, col(Assessment.id) == col(Score.assessment_id))
        .join(Criterion, col(Criterion.id) == col(Score.criterion_id))
        .join(Account, col(Account.id) == col(Score.entered_by))
        .order_by(col(Assessment.area_id), col(Criterion.number), col(Score.side))
    )
    return _in_local_time(read_frame(session, statement, SCORE), "entered_at")


def _in_local_time(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    return frame.with_columns(pl.col(column).dt.convert_time_zone(str(LOCAL)))


def _assessments(session: Session) -> pl.DataFrame:
    statement = select(
        col(Assessment.area_id),
        col(Assessment.round_id),
        col(Assessment.state),
        col(Assessment.version),
        col(Assessment.registered_on),
        col(Assessment.threshold),
        col(Assessment.changed_at),
        col(Account.name),
    ).join(Account, col(Account.id) == col(Assessment.changed_by))
    return _in_local_time(read_frame(session, statement, ASSESSMENT), "changed_at")


def commune_classes(session: Session) -> pl.DataFrame:
    statement = select(
        col(CommuneClass.area_id),
        col(CommuneClass.commune_class),
        col(CommuneClass.certainty),
        col(CommuneClass.version),
    )
    return read_frame(session, statement, CLASS)


def _ways(
    session: Session, chosen: Mapping[str, Any], book: RuleBook, scores: pl.DataFrame, language: Language
) -> tuple[CommuneWay, ...]:
    in_round = _assessments(session).filter(pl.col("round") == chosen["round"])
    thresholds = book.thresholds.select(
        "commune_class",
        "class_name",
        pl.col("points").alias("class_points"),
        pl.col("certainty").alias("threshold_certainty"),
    )
    rows = (
        communes(session, chosen["year"], language)
        .join(in_round, on="area", how="left")
        .join(commune_classes(session), on="area", how="left")
        .join(thresholds, on="commune_class", how="left", maintain_order="left")
        .with_columns(threshold=pl.coalesce("threshold", "class_points"))
        .sort("position")
    )
    of_round = scores.filter(pl.col("round") == chosen["round"])
    return tuple(_way(row, book, of_round.filter(pl.col("area") == row["area"])) for row in rows.to_dicts())


def _way(row: Mapping[str, Any], book: RuleBook, scores: pl.DataFrame) -> CommuneWay:
    state = State(row["state"] or State.not_registered)
    side = Side.appraised if STAGES[state] >= STAGES[State.appraised] else Side.own
    points = points_of(scores, side)
    verdict = judge_scores(book.rules, points, row["threshold"])
    return CommuneWay(
        area=row["area"],
        name=row["name"],
        full_name=row["full_name"],
        position=row["position"],
        state=state,
        version=row["version"] or 0,
        class_name=row["class_name"] or "",
        commune_class=row["commune_class"] or "",
        class_certainty=row["class_certainty"] or "",
        threshold_certainty=row["threshold_certainty"] or "",
        side=side,
        points=points,
        verdict=verdict,
        path=_path(book, points, row["threshold"]),
        changed_at=row["changed_at"],
        changed_by=row["changed_by"] or "",
    )


def points_of(scores: pl.DataFrame, side: Side) -> dict[int, int]:
    """Points by criterion number of one commune's side."""
    rows = scores.filter(pl.col("side") == side, pl.col("points").is_not_null())
    return dict(rows.select("number", "points").iter_rows())


def changed_since(scores: pl.DataFrame) -> tuple[int, ...]:
    """Criteria of one commune whose own score was changed after the appraiser's was given. `scores`: columns of SCORE."""
    own, appraised = (scores.filter(pl.col("side") == side, pl.col("points").is_not_null()) for side in Side)
    both = own.join(appraised, on="number", suffix="_appraised")
    return tuple(both.filter(pl.col("entered_at") > pl.col("entered_at_appraised"))["number"].sort())


def _path(book: RuleBook, points: Mapping[int, int], threshold: int | None) -> tuple[Improvement, ...] | None:
    """None where it cannot be told (maxima or threshold unknown) or where there is none."""
    if threshold is None or not book.has_all_maxima:
        return None
    improvable = [
        Improvable(
            rule.number,
            points.get(rule.number, 0),
            rule.maximum or 0,
            rule.least,
            book.levels(rule.number),
        )
        for rule in book.rules
    ]
    return shortest_path(improvable, threshold)


def _steps(session: Session) -> pl.DataFrame:
    statement = (
        select(
            col(Assessment.area_id),
            col(Assessment.round_id),
            col(AssessmentStep.version),
            col(AssessmentStep.step),
            col(AssessmentStep.document_number),
            col(AssessmentStep.document_date),
            col(AssessmentStep.note),
            col(Account.name),
            col(AssessmentStep.taken_at),
        )
        .join(Assessment, col(Assessment.id) == col(AssessmentStep.assessment_id))
        .join(Account, col(Account.id) == col(AssessmentStep.taken_by))
        .order_by(col(AssessmentStep.assessment_id), col(AssessmentStep.version))
    )
    return _in_local_time(read_frame(session, statement, STEP), "taken_at")


def _history(
    session: Session, rounds: pl.DataFrame, scores: pl.DataFrame, language: Language
) -> pl.DataFrame:
    """What every round gave, each under its own set and threshold."""
    rows = []
    for chosen in rounds.to_dicts():
        book = rule_book(session, chosen["rule_set"], language)
        rows += [
            (
                each.area,
                each.name,
                chosen["year"],
                each.state.value,
                each.verdict.total,
                each.verdict.scored,
                len(book.rules),
                each.verdict.threshold,
            )
            for each in _ways(session, chosen, book, scores, language)
            if each.version
        ]
    schema = {
        "area": pl.Int64,
        "name": pl.String,
        "year": pl.Int64,
        "state": pl.String,
        "total": pl.Int64,
        "scored": pl.Int64,
        "criteria": pl.Int64,
        "threshold": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _references(session: Session, language: Language) -> pl.DataFrame:
    registered = read_frame(
        session,
        select(col(Indicator.id)).where(col(Indicator.derived_from) == "child_friendly"),
        {"indicator": pl.Int64},
    )
    return references(session, language).join(registered, on="indicator")


def _as_of(session: Session) -> datetime:
    newest = session.scalar(select(func.max(col(Assessment.changed_at))))
    return local(newest) if newest else business_now(session)


SCORE_ENTRY: Schema = {
    "version": pl.Int64,
    "side": pl.String,
    "points": pl.Int64,
    "evidence": pl.String,
    "note": pl.String,
    "entered_at": pl.Datetime("us", "UTC"),
    "entered_by": pl.String,
}


def score_history(area: int, round_id: int, criterion: int) -> pl.DataFrame:
    """Everything that was ever said of one criterion, the newest first; columns of SCORE_ENTRY in local time."""
    with database().read() as session:
        statement = (
            select(
                col(ScoreEntry.version),
                col(ScoreEntry.side),
                col(ScoreEntry.points),
                col(ScoreEntry.evidence),
                col(ScoreEntry.note),
                col(ScoreEntry.entered_at),
                col(Account.name),
            )
            .join(Assessment, col(Assessment.id) == col(ScoreEntry.assessment_id))
            .join(Account, col(Account.id) == col(ScoreEntry.entered_by))
            .where(
                col(Assessment.area_id) == area,
                col(Assessment.round_id) == round_id,
                col(ScoreEntry.criterion_id) == criterion,
            )
            .order_by(col(ScoreEntry.id).desc())
        )
        return _in_local_time(read_frame(session, statement, SCORE_ENTRY), "entered_at")
