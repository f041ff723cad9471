"""When people of the offices sit at their desks: made-up work is done in these hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from random import Random

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
WORKDAYS = 10  # in which a report is typed, before the day on which it is sent
SHIFTS = ((450, 690), (810, 1010))  # office hours in minutes of the day
HOLIDAYS = ((4, 30), (5, 1))


def is_workday(day: date) -> bool:
    return day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS  # noqa: PLR2004 - Saturday is day 5


def moment(day: date, minute: int, luck: Random) -> datetime:
    at = time(minute // 60, minute % 60, luck.randrange(60))
    return datetime.combine(day, at, tzinfo=LOCAL).astimezone(UTC)


def some_moment(day: date, luck: Random) -> datetime:
    return moment(day, luck.randrange(*luck.choice(SHIFTS)), luck)


def office_moments(number: int, before: date, luck: Random, since: date | None = None) -> list[datetime]:
    """Moments on the last workdays before a day, and not before `since`; oldest first."""
    days = [before - timedelta(days=back) for back in range(1, 2 * WORKDAYS)]
    days = [day for day in days if is_workday(day) and (since is None or day >= since)][:WORKDAYS]
    return sorted(some_moment(luck.choice(days), luck) for _each in range(number))
