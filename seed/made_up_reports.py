"""What of the made-up figures counts as reported, in which steps, by whom and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from seed.made_up import Value, made_up_figures
from seed.office_hours import LOCAL, is_workday, moment, office_moments
from seed.story import Cell, chance, story

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from seed.story import Correction, Story

TOWN = "phuoc-long"
TOWN_OFFICER = "tonghop"
# Agencies type what they lead for all communes; the rest each commune types for itself.
TYPED_BY = {
    "T2b": "yte",
    "T3": "giaoduc",
    "T4": "giaoduc",
    "M15": "yte",
    "T7": "vanhoa",
    "T10": "giaoduc",
    "T11a": "giaoduc",
    "T11b": "giaoduc",
    "T11c": "giaoduc",
}
BEFORE_COVID = "Chưa có dịch Covid-19 (minh họa)"


@dataclass(frozen=True)
class EntryRow:
    cell: Cell
    version: int
    value: Value
    reason: str
    by: str
    at: datetime

    @property
    def token(self) -> str:
        return f"demo:{self.cell.area}:{self.cell.line}:{self.cell.year}-{self.cell.part}:{self.version}"


@dataclass(frozen=True)
class ReportRow:
    """`submitted_at` and `by` are None while the report is a draft."""

    area: str
    year: int
    part: str
    submitted_at: datetime | None
    by: str | None

    @property
    def data_as_of(self) -> date:
        return date(self.year, 4, 30) if self.part == "half" else date(self.year, 10, 31)


@dataclass(frozen=True)
class Demonstration:
    """`entries` oldest first, all versions of a cell in order; the last version of a cell is its figure."""

    entries: tuple[EntryRow, ...]
    reports: tuple[ReportRow, ...]


def demonstration_rows() -> Demonstration:
    """Everything that is stored, without a database: the same at every call and on every machine."""
    told = story()
    reported = _reported_figures(told)
    reports: list[ReportRow] = []
    entries: list[EntryRow] = []
    for (area, year, part), figures in reported.items():
        luck = chance("typing", area, year, part)
        sent = _sent((area, year, part), told, luck)
        if area != TOWN:
            is_draft = area in told.halfway and (year, part) == _open_period(told)
            by = None if is_draft else officer(area)
            reports.append(ReportRow(area, year, part, None if is_draft else sent, by))
        entries += _typed(figures, sent, told, luck)
    entries.sort(key=lambda row: (row.at, row.cell, row.version))
    return Demonstration(tuple(entries), tuple(reports))


def officer(area: str) -> str:
    """The login of the area's own officer."""
    return TOWN_OFFICER if area == TOWN else area.replace("-", "")


def _open_period(told: Story) -> tuple[int, str]:
    return told.years[-1], "year"


def _reported_figures(told: Story) -> dict[tuple[str, int, str], dict[Cell, Value]]:
    """Figures by (area, year, part), without those that nobody has typed yet."""
    reported: dict[tuple[str, int, str], dict[Cell, Value]] = {}
    for cell, value in made_up_figures().items():
        said = _as_reported(cell, value, told)
        if said:
            reported.setdefault((cell.area, cell.year, cell.part), {})[cell] = said
    return reported


def _as_reported(cell: Cell, value: Value, told: Story) -> Value | None:
    year, part = _open_period(told)
    if (cell.year, cell.part) != (year, part) or cell.area in told.submitted[f"{year} {part}"]:
        return value
    halfway = told.halfway.get(cell.area)
    if halfway and cell.line in halfway.first_number:
        return replace(value, denominator=None)
    return value if halfway and cell.line in halfway.lines else None


def _sent(report: tuple[str, int, str], told: Story, luck: Random) -> datetime:
    """When the report was sent, or, while it is a draft, when its officer last sat over it."""
    area, year, part = report
    days = told.submitted.get(f"{year} {part}", {})
    month, first = (5, 6) if part == "half" else (11, 1)
    some_day = luck.choice([day for day in _days_from(date(year, month, first), 9) if is_workday(day)])
    is_open = (year, part) == _open_period(told)
    day = days.get(area, told.day - timedelta(days=1) if is_open else some_day)
    return moment(day, 935 + luck.randrange(70), luck)


def _days_from(first: date, number: int) -> list[date]:
    return [first + timedelta(days=days) for days in range(number)]


def _typed(figures: dict[Cell, Value], sent: datetime, told: Story, luck: Random) -> Iterator[EntryRow]:
    """First entries on the days before the report was sent, corrections on that day itself."""
    moments = office_moments(len(figures), sent.astimezone(LOCAL).date(), luck)
    corrections = {Cell.parse(each.cell): each for each in told.corrections}
    for (cell, value), at in zip(figures.items(), moments, strict=True):
        by = officer(cell.area) if cell.area == TOWN else TYPED_BY.get(cell.code, officer(cell.area))
        last = EntryRow(cell, 1, value, _reason(cell, value, told), by, at)
        yield from _versions(last, corrections.get(cell), sent, luck)


def _reason(cell: Cell, value: Value, told: Story) -> str:
    if value.answer != "not_applicable":
        return ""
    return BEFORE_COVID if cell.code == "M8" else told.not_applicable.reason


def _versions(
    last: EntryRow, correction: Correction | None, sent: datetime, luck: Random
) -> Iterator[EntryRow]:
    if correction is None:
        yield last
        return
    values = [*(_shifted(last.value, *off) for off in correction.off), last.value]
    day = sent.astimezone(LOCAL).date()
    for version, value in enumerate(values, start=1):
        is_first = version == 1
        at = last.at if is_first else moment(day, 810 + 40 * (version - 1) + luck.randrange(30), luck)
        reason = "" if is_first else correction.reasons[version - 2]
        yield replace(last, version=version, value=value, reason=reason, at=at)


def _shifted(value: Value, numerator: int, denominator: int) -> Value:
    return Value(
        value.answer,
        None if value.numerator is None else value.numerator + numerator,
        None if value.denominator is None else value.denominator + denominator,
    )
