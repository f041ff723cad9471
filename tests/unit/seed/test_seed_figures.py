"""Made-up figures keep every rule that real ones must keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dashboard.domain.answers import Answer
from dashboard.domain.catalogue import IndicatorKind
from dashboard.domain.checks import CheckContext, FigureInput, Pair, check_figure
from seed.catalogue import read_catalogue
from seed.made_up import Value, made_up_figures
from seed.made_up_reports import demonstration_rows
from seed.story import PARTS, Cell, story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seed.catalogue import IndicatorSeed

FIGURES = made_up_figures()
STORY = story()
INDICATORS = {each.code: each for each in read_catalogue().indicators}
POINTS = [(area, year, part) for year in STORY.years for part in PARTS for area in STORY.communes]


def said(line: str, area: str, year: int, part: str) -> Value:
    return FIGURES[Cell.parse(f"{area} {line} {year} {part}")]


def number(line: str, area: str, year: int, part: str) -> int:
    return said(line, area, year, part).numerator or 0


def parts(code: str, area: str, year: int, part: str) -> list[int]:
    return [number(f"{code}/{split.slug}", area, year, part) for split in INDICATORS[code].splits]


def pair(value: Value | None) -> Pair | None:
    return Pair(value.numerator, value.denominator) if value and value.answer == "figure" else None


def context_of(cell: Cell) -> CheckContext:
    """What the checks of the entry form would see around `cell`."""

    def at(**changes: Any) -> Pair | None:
        return pair(FIGURES.get(Cell(**{**vars(cell), **changes})))

    indicator = INDICATORS[cell.code]
    with_subsets = indicator.splits_rule == "subsets"
    subsets = [at(split=split.slug) for split in indicator.splits if with_subsets and cell.split == "all"]
    return CheckContext(
        kind=IndicatorKind(indicator.kind),
        is_cumulative=indicator.is_cumulative,
        half_year=at(part="half") if cell.part == "year" else None,
        year=at(part="year") if cell.part == "half" else None,
        last=at(year=cell.year - 1),
        whole=at(split="all") if with_subsets and cell.split != "all" else None,
        subsets=tuple(subset for subset in subsets if subset),
    )


def problems() -> Iterator[tuple[Cell, str]]:
    for cell, value in FIGURES.items():
        entry = FigureInput(Answer(value.answer), value.numerator, value.denominator)
        for problem in check_figure(entry, context_of(cell)):
            yield cell, problem.code


def test_no_figure_would_be_refused_or_questioned_by_the_entry_form() -> None:
    assert list(problems()) == []


def test_every_line_of_every_commune_has_an_answer() -> None:
    lines = {
        f"{each.code}/{split.slug}" if split else each.code
        for each in INDICATORS.values()
        if each.scope == "commune"
        for split in ((*each.splits, *([None] if each.splits_rule == "subsets" else [])) or (None,))
    }
    for area, year, part in POINTS:
        told = {cell.line for cell in FIGURES if (cell.area, cell.year, cell.part) == (area, year, part)}
        assert told == lines - {each.code for each in INDICATORS.values() if is_derived(each, year)}


def is_derived(indicator: IndicatorSeed, year: int) -> bool:
    return indicator.derived_since is not None and year >= indicator.derived_since


def test_a_count_or_amount_has_no_denominator_and_a_ratio_has_one() -> None:
    for cell, value in FIGURES.items():
        needs_one = INDICATORS[cell.code].kind in ("ratio", "share_of_communes")
        assert (value.denominator is not None) == (needs_one and value.answer == "figure")


def test_the_sizes_are_those_of_the_census() -> None:
    for index, area in enumerate(STORY.communes):
        assert number("M1", area, 2019, "half") == STORY.people.under16[index]
        assert number("M2", area, 2019, "half") == STORY.people.under6[index]
    town = [sum(number(code, area, 2021, "year") for area in STORY.communes) for code in ("M1", "M2")]
    assert town == [pytest.approx(14_080, rel=0.03), pytest.approx(5_420, rel=0.03)]


@pytest.mark.parametrize(("area", "year", "part"), POINTS)
def test_parts_subsets_and_shared_denominators_fit_together(area: str, year: int, part: str) -> None:
    at = (area, year, part)
    special = sum(parts("M3", *at))
    assert special == said("T6", *at).denominator
    assert special < number("M1", *at)
    assert number("M2", *at) < number("M1", *at)
    assert number("M2", *at) == said("T2a", *at).denominator
    assert number("M6", *at) <= sum(parts("M5", *at))
    pupils = {code: said(f"{code}/thcs", *at).denominator for code in ("T10", "T11a", "T11b", "T11c")}
    assert len(set(pupils.values())) == 1


@pytest.mark.parametrize(("area", "year", "part"), POINTS)
def test_groups_of_six_year_olds_miss_no_more_children_than_all_of_them(
    area: str, year: int, part: str
) -> None:
    def out(line: str) -> int:
        value = said(line, area, year, part)
        return (value.denominator or 0) - (value.numerator or 0)

    assert out("T4/dtts") <= out("T4")
    assert out("T4/khuyet-tat") <= out("T4")


@pytest.mark.parametrize("area", [*STORY.communes, "phuoc-long"])
def test_a_funds_balance_follows_from_last_year_income_and_spending(area: str) -> None:
    income, spending, balance = ("Q1", "Q2", "Q3") if area == "phuoc-long" else ("Q4", "Q5", "Q6")
    for year in STORY.years[1:]:
        before = number(balance, area, year - 1, "year")
        for part in PARTS:
            moved = number(income, area, year, part) - number(spending, area, year, part)
            assert number(balance, area, year, part) == before + moved >= 0


def test_money_lies_in_the_range_of_such_towns() -> None:
    for year in STORY.years:
        assert 150_000_000 <= number("Q1", "phuoc-long", year, "year") <= 500_000_000
        for area in STORY.communes:
            assert 10_000_000 <= number("Q4", area, year, "year") <= 60_000_000


@pytest.mark.parametrize(
    ("line", "lowest", "highest"),
    [
        ("T2a", 0.96, 1),
        ("T2b", 0.97, 1),
        ("T3", 0.98, 1),
        ("T4", 0.98, 1),
        ("T5", 0.90, 1),
        ("T6", 0.91, 1),
        ("T9", 0.59, 1),
        ("M15", 0.93, 1),
        ("T10/tieu-hoc", 0.85, 1),
        ("T10/thcs", 0.85, 1),
        ("T11b/tieu-hoc", 0.08, 0.30),
        ("T11b/thcs", 0.15, 0.45),
    ],
)
def test_shares_lie_in_the_range_of_such_towns(line: str, lowest: float, highest: float) -> None:
    values = [said(line, *point) for point in POINTS]
    shares = [
        value.numerator / value.denominator for value in values if value.numerator and value.denominator
    ]
    assert lowest <= min(shares) <= max(shares) <= highest


def test_injuries_are_five_to_fifteen_in_each_half_of_a_year() -> None:
    for area, year, part in POINTS:
        before = sum(parts("M5", area, year, "half")) if part == "year" else 0
        assert 5 <= sum(parts("M5", area, year, part)) - before <= 15


def test_no_more_than_one_child_dies_in_a_year() -> None:
    for year in STORY.years:
        assert sum(number("M6", area, year, "year") for area in STORY.communes) <= 1


def test_swimming_rises_everywhere_but_in_one_commune() -> None:
    falling = {
        (line, area)
        for line in ("T11a", "T11b", "T11c")
        for area in STORY.communes
        for part in PARTS
        if not rises(line, area, part)
    }
    assert falling == {("T11b", "phuoc-binh")}


def rises(code: str, area: str, part: str) -> bool:
    (now, of_now), (before, of_before) = (summed(code, area, year, part) for year in (2021, 2020))
    return now * of_before > before * of_now


def summed(code: str, area: str, year: int, part: str) -> tuple[int, int]:
    values = [said(f"{code}/{school}", area, year, part) for school in ("tieu-hoc", "thcs")]
    return sum(value.numerator or 0 for value in values), sum(value.denominator or 0 for value in values)


def test_there_are_cells_of_every_kind_of_answer() -> None:
    measured = {value.answer for cell, value in FIGURES.items() if cell.code.startswith("T")}
    assert measured == {"figure", "nil", "not_applicable"}


def test_two_tellings_are_the_same() -> None:
    assert made_up_figures() == FIGURES
    assert demonstration_rows() == demonstration_rows()
