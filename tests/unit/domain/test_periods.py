"""Reporting periods follow each other: six months, then the year."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.catalogue import Part
from dashboard.domain.periods import in_order, previous_period, same_period_last_year

PERIODS = st.tuples(st.integers(min_value=2000, max_value=2100), st.sampled_from(Part))


def test_six_months_follow_the_year_before() -> None:
    assert previous_period((2021, Part.half)) == (2020, Part.year)


def test_a_year_follows_its_own_six_months() -> None:
    assert previous_period((2021, Part.year)) == (2021, Part.half)


@given(PERIODS)
def test_the_same_period_last_year_is_two_reports_back(period: tuple[int, Part]) -> None:
    assert previous_period(previous_period(period)) == same_period_last_year(period)


@given(PERIODS)
def test_nothing_lies_between_a_period_and_the_one_before(period: tuple[int, Part]) -> None:
    assert in_order(period) - in_order(previous_period(period)) == 1


def test_periods_sort_by_time() -> None:
    mixed = [(2021, Part.year), (2020, Part.half), (2021, Part.half), (2020, Part.year)]
    assert sorted(mixed, key=in_order) == [mixed[1], mixed[3], mixed[2], mixed[0]]
