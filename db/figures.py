"""Figures: append-only entries, and the current value of each cell with its version.

All values are integers: children, communes, documents as counted, money in đồng.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.base import Moment, check, one_of, whole

LARGEST = 10**12
ANSWERS = ("figure", "nil", "not_applicable", "not_reported")


def _rules() -> tuple[object, ...]:
    """What holds for every entry and every current value alike."""
    return (
        one_of("answer", ANSWERS),
        check("version >= 1", "version_positive"),
        check("numerator >= 0", "numerator_not_negative"),
        check("denominator >= 0", "denominator_not_negative"),
        whole("numerator", LARGEST),
        whole("denominator", LARGEST),
        check("denominator > 0", "denominator_positive"),
        check("numerator <= denominator", "numerator_within_denominator"),
        check("(answer = 'figure') = (numerator IS NOT NULL OR denominator IS NOT NULL)", "values_by_answer"),
    )


class FigureEntry(SQLModel, table=True):
    """One thing that one person said about one cell. Triggers refuse changes and deletions."""

    __tablename__ = "figure_entry"
    __table_args__ = (UniqueConstraint("split_id", "area_id", "period_id", "version"), *_rules())
    id: int | None = Field(default=None, primary_key=True)
    split_id: int = Field(foreign_key="split.id")
    area_id: int = Field(foreign_key="area.id")
    period_id: int = Field(foreign_key="period.id")
    version: int
    answer: str = Field(max_length=20)
    numerator: int | None = Field(default=None, sa_type=BigInteger)
    denominator: int | None = Field(default=None, sa_type=BigInteger)
    reason: str = Field(default="", max_length=500)
    is_synthetic: bool = False
    entered_by: int = Field(foreign_key="account.id")
    entered_at: datetime = Field(sa_type=Moment)
    # Made by the form when a field is opened: the same keystrokes sent twice are stored once.
    token: str = Field(max_length=64, unique=True)


class Figure(SQLModel, table=True):
    __tablename__ = "figure"
    __table_args__ = (UniqueConstraint("split_id", "area_id", "period_id"), *_rules())
    id: int | None = Field(default=None, primary_key=True)
    split_id: int = Field(foreign_key="split.id")
    area_id: int = Field(foreign_key="area.id")
    period_id: int = Field(foreign_key="period.id", index=True)
    version: int
    answer: str = Field(max_length=20)
    numerator: int | None = Field(default=None, sa_type=BigInteger)
    denominator: int | None = Field(default=None, sa_type=BigInteger)
    is_synthetic: bool = False
    entered_by: int = Field(foreign_key="account.id")
    entered_at: datetime = Field(sa_type=Moment)
    entry_id: int = Field(foreign_key="figure_entry.id", unique=True)
