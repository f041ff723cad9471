"""Before a day means before it; weekends and holidays move the last safe day forward."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.deadlines import Due, days_left, due_state, is_in_time, last_safe_day

HALF = date(2021, 5, 15)
YEAR = date(2021, 11, 10)
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))


def test_the_day_itself_is_too_late() -> None:
    assert is_in_time(date(2021, 5, 14), HALF)
    assert not is_in_time(HALF, HALF)


@pytest.mark.parametrize(
    ("before", "safe"),
    [
        (HALF, date(2021, 5, 14)),
        (date(2021, 5, 17), date(2021, 5, 14)),
        (YEAR, date(2021, 11, 9)),
        (date(2021, 11, 15), date(2021, 11, 12)),
    ],
)
def test_the_last_safe_day_is_a_working_day_before_the_deadline(before: date, safe: date) -> None:
    assert last_safe_day(before) == safe


def test_holidays_move_the_last_safe_day_forward() -> None:
    holidays = {date(2021, 4, 30), date(2021, 5, 3)}
    assert last_safe_day(date(2021, 5, 4), holidays) == date(2021, 4, 29)


@given(DAYS, st.sets(DAYS, max_size=5))
def test_a_safe_day_is_in_time_and_worked(before: date, holidays: set[date]) -> None:
    safe = last_safe_day(before, holidays)
    assert is_in_time(safe, before)
    assert safe.weekday() < 5
    assert safe not in holidays


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2021, 11, 1), Due.ahead),
        (date(2021, 11, 2), Due.soon),
        (date(2021, 11, 8), Due.soon),
        (date(2021, 11, 9), Due.last_day),
        (YEAR, Due.overdue),
    ],
)
def test_a_report_comes_closer_day_by_day(today: date, state: Due) -> None:
    assert due_state(today, YEAR, None) is state


def test_a_submitted_report_is_done_and_says_when_it_was_late() -> None:
    today = date(2021, 12, 1)
    assert due_state(today, YEAR, date(2021, 11, 9)) is Due.done
    assert due_state(today, YEAR, YEAR) is Due.done_late


@given(DAYS, DAYS)
def test_no_days_are_left_exactly_on_the_last_day(today: date, before: date) -> None:
    left = days_left(today, before)
    assert is_in_time(today, before) == (left >= 0)
    assert today + timedelta(days=left + 1) == before
