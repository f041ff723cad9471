"""The order of reporting periods, each a year and its part."""

from __future__ import annotations

from dashboard.domain.catalogue import Part

Period = tuple[int, Part]


def same_period_last_year(period: Period) -> Period:
    year, part = period
    return year - 1, part


def previous_period(period: Period) -> Period:
    """The report before this one: six months of Y follow the year Y-1, the year Y follows its six months."""
    year, part = period
    return (year, Part.half) if part is Part.year else (year - 1, Part.year)


def in_order(period: Period) -> int:
    """A number that grows with time."""
    year, part = period
    return year * 2 + (part is Part.year)
