"""Made-up money in đồng: allotments, and funds whose balance follows from last year's, income and spending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seed.story import PARTS, chance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seed.story import Point, Story

MILLION = 1_000_000
STEP = MILLION // 2
ALLOTTED_BY_MAY = 0.6
YEARLY_RISE = 0.04


def commune_money(point: Point, told: Story) -> Iterator[tuple[str, int]]:
    yield "N1", _allotted(told.people.budget[point.index], point.year, point.part)
    account = _fund(point.area, told.people.fund[point.index], told.years[0], point.year)[point.part]
    yield from zip(("Q4", "Q5", "Q6"), account, strict=True)


def town_money(year: int, told: Story) -> Iterator[tuple[str, str, int]]:
    """(part, indicator, đồng) of one year."""
    accounts = _fund("phuoc-long", told.town.fund, told.years[0], year)
    for part in PARTS:
        yield part, "N2", _allotted(told.town.budget, year, part)
        for line, amount in zip(("Q1", "Q2", "Q3"), accounts[part], strict=True):
            yield part, line, amount


def _allotted(millions: int, year: int, part: str) -> int:
    whole = millions * (1 + YEARLY_RISE * (year - 2019))
    return _rounded(whole * (1 if part == "year" else ALLOTTED_BY_MAY))


def _rounded(millions: float) -> int:
    return round(millions * MILLION / STEP) * STEP


def _fund(owner: str, millions: int, first: int, year: int) -> dict[str, tuple[int, int, int]]:
    """(income, spending, balance) at both reporting days of `year`; the balance is carried from year to year."""
    balance = _rounded(millions * 0.5)
    accounts: dict[str, tuple[int, int, int]] = {}
    for each in range(first, year + 1):
        luck = chance("fund", owner, each)
        income = _rounded(millions * (1 + YEARLY_RISE * (each - first)) * luck.uniform(0.94, 1.02))
        spending = _rounded(income * luck.uniform(0.92, 1.02) / MILLION)
        early_income = _rounded(income * luck.uniform(0.36, 0.46) / MILLION)
        early_spending = _rounded(spending * luck.uniform(0.3, 0.4) / MILLION)
        accounts = {
            "half": (early_income, early_spending, balance + early_income - early_spending),
            "year": (income, spending, balance + income - spending),
        }
        balance = accounts["year"][2]
    return accounts
