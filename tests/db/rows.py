"""The smallest valid rows, for tests that then break one thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from dashboard.domain.permissions import Actor
from db.changes import broken_links
from db.tables import (
    Account,
    Agency,
    Area,
    Assessment,
    AssessmentStep,
    Change,
    ChecklistItem,
    CommuneClass,
    Criterion,
    CriterionItem,
    EvaluationRound,
    Figure,
    FigureEntry,
    Indicator,
    Installation,
    Outlines,
    Period,
    Plan,
    PlayArea,
    PlayAreaClosure,
    PlayPhoto,
    PlayStandard,
    Quarter,
    RecognitionThreshold,
    Reference,
    Report,
    ReportEvent,
    RuleSet,
    SafetyCheck,
    Score,
    ScoreEntry,
    ScoringBand,
    Split,
    Target,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from sqlmodel import SQLModel

    from dashboard.domain.permissions import Role
    from db.engine import Database

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


def report_event(world: World, report_id: int, **changes: Any) -> ReportEvent:
    values = {"version": 1, "kind": "submitted", "by": world.officer, "at": MORNING}
    return ReportEvent(**{"report_id": report_id, **values, **changes})


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


@dataclass(frozen=True)
class Registers:
    """Ids of one set of criteria with a round, an assessment in it, and one play area in a khu phố."""

    rule_set: int
    criterion: int
    item: int
    round: int
    assessment: int
    quarter: int
    place: int


def rule_set(**changes: Any) -> RuleSet:
    values = {"slug": "qd-06-2019", "name_vi": "x", "name_en": "x", "valid_from": date(2019, 1, 3)}
    return RuleSet(**{**values, **changes})


def threshold(rule_set_id: int, **changes: Any) -> RecognitionThreshold:
    values = {"commune_class": "other", "name_vi": "x", "name_en": "x", "points": 850}
    return RecognitionThreshold(**{"rule_set_id": rule_set_id, **values, **changes})


def criterion(rule_set_id: int, **changes: Any) -> Criterion:
    values = {"number": 1, "name_vi": "x", "name_en": "x", "max_points": 100}
    return Criterion(**{"rule_set_id": rule_set_id, **values, **changes})


def item(criterion_id: int, **changes: Any) -> CriterionItem:
    values = {"position": 1, "text_vi": "x", "text_en": "x", "points": 50}
    return CriterionItem(**{"criterion_id": criterion_id, **values, **changes})


def band(item_id: int, **changes: Any) -> ScoringBand:
    return ScoringBand(**{"item_id": item_id, "at_least_bp": 9500, "points": 50, **changes})


def evaluation_round(rule_set_id: int, **changes: Any) -> EvaluationRound:
    return EvaluationRound(**{"rule_set_id": rule_set_id, "year": 2022, **changes})


def commune_class(area_id: int, **changes: Any) -> CommuneClass:
    return CommuneClass(**{"area_id": area_id, "commune_class": "other", **changes})


def _changed(world: World) -> dict[str, Any]:
    return {"changed_at": MORNING, "changed_by": world.officer}


def assessment(world: World, round_id: int, **changes: Any) -> Assessment:
    values = {"area_id": world.commune, "round_id": round_id, **_changed(world)}
    return Assessment(**{**values, **changes})


def step(world: World, assessment_id: int, **changes: Any) -> AssessmentStep:
    values = {"version": 2, "step": "register", "taken_by": world.officer, "taken_at": MORNING}
    return AssessmentStep(**{"assessment_id": assessment_id, **values, **changes})


def score_entry(world: World, registers: Registers, **changes: Any) -> ScoreEntry:
    return ScoreEntry(**{**_scored(world, registers), "token": "one", **changes})


def score(world: World, registers: Registers, entry_id: int, **changes: Any) -> Score:
    return Score(**{**_scored(world, registers), "entry_id": entry_id, **changes})


def _scored(world: World, registers: Registers) -> dict[str, Any]:
    place = {"assessment_id": registers.assessment, "criterion_id": registers.criterion, "side": "self"}
    return {**place, "version": 1, "points": 90, "entered_by": world.officer, "entered_at": MORNING}


def quarter(world: World, **changes: Any) -> Quarter:
    known = {"area_id": world.commune, "name": "Khu phố 1", "children": 300}
    values = {**known, "listed_on": MORNING.date(), **_changed(world)}
    return Quarter(**{**values, **changes})


def play_area(world: World, **changes: Any) -> PlayArea:
    values = {
        "code": "VC-01",
        "name": "Sân chơi khu phố 1",
        "kind": "playground",
        "area_id": world.commune,
        "registered_on": date(2021, 1, 15),
        "token": "one",
        **_changed(world),
    }
    return PlayArea(**{**values, **changes})


def closure(place_id: int, **changes: Any) -> PlayAreaClosure:
    return PlayAreaClosure(**{"play_area_id": place_id, "closed_on": date(2021, 5, 1), **changes})


def safety_check(world: World, place_id: int, **changes: Any) -> SafetyCheck:
    values = {
        "checked_on": date(2021, 5, 1),
        "checked_by": "Đoàn kiểm tra",
        "result": "passed",
        "next_due": date(2022, 5, 1),
        "entered_by": world.officer,
        "entered_at": MORNING,
        "token": "one",
    }
    return SafetyCheck(**{"play_area_id": place_id, **values, **changes})


def checklist_item(**changes: Any) -> ChecklistItem:
    values = {"slug": "hang-rao", "position": 1, "text_vi": "x", "text_en": "x"}
    return ChecklistItem(**{**values, **changes})


def photo(world: World, place_id: int, **changes: Any) -> PlayPhoto:
    values = {"jpeg": b"x", "thumbnail": b"x", "width": 100, "height": 100, "sha256": "x"}
    made = {"added_at": MORNING, "added_by": world.officer}
    return PlayPhoto(**{"play_area_id": place_id, **values, **made, **changes})


def standard(world: World, **changes: Any) -> PlayStandard:
    values = {"valid_from": date(2021, 1, 1), "set_by": world.officer, "set_at": MORNING}
    return PlayStandard(**{**values, **changes})


def outlines(world: World, **changes: Any) -> Outlines:
    values = {"content": "{}", "uploaded_at": MORNING, "uploaded_by": world.officer}
    return Outlines(**{**values, **changes})


def small_registers(session: Session, world: World) -> Registers:
    rules = stored(session, rule_set())
    stored(session, threshold(rules))
    resources = stored(session, criterion(rules))
    part = stored(session, item(resources))
    stored(session, band(part))
    november = stored(session, evaluation_round(rules))
    way = stored(session, assessment(world, november))
    khu_pho = stored(session, quarter(world))
    place = stored(session, play_area(world, quarter_id=khu_pho))
    return Registers(rules, resources, part, november, way, khu_pho, place)


def live_on(database: Database, day: date) -> None:
    """Make `day` the business day, whatever the clock on the wall says."""
    with database.write() as transaction:
        here = transaction.session.get(Installation, 1)
        assert here is not None
        here.is_demonstration, here.demonstration_day = True, day


def person(database: Database, role: Role, *, login: str = "", **place: Any) -> Actor:
    """Somebody with an account; `place`: area_id or agency_id."""
    login = login or f"{role}-{'-'.join(str(value) for value in place.values())}"
    with database.write() as transaction:
        number = stored(transaction.session, account(login=login, name=f"Tên {login}", role=role, **place))
    return Actor(number, login, f"Tên {login}", role, **place)


def logged(database: Database, action: str) -> list[Change]:
    """Changes of one kind, the oldest first; the whole chain must hold."""
    with database.read() as session:
        assert list(broken_links(session)) == []
        chosen = select(Change).where(col(Change.action) == action).order_by(col(Change.id))
        return list(session.scalars(chosen))


def count(database: Database, table: type[SQLModel]) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


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
