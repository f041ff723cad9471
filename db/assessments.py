"""The way of one commune to recognition in one round: its state, the steps it took, and its scores."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from db.base import Moment, check, one_of, possible_day, whole

ASSESSMENT_STATES = ("not_registered", "registered", "self_scored", "appraised", "recognised", "refused")
STEPS = (
    "register",
    "withdraw",
    "submit_scores",
    "take_back",
    "appraise",
    "reopen_appraisal",
    "recognise",
    "refuse",
    "revoke_decision",
)
SIDES = ("self", "appraised")


class Assessment(SQLModel, table=True):
    """`threshold` is what the commune is measured against, kept from the appraisal on."""

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("area_id", "round_id"),
        one_of("state", ASSESSMENT_STATES),
        check("version >= 1", "version_positive"),
        check("threshold > 0", "threshold_positive"),
        check(
            "(state IN ('appraised', 'recognised', 'refused')) = (threshold IS NOT NULL)",
            "threshold_from_appraisal",
        ),
        check("(state = 'not_registered') = (registered_on IS NULL)", "registration_by_state"),
        whole("threshold", 100_000),
        possible_day("registered_on"),
    )
    id: int | None = Field(default=None, primary_key=True)
    area_id: int = Field(foreign_key="area.id")
    round_id: int = Field(foreign_key="evaluation_round.id", index=True)
    state: str = Field(default="not_registered", max_length=20)
    version: int = 1
    registered_on: date | None = None
    threshold: int | None = None
    is_synthetic: bool = False
    changed_at: datetime = Field(sa_type=Moment)
    changed_by: int = Field(foreign_key="account.id")


class AssessmentStep(SQLModel, table=True):
    """One step that one person took; `version` is the assessment's after it. Only ever added."""

    __tablename__ = "assessment_step"
    __table_args__ = (
        UniqueConstraint("assessment_id", "version"),
        one_of("step", STEPS),
        check("version >= 2", "version_follows"),
        possible_day("document_date"),
    )
    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id")
    version: int
    step: str = Field(max_length=20)
    document_number: str = Field(default="", max_length=60)
    document_date: date | None = None
    note: str = Field(default="", max_length=1000)
    taken_by: int = Field(foreign_key="account.id")
    taken_at: datetime = Field(sa_type=Moment)


def _score_rules() -> tuple[object, ...]:
    return (
        one_of("side", SIDES),
        check("version >= 1", "version_positive"),
        check("points >= 0", "points_not_negative"),
        whole("points", 10_000),
    )


class ScoreEntry(SQLModel, table=True):
    """What one person said of one criterion. Only ever added."""

    __tablename__ = "score_entry"
    __table_args__ = (UniqueConstraint("assessment_id", "criterion_id", "side", "version"), *_score_rules())
    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id")
    criterion_id: int = Field(foreign_key="criterion.id")
    side: str = Field(max_length=20)
    version: int
    points: int | None = None
    evidence: str = Field(default="", max_length=2000)
    note: str = Field(default="", max_length=2000)
    is_synthetic: bool = False
    entered_by: int = Field(foreign_key="account.id")
    entered_at: datetime = Field(sa_type=Moment)
    token: str = Field(max_length=64, unique=True)


class Score(SQLModel, table=True):
    """What stands of one criterion: the self score or the appraiser's."""

    __tablename__ = "score"
    __table_args__ = (UniqueConstraint("assessment_id", "criterion_id", "side"), *_score_rules())
    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    criterion_id: int = Field(foreign_key="criterion.id")
    side: str = Field(max_length=20)
    version: int
    points: int | None = None
    evidence: str = Field(default="", max_length=2000)
    note: str = Field(default="", max_length=2000)
    is_synthetic: bool = False
    entered_by: int = Field(foreign_key="account.id")
    entered_at: datetime = Field(sa_type=Moment)
    entry_id: int = Field(foreign_key="score_entry.id", unique=True)
