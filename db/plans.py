"""The yearly plan and its reporting periods with both tiers of deadlines (plan, section VI)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from db.base import check, one_of, possible_day, possible_year

PARTS = ("half", "year")


class Plan(SQLModel, table=True):
    __tablename__ = "plan"
    __table_args__ = (possible_year("year"),)
    id: int | None = Field(default=None, primary_key=True)
    year: int = Field(unique=True)
    area_id: int = Field(foreign_key="area.id")
    number: str | None = Field(default=None, max_length=60)
    signed_on: date | None = None
    title_vi: str = Field(max_length=300)
    title_en: str = Field(max_length=300)
    issuer_vi: str = Field(max_length=200)
    issuer_en: str = Field(max_length=200)
    basis_vi: str = Field(default="", max_length=1000)
    basis_en: str = Field(default="", max_length=1000)


class Period(SQLModel, table=True):
    """A deadline is the day *before* which a report is due: the day itself is already late."""

    __tablename__ = "period"
    __table_args__ = (
        UniqueConstraint("year", "part"),
        one_of("part", PARTS),
        check("(communes_before IS NULL) = (town_before IS NULL)", "deadlines_together"),
        check("town_before > communes_before", "town_after_communes"),
        possible_year("year"),
        possible_day("communes_before"),
        possible_day("town_before"),
    )
    id: int | None = Field(default=None, primary_key=True)
    year: int
    part: str = Field(max_length=10)
    communes_before: date | None = None
    town_before: date | None = None
    clause: str = Field(default="", max_length=60)
