"""The smallest valid rows, for tests that then break one thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from db.tables import (
    Account,
    Agency,
    Area,
    Figure,
    FigureEntry,
    Indicator,
    Installation,
    Period,
    Plan,
    Reference,
    Report,
    Split,
    Target,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from sqlmodel import SQLModel

MORNING = datetime(2021, 11, 5, 1, 30, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """Ids of one town with two communes, one agency, one ratio indicator, two periods, and an officer each."""

    town: int
    commune: int
    other_commune: int
    agency: int
    indicator: int
    split: int
    half: int
    year: int
    officer: int


def area(**changes: Any) -> Area:
    values = {
        "slug": "thac-mo",
        "kind": "commune",
        "code": "25216",
        "name": "Thác Mơ",
        "full_name_vi": "Phường Thác Mơ",
        "full_name_en": "Thác Mơ ward",
        "valid_from": date(2009, 8, 11),
    }
    return Area(**{**values, **changes})


def agency(**changes: Any) -> Agency:
    names = {
        "name_vi": "Trung tâm Y tế",
        "name_en": "Health Centre",
        "short_vi": "Y tế",
        "short_en": "Health",
    }
    values = {"slug": "y-te", "position": 4, "clause": "V.4", "valid_from": date(2009, 8, 11), **names}
    return Agency(**{**values, **changes})


def indicator(agency_id: int, **changes: Any) -> Indicator:
    names = {
        name: "x"
        for stem in ("name", "short", "unit", "numerator", "denominator")
        for name in (f"{stem}_vi", f"{stem}_en")
    }
    values = {"code": "T2a", "position": 2, "kind": "ratio", "grouping": "target", "clause": "II.2"}
    return Indicator(**{**names, **values, "lead_agency_id": agency_id, **changes})


def account(**changes: Any) -> Account:
    values = {
        "login": "lanhdao",
        "name": "Lãnh đạo",
        "role": "viewer",
        "password_hash": "x",
        "created_at": MORNING,
    }
    return Account(**{**values, **changes})


def target(indicator_id: int, **changes: Any) -> Target:
    values = {"year_from": 2021, "kind": "at_least", "value_bp": 10000, "near_bp": 500, "clause": "II.2"}
    return Target(**{"indicator_id": indicator_id, **values, **changes})


def reference(indicator_id: int, **changes: Any) -> Reference:
    values = {"year": 2025, "value_bp": 9000, "source_vi": "QĐ 23", "source_en": "Decision 23"}
    return Reference(**{"indicator_id": indicator_id, **values, **changes})


def plan(area_id: int, **changes: Any) -> Plan:
    names = {"title_vi": "x", "title_en": "x", "issuer_vi": "x", "issuer_en": "x"}
    return Plan(**{"year": 2021, "area_id": area_id, **names, **changes})


def period(**changes: Any) -> Period:
    values = {
        "year": 2021,
        "part": "half",
        "communes_before": date(2021, 5, 15),
        "town_before": date(2021, 5, 20),
    }
    return Period(**{**values, **changes})


def report(world: World, **changes: Any) -> Report:
    return Report(**{"area_id": world.commune, "period_id": world.year, **changes})


def installation(area_id: int, **changes: Any) -> Installation:
    return Installation(**{"area_id": area_id, "created_at": MORNING, **changes})


def entry(world: World, **changes: Any) -> FigureEntry:
    return FigureEntry(**{**_cell(world), "token": "one", **changes})


def figure(world: World, entry_id: int, **changes: Any) -> Figure:
    return Figure(**{**_cell(world), "entry_id": entry_id, **changes})


def _cell(world: World) -> dict[str, Any]:
    place = {"split_id": world.split, "area_id": world.commune, "period_id": world.year, "version": 1}
    said = {"answer": "figure", "numerator": 97, "denominator": 100}
    return {**place, **said, "entered_by": world.officer, "entered_at": MORNING}


def stored(session: Session, row: SQLModel) -> int:
    """The id of `row` once it is stored."""
    session.add(row)
    session.flush()
    return int(row.id)  # type: ignore[attr-defined]


def small_world(session: Session) -> World:
    town = stored(session, area(slug="phuoc-long", kind="town", code="688", name="Phước Long"))
    commune = stored(session, area(parent_id=town))
    other = stored(session, area(slug="long-thuy", code="25217", name="Long Thủy", parent_id=town))
    health = stored(session, agency())
    cards = stored(session, indicator(health))
    whole = stored(session, Split(indicator_id=cards, slug="all", name_vi="Tổng số", name_en="Total"))
    stored(session, target(cards))
    half = stored(session, period())
    year_end = {"communes_before": date(2021, 11, 10), "town_before": date(2021, 11, 15)}
    year = stored(session, period(part="year", **year_end))
    officer = stored(session, account(login="thacmo", role="commune_officer", area_id=commune))
    stored(session, installation(town))
    return World(town, commune, other, health, cards, whole, half, year, officer)
