"""Which cells are typed at all: one rule, and each of its other forms says the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.answers import Answer
from dashboard.domain.catalogue import IndicatorKind, SplitsRule
from dashboard.domain.typed_cells import (
    CellProblem,
    Line,
    Place,
    answered,
    cell_problem,
    exists_in,
    is_answered,
    is_sum_line,
    last_day,
    line_problem,
    sum_lines,
)

TODAY = date(2021, 11, 5)
LINE = Line("commune", "none", "all")
COMMUNE = Place("commune", is_plans_own=False, is_below=True, valid_from=date(2009, 8, 11))
TOWN = Place("town", is_plans_own=True, is_below=False, valid_from=date(2009, 8, 11))
PROVINCE = replace(TOWN, kind="province", is_plans_own=False)
YEARS = st.integers(2000, 2100)
PARTS = st.sampled_from(["half", "year"])


def problem(
    line: Line = LINE, place: Place = COMMUNE, year: int = 2021, part: str = "year"
) -> CellProblem | None:
    return cell_problem(line, place, year, part, today=TODAY)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        (LINE, COMMUNE),
        (replace(LINE, splits_rule="subsets"), COMMUNE),
        (replace(LINE, splits_rule="parts", slug="tieu-hoc"), COMMUNE),
        (replace(LINE, derived_since=2022), COMMUNE),
        (replace(LINE, scope="town"), TOWN),
    ],
)
def test_what_is_typed(line: Line, place: Place) -> None:
    assert problem(line, place) is None


@pytest.mark.parametrize(
    ("line", "place", "found"),
    [
        (replace(LINE, splits_rule="parts"), COMMUNE, CellProblem.sum_line),
        (replace(LINE, derived_since=2021), COMMUNE, CellProblem.derived),
        (replace(LINE, derived_since=2000), COMMUNE, CellProblem.derived),
        (LINE, TOWN, CellProblem.commune_line),
        (LINE, PROVINCE, CellProblem.commune_line),
        (replace(LINE, scope="town"), COMMUNE, CellProblem.town_line),
        (replace(LINE, scope="town"), PROVINCE, CellProblem.town_line),
        (LINE, replace(COMMUNE, is_below=False), CellProblem.area_outside),
        (LINE, replace(COMMUNE, valid_to=date(2021, 1, 1)), CellProblem.area_ended),
        (LINE, replace(COMMUNE, valid_from=date(2022, 1, 1)), CellProblem.area_ended),
        (replace(LINE, scope="town"), replace(TOWN, valid_to=date(2020, 7, 1)), CellProblem.area_ended),
    ],
)
def test_what_is_not_typed(line: Line, place: Place, found: CellProblem) -> None:
    assert problem(line, place) is found


@pytest.mark.parametrize("part", ["half", "year"])
def test_a_period_that_has_not_begun_takes_nothing(part: str) -> None:
    assert problem(year=2022, part=part) is CellProblem.not_begun
    assert problem(year=2021, part=part) is None
    assert problem(year=2019, part=part) is None


def test_a_commune_that_began_after_the_half_year_has_nothing_to_say_of_it() -> None:
    young = replace(COMMUNE, valid_from=date(2021, 7, 1))
    assert problem(place=young, part="half") is CellProblem.area_ended
    assert problem(place=young, part="year") is None


@given(
    line=st.builds(
        Line,
        st.sampled_from(["commune", "town"]),
        st.sampled_from(list(SplitsRule)),
        st.sampled_from(["all", "nu", "dtts"]),
        st.none() | YEARS,
    ),
    year=YEARS,
)
def test_a_line_is_either_typed_or_for_one_reason_not(line: Line, year: int) -> None:
    derived = line.derived_since is not None and line.derived_since <= year
    summed = line.splits_rule == "parts" and line.slug == "all"
    assert (line_problem(line, year) is None) == (not derived and not summed)


@given(
    begin=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    days=st.none() | st.integers(1, 20_000),
    year=YEARS,
    part=PARTS,
)
def test_an_area_exists_in_a_period_on_some_day_of_it(
    begin: date, days: int | None, year: int, part: str
) -> None:
    end = None if days is None else date.fromordinal(begin.toordinal() + days)
    place = replace(COMMUNE, valid_from=begin, valid_to=end)
    first, last = date(year, 1, 1).toordinal(), last_day(year, part).toordinal()
    alive = range(max(first, begin.toordinal()), min(last + 1, end.toordinal() if end else last + 1))
    assert exists_in(place, year, part) == (len(alive) > 0)


RULES = st.sampled_from(["none", "subsets", "parts"])
SLUGS = st.sampled_from(["all", "nu", "tieu-hoc", "ALL", ""])


@given(st.lists(st.tuples(RULES, SLUGS), max_size=20))
def test_both_forms_of_the_rule_of_sums_agree(rows: list[tuple[str, str]]) -> None:
    frame = pl.DataFrame(rows, schema={"splits_rule": pl.String, "slug": pl.String}, orient="row")
    assert frame.select(sum_lines()).to_series().to_list() == [is_sum_line(*row) for row in rows]


NUMBERS = st.none() | st.integers(0, 10**12)
VALUES = st.tuples(
    st.sampled_from([*IndicatorKind]), st.none() | st.sampled_from([*Answer]), NUMBERS, NUMBERS
)


@given(st.lists(VALUES, max_size=20))
def test_both_forms_of_what_is_answered_agree(
    rows: list[tuple[str, str | None, int | None, int | None]],
) -> None:
    schema = {"kind": pl.String, "answer": pl.String, "numerator": pl.Int64, "denominator": pl.Int64}
    frame = pl.DataFrame([tuple(map(_plain, row)) for row in rows], schema=schema, orient="row")
    assert frame.select(answered()).to_series().to_list() == [is_answered(*row) for row in rows]


def _plain(value: object) -> object:
    return str(value) if isinstance(value, str) else value


def test_half_a_ratio_is_no_answer() -> None:
    assert not is_answered("ratio", "figure", 97, None)
    assert not is_answered("ratio", "figure", None, 100)
    assert is_answered("count", "figure", 97, None)
    assert is_answered("ratio", "nil", None, None)
