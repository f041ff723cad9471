"""Sets of criteria for a child-friendly commune: data with a validity, because decrees replace one another."""

from __future__ import annotations

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from db.base import check, one_of, possible_year, whole
from db.indicators import CERTAINTIES


class RuleSet(SQLModel, table=True):
    """One decree. `version` counts the changes that an administrator made to its points."""

    __tablename__ = "rule_set"
    __table_args__ = (
        one_of("certainty", CERTAINTIES),
        check("total_points > 0", "total_positive"),
        whole("total_points", 100_000),
        check("valid_to IS NULL OR valid_to > valid_from", "valid_order"),
        check("version >= 1", "version_positive"),
    )
    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=60, unique=True)
    name_vi: str = Field(max_length=300)
    name_en: str = Field(max_length=300)
    note_vi: str = Field(default="", max_length=1000)
    note_en: str = Field(default="", max_length=1000)
    valid_from: date
    valid_to: date | None = None
    total_points: int = 1000
    certainty: str = Field(default="quoted", max_length=20)
    version: int = 1


class RecognitionThreshold(SQLModel, table=True):
    """The least total for one class of commune under one set."""

    __tablename__ = "recognition_threshold"
    __table_args__ = (
        UniqueConstraint("rule_set_id", "commune_class"),
        one_of("certainty", CERTAINTIES),
        check("points > 0", "points_positive"),
        whole("points", 100_000),
    )
    id: int | None = Field(default=None, primary_key=True)
    rule_set_id: int = Field(foreign_key="rule_set.id")
    commune_class: str = Field(max_length=40)
    name_vi: str = Field(max_length=300)
    name_en: str = Field(max_length=300)
    points: int
    certainty: str = Field(default="quoted", max_length=20)


class Criterion(SQLModel, table=True):
    """`max_points` is empty until somebody has read it in the printed decree.

    `min_points` is the least with which the criterion counts as met; without one, anything above zero does.
    """

    __tablename__ = "criterion"
    __table_args__ = (
        UniqueConstraint("rule_set_id", "number"),
        one_of("certainty", CERTAINTIES),
        check("number >= 1", "number_positive"),
        check("max_points > 0", "max_positive"),
        whole("max_points", 10_000),
        whole("min_points", 10_000),
        check("min_points BETWEEN 1 AND max_points", "min_within_max"),
        check("NOT is_illustrative OR max_points IS NOT NULL", "illustrative_has_points"),
    )
    id: int | None = Field(default=None, primary_key=True)
    rule_set_id: int = Field(foreign_key="rule_set.id")
    number: int
    name_vi: str = Field(max_length=300)
    name_en: str = Field(max_length=300)
    basis_vi: str = Field(default="", max_length=300)
    basis_en: str = Field(default="", max_length=300)
    max_points: int | None = None
    min_points: int | None = None
    certainty: str = Field(default="not_found", max_length=20)
    # Made up for the demonstration: never to be taken for the decree's own points.
    is_illustrative: bool = False


class CriterionItem(SQLModel, table=True):
    """A part of a criterion with points of its own; `indicator_code` names the figure that speaks for it."""

    __tablename__ = "criterion_item"
    __table_args__ = (
        UniqueConstraint("criterion_id", "position"),
        one_of("certainty", CERTAINTIES),
        check("points > 0", "points_positive"),
        check("NOT is_illustrative OR points IS NOT NULL", "illustrative_has_points"),
    )
    id: int | None = Field(default=None, primary_key=True)
    criterion_id: int = Field(foreign_key="criterion.id")
    position: int
    text_vi: str = Field(max_length=500)
    text_en: str = Field(max_length=500)
    points: int | None = None
    indicator_code: str | None = Field(default=None, max_length=20)
    # Where the plan's figure and the decree's do not mean quite the same.
    figure_note_vi: str = Field(default="", max_length=500)
    figure_note_en: str = Field(default="", max_length=500)
    certainty: str = Field(default="not_found", max_length=20)
    is_illustrative: bool = False


class ScoringBand(SQLModel, table=True):
    """A share of at least `at_least_bp` (basis points) earns `points`."""

    __tablename__ = "scoring_band"
    __table_args__ = (
        UniqueConstraint("item_id", "at_least_bp"),
        check("at_least_bp BETWEEN 0 AND 10000", "share_range"),
        check("points >= 0", "points_not_negative"),
    )
    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="criterion_item.id")
    at_least_bp: int
    points: int


class EvaluationRound(SQLModel, table=True):
    """When recognition is decided: not every year. A round keeps its set, so old results are replayed under it."""

    __tablename__ = "evaluation_round"
    __table_args__ = (
        one_of("certainty", CERTAINTIES),
        check("month BETWEEN 1 AND 12", "month_range"),
        possible_year("year"),
    )
    id: int | None = Field(default=None, primary_key=True)
    rule_set_id: int = Field(foreign_key="rule_set.id")
    year: int = Field(unique=True)
    month: int = 11
    certainty: str = Field(default="quoted", max_length=20)
    is_synthetic: bool = False


class CommuneClass(SQLModel, table=True):
    """Which class a commune belongs to, set by the office: the lists of mountainous communes change."""

    __tablename__ = "commune_class"
    __table_args__ = (
        one_of("certainty", CERTAINTIES),
        check("version >= 1", "version_positive"),
    )
    id: int | None = Field(default=None, primary_key=True)
    area_id: int = Field(foreign_key="area.id", unique=True)
    commune_class: str = Field(max_length=40)
    certainty: str = Field(default="inferred", max_length=20)
    version: int = 1
