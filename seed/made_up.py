"""Made-up figures of all communes, complete and consistent, before any of it counts as reported.

Children and documents as whole numbers, money in đồng. The sums, subsets and running totals that real figures
must keep are kept by construction: each is drawn from what it belongs to.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seed.made_up_money import commune_money, town_money
from seed.story import Cell, Point, chance, story

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seed.story import Story

GROUPS = {  # of children in special circumstances, with their rough weight; the others stay empty
    "khuyet-tat": 50,
    "khong-noi-nuong-tua": 14,
    "mo-coi": 12,
    "benh-hiem-ngheo": 11,
    "bo-hoc-kiem-song": 6,
    "bi-bo-roi": 4,
    "vi-pham-phap-luat": 3,
}
EMPTY_GROUPS = (
    "hiv-aids",
    "nghien-ma-tuy",
    "ton-hai-do-bao-luc",
    "bi-boc-lot",
    "bi-xam-hai-tinh-duc",
    "bi-mua-ban",
    "di-cu-lanh-nan",
)
INJURIES = {
    "nga": 36,
    "giao-thong": 22,
    "suc-vat-can": 14,
    "bong-chay": 9,
    "cat-dam": 9,
    "ngo-doc": 3,
    "ngat-tho": 2,
    "duoi-nuoc": 2,
    "dien-giat": 1,
    "khac": 4,
    "bom-min": 0,
}
SCHOOLS = {"tieu-hoc": 0.50, "thcs": 0.37}  # share of children from 6 to 15 who are pupils of the level
COVID_SINCE = 2020
REGISTERS_SINCE = 2021  # from then on T7 and T8 follow from the registers: nobody types them


@dataclass(frozen=True)
class Value:
    answer: str
    numerator: int | None = None
    denominator: int | None = None


Figure = tuple[str, Value]  # a line ("T4/dtts") with what is said of it
NIL = Value("nil")
NOT_APPLICABLE = Value("not_applicable")


def made_up_figures() -> dict[Cell, Value]:
    """Every cell of the three years, for each commune and for the town's own money."""
    told = story()
    figures = {}
    for point in told.points():
        for line, value in commune_figures(point, told):
            figures[_cell(point, line)] = value
    for year in told.years:
        for part, line, amount in town_money(year, told):
            figures[Cell("phuoc-long", year, part, line)] = Value("figure", amount)
    return figures | _exceptions(told)


def commune_figures(point: Point, told: Story) -> Iterator[Figure]:
    yield from _children(point, told)
    yield from _care(point, told)
    yield from _schools(point, told)
    yield from _communes_answers(point, told)
    yield from _documents(point, told)
    yield from _harm(point, told)
    yield from _quarantine(point)
    yield from _activities(point, told)
    for line, amount in commune_money(point, told):
        yield line, _count(amount)


def _cell(point: Point, line: str) -> Cell:
    return Cell.parse(f"{point.area} {line} {point.year} {point.part}")


def _exceptions(told: Story) -> dict[Cell, Value]:
    nil = {Cell.parse(text): NIL for text in told.nil.cells}
    return nil | {Cell.parse(text): NOT_APPLICABLE for text in told.not_applicable.cells}


def _count(number: int) -> Value:
    return Value("figure", number) if number else NIL


def _grown(size: float, point: Point, told: Story, years: float | None = None) -> int:
    rate = 1 + told.people.growth[point.index] / 1000
    return round(size * math.pow(rate, point.elapsed if years is None else years))


def under16(point: Point, told: Story) -> int:
    return _grown(told.people.under16[point.index], point, told)


def under6(point: Point, told: Story) -> int:
    return _grown(told.people.under6[point.index], point, told)


def special(point: Point, told: Story) -> int:
    return round(told.people.special[point.index] * (1 + 0.012 * point.elapsed))


def missing(line: str, point: Point, told: Story, denominator: int) -> int:
    """How many of `denominator` the share of `line` leaves out."""
    share = told.shares[line]
    level, step = share.level[point.index], share.step[point.index]
    wobble = chance(line, point.area, point.year, point.part).uniform(-2, 2)
    mille = min(level + step * (point.elapsed - 2) + wobble, 1000.0)
    exact = denominator * (1000 - mille) / 1000
    extra = sum(short.children for short in told.short if Cell.parse(short.cell) == _cell(point, line))
    return min(round(exact) + extra, denominator)


def _ratio(line: str, point: Point, told: Story, denominator: int) -> Value:
    if not denominator:
        return NIL
    return Value("figure", denominator - missing(line, point, told, denominator), denominator)


def _children(point: Point, told: Story) -> Iterator[Figure]:
    at_risk = round(told.people.at_risk[point.index] * (1 - 0.02 * point.elapsed))
    yield "M1", _count(under16(point, told))
    yield "M2", _count(under6(point, told))
    yield "M4", _count(at_risk)
    total = special(point, told)
    for group, number in by_weight(total, GROUPS).items():
        yield f"M3/{group}", _count(number)
    for group in EMPTY_GROUPS:
        yield f"M3/{group}", NIL
    yield "T6", _ratio("T6", point, told, total)


def by_weight(total: int, weights: dict[str, int]) -> dict[str, int]:
    """`total` shared out in whole numbers; what rounding leaves goes to the largest remainders."""
    exact = {name: total * weight / sum(weights.values()) for name, weight in weights.items()}
    shares = {name: int(number) for name, number in exact.items()}
    left = total - sum(shares.values())
    for name in sorted(exact, key=lambda name: shares[name] - exact[name])[:left]:
        shares[name] += 1
    return shares


