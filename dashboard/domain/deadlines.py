"""Deadlines of the plan (section VI): "trước ngày 15/5" is strictly before that day."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Container

SOON_DAYS: Final = 7
SATURDAY: Final = 5


class Due(StrEnum):
    ahead = "ahead"
    soon = "soon"
    last_day = "last_day"
    overdue = "overdue"
    done = "done"
    done_late = "done_late"


def is_in_time(day: date, before: date) -> bool:
    return day < before


def last_safe_day(before: date, holidays: Container[date] = ()) -> date:
    """The last working day strictly before `before`: Friday 14/5 for "trước ngày 15/5/2021"."""
    day = before - timedelta(days=1)
    while day.weekday() >= SATURDAY or day in holidays:
        day -= timedelta(days=1)
    return day


def days_left(today: date, before: date) -> int:
    """Days after today on which a report is still in time; 0 on the last day, negative when overdue."""
    return (before - today).days - 1


def due_state(today: date, before: date, submitted_on: date | None) -> Due:
    if submitted_on is not None:
        return Due.done if is_in_time(submitted_on, before) else Due.done_late
    left = days_left(today, before)
    if left < 0:
        return Due.overdue
    if left == 0:
        return Due.last_day
    return Due.soon if left <= SOON_DAYS else Due.ahead
