"""Who may not see small counts sees them nowhere: not in cells, sums, last year's figures, histories or proposals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import polars as pl
import pytest
import rows
from sqlalchemy import select
from sqlmodel import col

from dashboard.domain.permissions import Actor, Role
from dashboard.views.cell import CellHistory, cell_history
from dashboard.views.overview import overview
from dashboard.views.proposals import proposals
from dashboard.views.small_counts import sight_of
from db.tables import Agency, Area, Figure, FigureEntry, Indicator, Period, RuleSet, Split
from seed.plan import load_plan
from seed.storing import ids

if TYPE_CHECKING:
    from dashboard.views.overview import Overview
    from db.engine import Database

AT = datetime(2021, 11, 3, 2, 0, tzinfo=UTC)
COMMUNES = ("thac-mo", "long-thuy", "phuoc-binh", "long-phuoc", "son-giang", "long-giang", "phuoc-tin")
# Children in special circumstances who are cared for, of all of them: Thác Mơ has three, one of them without care.
CARED = ((2, 3), (12, 13), (20, 22), (30, 30), (40, 41), (50, 50), (61, 61))


@dataclass(frozen=True)
class Small:
    database: Database
    areas: dict[str, int]
    agencies: dict[str, int]

    def reader(self, who: str) -> Actor:
        place = {
            "own": {"area_id": self.areas["thac-mo"]},
            "other": {"area_id": self.areas["long-thuy"]},
            "lead": {"agency_id": self.agencies["noi-vu-ldtbxh"]},
            "health": {"agency_id": self.agencies["y-te"]},
        }.get(who, {})
        role = {
            "viewer": Role.viewer,
            "own": Role.commune_officer,
            "other": Role.commune_officer,
            "lead": Role.agency_officer,
            "health": Role.agency_officer,
            "office": Role.town_officer,
            "administrator": Role.administrator,
        }[who]
        return Actor(1, who, who, role, **place)

    def overview(self, who: str, year: int = 2021) -> Overview:
        found = overview(year, "year", "vi", sight_of(self.reader(who)))
        assert found is not None
        return found

    def history(self, who: str, code: str, area: str = "thac-mo") -> CellHistory:
        with self.database.read() as session:
            number = session.scalars(select(col(Indicator.id)).where(col(Indicator.code) == code)).one()
        return cell_history(number or 0, self.areas[area], 2021, "year", "vi", sight_of(self.reader(who)))


def enter(database: Database, line: str, year: int, pairs: dict[int, tuple[int, int]], by: int) -> None:
    code, slug = line.split("/")
    with database.write() as transaction:
        session = transaction.session
        split = session.scalars(
            select(col(Split.id))
            .join(Indicator, col(Indicator.id) == col(Split.indicator_id))
            .where(col(Indicator.code) == code, col(Split.slug) == slug)
        ).one()
        period = session.scalars(
            select(col(Period.id)).where(col(Period.year) == year, col(Period.part) == "year")
        ).one()
        for area, (upper, lower) in pairs.items():
            said = {"split_id": split, "area_id": area, "period_id": period, "version": 1, "entered_by": by}
            said |= {"answer": "figure", "numerator": upper, "denominator": lower, "entered_at": AT}
            entry = FigureEntry(**said, token=f"{line}{year}{area}", reason=f"chỉ có {upper} em")
            rows.stored(session, Figure(**said, entry_id=rows.stored(session, entry)))


@pytest.fixture
def small(database: Database) -> Small:
    load_plan()
    rows.live_on(database, date(2021, 11, 5))
    with database.read() as session:
        known = Small(database, ids(session, Area, "slug"), ids(session, Agency, "slug"))
    by = rows.person(database, Role.town_officer).id
    cared = {known.areas[slug]: pair for slug, pair in zip(COMMUNES, CARED, strict=True)}
    enter(database, "T6/all", 2020, cared, by)
    enter(database, "T6/all", 2021, cared, by)
    enter(database, "T4/all", 2021, {known.areas["thac-mo"]: (120, 121)}, by)
    enter(database, "T4/dtts", 2021, {known.areas["thac-mo"]: (3, 4)}, by)
    enter(database, "T4/khuyet-tat", 2021, {known.areas["thac-mo"]: (1, 1)}, by)
    return known


def hidden(found: Overview, code: str = "T6") -> list[str]:
    masked = found.cells.filter(pl.col("code") == code, pl.col("status") == "masked")
    return masked.sort("column")["area_name"].to_list()


@pytest.mark.parametrize(
    ("who", "areas"),
    [
        # The second commune is hidden because the sum of all seven is shown.
        ("viewer", ["Thác Mơ", "Long Thủy"]),
        ("health", ["Thác Mơ", "Long Thủy"]),
        # Who knows Long Thủy would subtract it: another one is hidden for this reader.
        ("other", ["Thác Mơ", "Phước Bình"]),
        ("own", []),
        ("lead", []),
        ("office", []),
        ("administrator", []),
    ],
)
def test_a_few_children_of_one_commune_are_hidden_from_whom_the_table_does_not_name(
    small: Small, who: str, areas: list[str]
) -> None:
    found = small.overview(who)
    assert hidden(found) == areas
    gone = found.cells.filter(pl.col("code") == "T6", pl.col("area_name").is_in(areas))
    numbers = [
        *("numerator", "denominator", "share", "gap", "baseline_numerator", "baseline_denominator"),
        *("compared_numerator", "compared_denominator"),
    ]
    assert all(gone[name].null_count() == gone.height for name in numbers)
    trend = found.trend.filter(pl.col("code") == "T6", pl.col("area").is_in(gone["area"].implode()))
    assert trend["share"].drop_nulls().is_empty()
    assert trend["numerator"].drop_nulls().is_empty()


def test_the_sum_of_the_town_stays_the_sum_of_all(small: Small) -> None:
    town = small.overview("viewer").town.row(by_predicate=pl.col("code") == "T6", named=True)
    assert (town["numerator"], town["denominator"]) == (215, 220)
    # A sum over some communes only would give back what is hidden of last year.
    assert town["baseline_denominator"] is None


def test_what_the_plan_publishes_stays(small: Small) -> None:
    found = small.overview("viewer")
    assert hidden(found, "T4") == []
    row = found.cells.row(
        by_predicate=(pl.col("code") == "T6") & (pl.col("area_name") == "Sơn Giang"), named=True
    )
    assert (row["numerator"], row["denominator"], row["gap"]) == (40, 41, 1)


@pytest.mark.parametrize("who", ["viewer", "other", "health"])
def test_the_history_of_a_cell_hides_numbers_and_what_was_written_of_them(small: Small, who: str) -> None:
    entries = small.history(who, "T4").entries
    by_slug = {row["slug"]: row for row in entries.to_dicts()}
    assert by_slug["khuyet-tat"]["mask"] == "small"
    assert by_slug["khuyet-tat"]["numerator"] is None
    assert by_slug["khuyet-tat"]["denominator"] is None
    assert by_slug["khuyet-tat"]["reason"] == ""
    assert (by_slug["dtts"]["numerator"], by_slug["all"]["numerator"]) == (3, 120)


def test_the_agency_that_leads_a_line_reads_what_it_typed(small: Small) -> None:
    education = Actor(1, "gd", "gd", Role.agency_officer, agency_id=small.agencies["giao-duc"])
    with small.database.read() as session:
        number = session.scalars(select(col(Indicator.id)).where(col(Indicator.code) == "T4")).one()
    entries = cell_history(
        number or 0, small.areas["thac-mo"], 2021, "year", "vi", sight_of(education)
    ).entries
    assert entries["numerator"].null_count() == 0


@pytest.mark.parametrize(
    ("who", "area"), [("viewer", "thac-mo"), ("viewer", "long-thuy"), ("other", "phuoc-binh")]
)
def test_the_history_hides_the_very_cells_that_the_overview_hides(small: Small, who: str, area: str) -> None:
    entries = small.history(who, "T6", area).entries
    assert entries["mask"].null_count() == 0
    assert entries["numerator"].null_count() == entries.height
    assert set(entries["reason"]) == {""}


def test_own_children_are_seen_in_the_own_history(small: Small) -> None:
    assert small.history("own", "T6").entries["numerator"].to_list() == [2]


@pytest.mark.parametrize(
    ("who", "sees"), [("viewer", False), ("other", False), ("own", True), ("office", True)]
)
def test_a_proposal_quotes_only_what_its_reader_may_see(small: Small, who: str, *, sees: bool) -> None:
    with small.database.read() as session:
        rules = session.scalars(select(col(RuleSet.id))).first() or 0
    sight = sight_of(small.reader(who))
    quoted = {each.code for each in proposals(small.areas["thac-mo"], rules, "vi", sight, year=2021)}
    assert ("T6" in quoted) is sees
