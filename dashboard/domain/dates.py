"""Dates as people write them: the day first, then the month, then the year. Never guessed, never replaced.

What could be two days is refused, and so is a date without its year: “5/1” typed in December is next month's or last
winter's, and nobody would notice which.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Final
from unicodedata import category

from dashboard.domain.folding import folded

# No day of this program's registers and papers lies before; the plans that they belong to begin later.
FIRST_YEAR: Final = 2000
YEARS_AHEAD: Final = 10
MONTHS: Final = 12
_CENTURY: Final = 2000
_WEEKDAYS: Final = (
    ("thứ hai", "monday"),
    ("thứ ba", "tuesday"),
    ("thứ tư", "wednesday"),
    ("thứ năm", "thursday"),
    ("thứ sáu", "friday"),
    ("thứ bảy", "saturday"),
    ("chủ nhật", "sunday"),
)
_DAY_OF_WEEK: Final = {folded(name): at for at, names in enumerate(_WEEKDAYS) for name in names} | {
    f"thứ {number}": at for at, number in enumerate("234567")
}
_ENGLISH: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Blanks are looked through from their first one alone.
_BESIDE: Final = re.compile(
    rf"^({'|'.join(_DAY_OF_WEEK)})\b[, ]*|(?<![, ])[, ]*\(({'|'.join(_DAY_OF_WEEK)})\)$"
)
_SEPARATOR: Final = r" ?[-/.,∕⁄ ] ?"
_DAY_FIRST: Final = re.compile(
    rf"(\d{{1,2}}){_SEPARATOR}(\d{{1,2}})(?:{_SEPARATOR}(\d{{2}}|\d{{4}}))?\.?", re.ASCII
)
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}}){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}(\d{{1,2}})", re.ASCII)
_IN_WORDS: Final = re.compile(
    r"(\d{1,2}),? ?tháng ?(\d{1,2})(?:,? ?(?:năm ?)?(\d{4})| ?[/-] ?(\d{4}))?\.?", re.ASCII
)
_IN_ENGLISH: Final = re.compile(
    rf"(?:(\d{{1,2}}) ({'|'.join(_ENGLISH)})[a-z]*|({'|'.join(_ENGLISH)})[a-z]* (\d{{1,2}}))(?:,? (\d{{4}}))?",
    re.ASCII,
)
_JOINED: Final = re.compile(r"\d{8}", re.ASCII)


class DateProblem(StrEnum):
    empty = "empty"
    not_a_date = "not_a_date"
    year_missing = "year_missing"
    no_such_day = "no_such_day"
    no_such_month = "no_such_month"
    month_first = "month_first"
    year_impossible = "year_impossible"
    other_weekday = "other_weekday"


class DateRefused(ValueError):
    """`text` as typed; `reading` holds the days that it could have meant."""

    def __init__(self, problem: DateProblem, text: str, reading: tuple[date, ...] = ()) -> None:
        super().__init__(problem, text)
        self.problem, self.text, self.reading = problem, text, reading


def possible_years(today: date) -> tuple[int, int]:
    """The first and the last year that a date may have."""
    return FIRST_YEAR, today.year + YEARS_AHEAD


def parse_date(text: str, *, today: date) -> date:
    """The day that `text` names; raises DateRefused.

    5/1/2021, 05-01-2021, 5.1.21, 05012021, “ngày 5 tháng 1 năm 2021”, “5 Jan 2021” and 2021-01-05 are the fifth of
    January. A day of the week beside the date must be its own.
    """
    clean = folded(text).removeprefix("ngày ").strip()
    if not clean:
        raise DateRefused(DateProblem.empty, text)
    if any(category(sign) == "No" for sign in text):
        raise DateRefused(DateProblem.not_a_date, text)
    named = _BESIDE.search(clean)
    bare = _BESIDE.sub("", clean).removeprefix("ngày ").strip()
    found = _joined(bare, text, today) if _JOINED.fullmatch(bare) else _day(*_parts(bare, text), text, today)
    if named and _DAY_OF_WEEK[named[1] or named[2]] != found.weekday():
        raise DateRefused(DateProblem.other_weekday, text, (found,))
    return found


def _parts(clean: str, text: str) -> tuple[int, int, int]:
    """Day, month and year, whether there is such a day or not."""
    if found := _YEAR_FIRST.fullmatch(clean):
        return int(found[3]), int(found[2]), int(found[1])
    if found := _IN_ENGLISH.fullmatch(clean):
        named = _ENGLISH.index(found[2] or found[3]) + 1
        return int(found[1] or found[4]), named, _year(found[5], text)
    found = _DAY_FIRST.fullmatch(clean) or _IN_WORDS.fullmatch(clean)
    if not found:
        raise DateRefused(DateProblem.not_a_date, text)
    day, month, *years = found.groups()
    return int(day), int(month), _year(next(filter(None, years), None), text)


def _year(typed: str | None, text: str) -> int:
    if typed is None:
        raise DateRefused(DateProblem.year_missing, text)
    return int(typed) if len(typed) > 2 else _CENTURY + int(typed)  # noqa: PLR2004 - “21” is 2021


def _day(day: int, month: int, year: int, text: str, today: date) -> date:
    first, last = possible_years(today)
    if not first <= year <= last:
        raise DateRefused(DateProblem.year_impossible, text)
    if not 1 <= month <= MONTHS:
        swapped = _or_none(month, day, year)
        problem = DateProblem.month_first if swapped else DateProblem.no_such_month
        raise DateRefused(problem, text, (swapped,) if swapped else ())
    found = _or_none(day, month, year)
    if found is None:
        raise DateRefused(DateProblem.no_such_day, text)
    return found


def _joined(clean: str, text: str, today: date) -> date:
    """Eight digits in a row: day, month, year, or the other way round. In our years no digits are both."""
    first, last = possible_years(today)
    readings = (clean[:2], clean[2:4], clean[4:]), (clean[6:], clean[4:6], clean[:4])
    for day, month, year in readings:
        found = _or_none(int(day), int(month), int(year))
        if found and first <= found.year <= last:
            return found
    raise DateRefused(DateProblem.not_a_date, text)


def _or_none(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
