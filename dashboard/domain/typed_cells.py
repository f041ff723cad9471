"""Which cells of the plan are typed at all: the one rule for saving, for the sheet, for progress and for reports.

A cell is a line of an indicator, an area, and a period. Sums follow from their parts, and what a register says is
read off the register; a line belongs to the communes or to the town as a whole, and only while they exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import polars as pl

from dashboard.domain.answers import Answer
from dashboard.domain.catalogue import IndicatorKind, Part, SplitsRule

# The line of an indicator as a whole; the others are its parts or subsets.
WHOLE_LINE: Final = "all"
COMMUNE, TOWN = "commune", "town"


class CellProblem(StrEnum):
    """Why nothing is typed into a cell."""

    derived = "derived"
    sum_line = "sum_line"
    commune_line = "commune_line"
    town_line = "town_line"
    area_outside = "area_outside"
    area_ended = "area_ended"
    not_begun = "not_begun"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an indicator: `scope` is commune or town; from `derived_since` on a register says it."""

    scope: str
    splits_rule: str
    slug: str
    derived_since: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """An area: `is_plans_own` is the one whose plan it is, `is_below` lies in it. It exists before `valid_to`."""

    kind: str
    is_plans_own: bool
    is_below: bool
    valid_from: date
    valid_to: date | None = None


def cell_problem(line: Line, place: Place, year: int, part: str, *, today: date) -> CellProblem | None:
    """Why the cell is not typed, the first reason that a reader would ask for; None where it is."""
    return (
        line_problem(line, year)
        or _scope_problem(line, place)
        or (None if exists_in(place, year, part) else CellProblem.area_ended)
        or (CellProblem.not_begun if first_day(year, part) > today else None)
    )


def line_problem(line: Line, year: int) -> CellProblem | None:
    if is_derived(line.derived_since, year):
        return CellProblem.derived
    return CellProblem.sum_line if is_sum_line(line.splits_rule, line.slug) else None


def is_derived(derived_since: int | None, year: int) -> bool:
    """Whether a register says it in `year`; what was typed for the years before stays as it was typed."""
    return derived_since is not None and year >= derived_since


def is_sum_line(splits_rule: str, slug: str) -> bool:
    """Whether the line is the sum of the indicator's other lines."""
    return splits_rule == SplitsRule.parts and slug == WHOLE_LINE


def sum_lines() -> pl.Expr:
    """`is_sum_line` of the columns splits_rule and slug."""
    return (pl.col("splits_rule") == SplitsRule.parts) & (pl.col("slug") == WHOLE_LINE)


def _scope_problem(line: Line, place: Place) -> CellProblem | None:
    if line.scope == TOWN:
        return None if place.is_plans_own else CellProblem.town_line
    if place.kind != COMMUNE:
        return CellProblem.commune_line
    return None if place.is_below else CellProblem.area_outside


def exists_in(place: Place, year: int, part: str) -> bool:
    """Whether the area existed on any day of the period: who ended in it may still have something to report."""
    begin, end = first_day(year, part), last_day(year, part)
    return place.valid_from <= end and (place.valid_to is None or place.valid_to > begin)


def first_day(year: int, part: str) -> date:
    """Both reports of a year count from its beginning."""
    del part
    return date(year, 1, 1)


def last_day(year: int, part: str) -> date:
    """The plan does not say what days a report covers; the calendar's half-years are our reading."""
    return date(year, 6, 30) if part == Part.half else date(year, 12, 31)


def is_answered(kind: str, answer: str | None, numerator: int | None, denominator: int | None) -> bool:
    """Whether a cell is answered in full: a ratio has both its numbers. A deliberate "not yet" is an answer."""
    if answer is None:
        return False
    return answer != Answer.figure or kind != IndicatorKind.ratio or None not in (numerator, denominator)


def answered() -> pl.Expr:
    """`is_answered` of the columns kind, answer, numerator and denominator."""
    is_half = (
        (pl.col("kind") == IndicatorKind.ratio)
        & (pl.col("answer") == Answer.figure)
        & (pl.col("numerator").is_null() | pl.col("denominator").is_null())
    )
    return pl.col("answer").is_not_null() & ~is_half.fill_null(value=False)