def _care(point: Point, told: Story) -> Iterator[Figure]:
    small = under6(point, told)
    yield "T2a", _ratio("T2a", point, told, small)
    in_need = round(small * (0.61 if point.is_year else 0.34))
    yield "T2b", _ratio("T2b", point, told, in_need)
    births = _grown(told.people.births[point.index], point, told, years=point.year - 2019)
    yield "T5", _ratio("T5", point, told, round(births * (0.94 if point.is_year else 0.42)))
    yield "M15", _ratio("M15", point, told, births)


def _schools(point: Point, told: Story) -> Iterator[Figure]:
    people, years = told.people, point.school_year - 2018
    of_school_age = people.under16[point.index] - people.under6[point.index]
    for school, share in SCHOOLS.items():
        wobble = 1 + chance("pupils", point.area, school, point.school_year).uniform(-0.006, 0.006)
        pupils = _grown(of_school_age * share * wobble, point, told, years=years)
        for code in ("T10", "T11a", "T11b", "T11c"):
            yield f"{code}/{school}", _ratio(f"{code}/{school}", point, told, pupils)
    wobble = 1 + chance("cohort", point.area, point.school_year).uniform(-0.012, 0.012)
    yield (
        "T3",
        _ratio("T3", point, told, _grown(people.under6[point.index] / 6 * wobble, point, told, years=years)),
    )
    yield from _grade_one(point, told, _grown(of_school_age / 10 * wobble, point, told, years=years))


def _grade_one(point: Point, told: Story, children: int) -> Iterator[Figure]:
    """The whole and its two groups: a group cannot miss more children than the whole does."""
    whole = _ratio("T4", point, told, children)
    out = missing("T4", point, told, children)
    minority = round(children * told.people.minority[point.index] / 1000)
    disabled = chance("disabled", point.area, point.school_year).randint(0, 2)
    yield "T4", whole
    yield "T4/dtts", Value("figure", minority - min(out, 1), minority)
    left_out = 1 if out > 1 else 0
    yield "T4/khuyet-tat", Value("figure", disabled - left_out, disabled) if disabled else NIL


def _communes_answers(point: Point, told: Story) -> Iterator[Figure]:
    codes = ("T1",) if point.year >= REGISTERS_SINCE else ("T1", "T7", "T8")
    for code in codes:
        is_not_yet = point.area in told.not_yet.get(f"{code} {point.year} {point.part}", ())
        yield code, Value("figure", 0 if is_not_yet else 1, 1)


def _documents(point: Point, told: Story) -> Iterator[Figure]:
    """Running totals: those of November contain those of May."""
    early, whole = told.people.documents[point.index]
    early += chance("documents", point.area, point.year).randint(0, 1)
    consulted = early - missing("T9", _may(point), told, early)
    if point.is_year:
        consulted += whole - early - missing("T9", point, told, whole - early)
    yield "T9", Value("figure", consulted, whole if point.is_year else early)


def _may(point: Point) -> Point:
    return Point(point.area, point.index, point.year, "half")


def _harm(point: Point, told: Story) -> Iterator[Figure]:
    cases = _injured(_may(point), told)
    if point.is_year:
        cases = [*cases, *_injured(point, told)]
    for kind in INJURIES:
        yield f"M5/{kind}", _count(cases.count(kind))
    for code in ("M6", "M7"):
        yield code, _count(_happened(told.single[code], point))


def _injured(point: Point, told: Story) -> list[str]:
    """The kind of each case between January and May, or between May and November."""
    luck = chance("injuries", point.area, point.year, point.part)
    number = min(max(told.people.injuries[point.index] + luck.randint(-1, 2), 5), 15)
    return luck.choices(list(INJURIES), weights=list(INJURIES.values()), k=number)


def _happened(cases: Iterable[str], point: Point) -> int:
    """Of cases such as "thac-mo 2020 half", those up to the day of the report."""
    so_far = {f"{point.area} {point.year} {part}" for part in ("half", point.part)}
    return sum(case in so_far for case in cases)


def _quarantine(point: Point) -> Iterator[Figure]:
    for place, at_most in (("tap-trung", 2), ("tai-nha", 5)):
        early = chance("quarantine", point.area, point.year, place).randint(0, at_most)
        later = chance("quarantine later", point.area, point.year, place).randint(at_most, at_most * 3)
        value = _count(early + later if point.is_year else early)
        yield f"M8/{place}", value if point.year >= COVID_SINCE else NOT_APPLICABLE


def _activities(point: Point, told: Story) -> Iterator[Figure]:
    luck = chance("activities", point.area, point.year)
    courses = (1, chance("courses", point.area).randint(1, 2))
    events = (luck.randint(2, 4), luck.randint(2, 5))
    guests = (luck.randint(32, 46), luck.randint(32, 46) * courses[1])
    leaflets = (luck.randint(9, 12) * 20, luck.randint(9, 13) * 20)
    for code, halves in (("M9", courses), ("M10", guests), ("M11", events), ("M12", leaflets)):
        yield code, _count(sum(halves) if point.is_year else halves[0])
    yield "M13", _count(told.people.collaborators[point.index])
    yield "M14", _count(1)
