"""The indicator catalogue: what is counted, by whom, against which target. All of it is data."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from db.base import check, one_of

KINDS = ("ratio", "share_of_communes", "count", "money")
TARGET_KINDS = ("at_least", "share_of_communes", "increase")
SPLIT_RULES = ("none", "subsets", "parts")
SCOPES = ("commune", "town")
GROUPS = ("target", "monitoring", "budget", "fund")
# How sure a stored fact is: quoted from its source, computed, inferred, recalled, or looked for and not found.
CERTAINTIES = ("quoted", "computed", "inferred", "recalled", "not_found")


class Indicator(SQLModel, table=True):
    __tablename__ = "indicator"
    __table_args__ = (
        one_of("kind", KINDS),
        one_of("splits_rule", SPLIT_RULES),
        one_of("scope", SCOPES),
        one_of("grouping", GROUPS),
        one_of("certainty", CERTAINTIES),
        check("direction IN ('up', 'down')", "direction_known"),
        check("unit_scale >= 1", "unit_scale_positive"),
        check("kind <> 'ratio' OR (denominator_vi <> '' AND denominator_en <> '')", "ratio_has_denominator"),
    )
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=20, unique=True)
    position: int = Field(unique=True)
    kind: str = Field(max_length=20)
    grouping: str = Field(max_length=20)
    scope: str = Field(default="commune", max_length=20)
    direction: str = Field(default="up", max_length=10)
    clause: str = Field(max_length=60)
    name_vi: str = Field(max_length=300)
    name_en: str = Field(max_length=300)
    short_vi: str = Field(max_length=80)
    short_en: str = Field(max_length=80)
    unit_vi: str = Field(max_length=60)
    unit_en: str = Field(max_length=60)
    unit_scale: int = 1
    numerator_vi: str = Field(max_length=300)
    numerator_en: str = Field(max_length=300)
    denominator_vi: str = Field(default="", max_length=300)
    denominator_en: str = Field(default="", max_length=300)
    definition_vi: str = Field(default="", max_length=2000)
    definition_en: str = Field(default="", max_length=2000)
    is_cumulative: bool = True
    is_sensitive: bool = False
    splits_rule: str = Field(default="none", max_length=20)
    derived_from: str | None = Field(default=None, max_length=40)
    # From this year on the register says it; what communes typed for earlier years stays as they typed it.
    derived_since: int | None = None
    lead_agency_id: int = Field(foreign_key="agency.id", index=True)
    lead_certainty: str = Field(default="inferred", max_length=20)
    certainty: str = Field(default="quoted", max_length=20)


class Split(SQLModel, table=True):
    """A line of an indicator: `all` is the whole; the others are its parts or subsets."""

    __tablename__ = "split"
    __table_args__ = (UniqueConstraint("indicator_id", "slug"),)
    id: int | None = Field(default=None, primary_key=True)
    indicator_id: int = Field(foreign_key="indicator.id")
    slug: str = Field(max_length=40)
    position: int = 0
    name_vi: str = Field(max_length=120)
    name_en: str = Field(max_length=120)
    # What the fields of this line ask for; empty for the whole, whose words stand with the indicator.
    numerator_vi: str = Field(default="", max_length=300)
    numerator_en: str = Field(default="", max_length=300)
    denominator_vi: str = Field(default="", max_length=300)
    denominator_en: str = Field(default="", max_length=300)
    # Children whom others may guess from a small number, in an indicator that is not sensitive as a whole.
    is_sensitive: bool = False


class Target(SQLModel, table=True):
    """Values are basis points (10000 = 100 %). A target of kind `increase` has no number of its own."""

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("indicator_id", "year_from"),
        one_of("kind", TARGET_KINDS),
        one_of("certainty", CERTAINTIES),
        check("(kind = 'increase') = (value_bp IS NULL)", "value_by_kind"),
        check("value_bp BETWEEN 0 AND 10000", "value_range"),
        check("near_bp BETWEEN 0 AND 10000", "near_range"),
        check("year_to IS NULL OR year_to >= year_from", "years_in_order"),
    )
    id: int | None = Field(default=None, primary_key=True)
    indicator_id: int = Field(foreign_key="indicator.id")
    year_from: int
    year_to: int | None = None
    kind: str = Field(max_length=20)
    value_bp: int | None = None
    near_bp: int = 0
    clause: str = Field(max_length=60)
    certainty: str = Field(default="quoted", max_length=20)


class Reference(SQLModel, table=True):
    """A national value to look at beside the target; the plan is never judged by it."""

    __tablename__ = "reference"
    __table_args__ = (
        UniqueConstraint("indicator_id", "year"),
        one_of("certainty", CERTAINTIES),
        check("value_bp BETWEEN 0 AND 10000", "value_range"),
    )
    id: int | None = Field(default=None, primary_key=True)
    indicator_id: int = Field(foreign_key="indicator.id")
    year: int
    value_bp: int
    source_vi: str = Field(max_length=300)
    source_en: str = Field(max_length=300)
    note_vi: str = Field(default="", max_length=600)
    note_en: str = Field(default="", max_length=600)
    is_same_definition: bool = True
    certainty: str = Field(default="quoted", max_length=20)
