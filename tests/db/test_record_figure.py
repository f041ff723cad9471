"""Recording a figure: kept once, never lost, never over a colleague's head."""

from __future__ import annotations

import threading
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import rows
from play_town import at_once
from rows import World
from sqlalchemy import func, select
from sqlmodel import col

from dashboard.actions.errors import (
    FigureConflict,
    FigureRefused,
    InputRefused,
    NotAllowed,
    ReportLocked,
)
from dashboard.actions.figures import Cell, Saved, Value, record_figure
from dashboard.domain.permissions import Actor, Role
from db.changes import Change, broken_links, data_version
from db.tables import Account, Area, Figure, FigureEntry, Installation, Report, Split

if TYPE_CHECKING:
    from db.engine import Database

NINETY_SEVEN = Value("figure", 97, 100)


@pytest.fixture
def officer(world: World) -> Actor:
    return Actor(world.officer, "thacmo", "Cán bộ Thác Mơ", Role.commune_officer, area_id=world.commune)


@pytest.fixture
def cell(world: World) -> Cell:
    return Cell(world.split, world.commune, world.year)


def town_officer(database: Database) -> Actor:
    with database.write() as transaction:
        number = rows.stored(transaction.session, rows.account(login="tonghop", role="town_officer"))
    return Actor(number, "tonghop", "Tổng hợp", Role.town_officer)


def record(actor: Actor, cell: Cell, value: Value = NINETY_SEVEN, **changes: Any) -> Saved:
    arguments = {"base_version": 0, "token": f"{value}", **changes}
    return record_figure(actor=actor, cell=cell, value=value, **arguments)


def count(database: Database, table: type[Figure | FigureEntry | Change]) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def current(database: Database, cell: Cell) -> Figure:
    with database.read() as session:
        found = session.scalar(select(Figure).where(col(Figure.area_id) == cell.area_id))
    assert found is not None
    return found


def test_a_figure_is_kept_with_its_author_and_version(database: Database, officer: Actor, cell: Cell) -> None:
    saved = record(officer, cell)
    kept = current(database, cell)
    assert (kept.numerator, kept.denominator, kept.version) == (97, 100, 1)
    assert kept.entered_by == officer.id
    assert saved.at == kept.entered_at


def test_a_second_save_appends_and_replaces(database: Database, officer: Actor, cell: Cell) -> None:
    record(officer, cell)
    record(officer, cell, Value("figure", 98, 100), base_version=1)
    assert current(database, cell).numerator == 98
    assert count(database, FigureEntry) == 2
    assert count(database, Figure) == 1


def test_the_same_attempt_sent_twice_is_kept_once(database: Database, officer: Actor, cell: Cell) -> None:
    first = record(officer, cell, token="one click")
    second = record(officer, cell, token="one click")
    assert first == second
    assert count(database, FigureEntry) == 1


def test_saving_what_already_stands_writes_nothing(database: Database, officer: Actor, cell: Cell) -> None:
    record(officer, cell)
    record(officer, cell, token="again", base_version=1)
    assert count(database, FigureEntry) == 1


def test_a_save_over_an_unseen_one_is_a_conflict_that_keeps_both(
    database: Database, officer: Actor, cell: Cell
) -> None:
    colleague = town_officer(database)
    record(colleague, cell, Value("figure", 90, 100))
    with pytest.raises(FigureConflict) as conflict:
        record(officer, cell)
    assert conflict.value.theirs is not None
    assert conflict.value.theirs.value == Value("figure", 90, 100)
    assert current(database, cell).numerator == 90


def test_of_two_simultaneous_saves_one_is_kept_and_one_is_told(
    database: Database, officer: Actor, cell: Cell
) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def save(number: int) -> None:
        start.wait()
        try:
            record(officer, cell, Value("figure", number, 100))
            outcomes.append("kept")
        except FigureConflict:
            outcomes.append("told")

    threads = [threading.Thread(target=save, args=(number,)) for number in (10, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept", "told"]
    assert count(database, FigureEntry) == 1


def test_many_saves_at_once_lose_nothing(database: Database, officer: Actor, cell: Cell) -> None:
    """Eight people save five values each, looking again after a conflict: forty entries, forty versions."""

    def push(person: int) -> None:
        for step in range(5):
            while not _is_saved(database, officer, cell, Value("figure", step, 100 + person)):
                continue

    threads = [threading.Thread(target=push, args=(person,)) for person in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(database, FigureEntry) == 40
    assert current(database, cell).version == 40


def _is_saved(database: Database, officer: Actor, cell: Cell, value: Value) -> bool:
    with database.read() as session:
        version = session.scalar(select(col(Figure.version)).where(col(Figure.area_id) == cell.area_id)) or 0
    try:
        record(officer, cell, value, base_version=version)
    except FigureConflict:
        return False
    return True


def test_a_numerator_above_its_denominator_is_refused_and_nothing_changes(
    database: Database, officer: Actor, cell: Cell
) -> None:
    with pytest.raises(FigureRefused) as refused:
        record(officer, cell, Value("figure", 101, 100))
    assert [problem.code for problem in refused.value.problems] == ["numerator_above_denominator"]
    assert count(database, Figure) == 0


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        ("ratio", Value("figure", 97, None), "denominator_missing"),
        ("ratio", Value("figure", None, 100), "numerator_missing"),
        ("count", Value("figure", 97, 100), "denominator_unwanted"),
        ("money", Value("figure", 97, 100), "denominator_unwanted"),
        ("count", Value("figure", None, 100), "numerator_missing"),
        ("money", Value("figure"), "numerator_missing"),
        ("ratio", Value("figure"), "numerator_missing"),
        ("share_of_communes", Value("figure", 1, None), "yes_no_only"),
        ("share_of_communes", Value("figure", 2, 2), "yes_no_only"),
    ],
)
def test_a_figure_of_another_shape_is_refused(
    database: Database, officer: Actor, cell: Cell, world: World, kind: str, value: Value, problem: str
) -> None:
    change_indicator(database, world, kind=kind)
    assert refused_codes(officer, cell, value) == [problem]
    assert count(database, FigureEntry) == 0


def change_indicator(database: Database, world: World, **changes: Any) -> None:
    with database.write() as transaction:
        cards = transaction.session.get(rows.Indicator, world.indicator)
        assert cards is not None
        for name, value in changes.items():
            setattr(cards, name, value)


def refused_codes(actor: Actor, cell: Cell, value: Value = NINETY_SEVEN, **changes: Any) -> list[str]:
    with pytest.raises(FigureRefused) as refused:
        record(actor, cell, value, **{"token": "refused", **changes})
    return [problem.code for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("changes", "where", "problem"),
    [
        ({"splits_rule": "parts"}, "commune", "sum_line"),
        ({"derived_from": "play_areas", "derived_since": 2021}, "commune", "derived"),
        ({}, "town", "commune_line"),
        ({"scope": "town"}, "commune", "town_line"),
    ],
)
def test_a_cell_that_is_not_typed_is_refused_to_everybody(
    database: Database, world: World, changes: dict[str, Any], where: str, problem: str
) -> None:
    change_indicator(database, world, **changes)
    cell = Cell(world.split, getattr(world, where), world.year)
    assert refused_codes(town_officer(database), cell, reason="vì sao") == [problem]
    assert count(database, FigureEntry) == count(database, Change) == 0


def test_a_line_of_the_town_is_typed_at_the_town(database: Database, world: World) -> None:
    change_indicator(database, world, scope="town")
    assert record(town_officer(database), Cell(world.split, world.town, world.year)).version == 1


def test_an_area_that_ended_before_the_period_takes_nothing(
    database: Database, world: World, cell: Cell
) -> None:
    with database.write() as transaction:
        commune = transaction.session.get(Area, world.commune)
        assert commune is not None
        commune.valid_to = date(2021, 1, 1)
    assert refused_codes(town_officer(database), cell) == ["area_ended"]


def test_a_commune_of_another_town_takes_nothing(database: Database, world: World) -> None:
    with database.write() as transaction:
        session = transaction.session
        elsewhere = rows.stored(session, rows.area(slug="dong-xoai", kind="town", code="689"))
        commune = rows.stored(session, rows.area(slug="tan-phu", code="25195", parent_id=elsewhere))
    assert refused_codes(town_officer(database), Cell(world.split, commune, world.year)) == ["area_outside"]


def test_a_period_that_has_not_begun_takes_nothing(database: Database, world: World) -> None:
    rows.live_on(database, date(2020, 12, 31))
    cell = Cell(world.split, world.commune, world.half)
    assert refused_codes(town_officer(database), cell) == ["not_begun"]


# Repeated attempts -------------------------------------------------------------------------------------


def test_an_attempt_that_comes_again_after_somebody_elses_save_is_answered_with_theirs(
    database: Database, officer: Actor, cell: Cell
) -> None:
    colleague = town_officer(database)
    record(officer, cell, token="one click")
    record(colleague, cell, Value("figure", 90, 100), base_version=1, token="theirs")
    with pytest.raises(FigureConflict) as conflict:
        record(officer, cell, token="one click")
    assert conflict.value.theirs is not None
    assert (conflict.value.theirs.version, conflict.value.theirs.value.numerator) == (2, 90)
    assert count(database, FigureEntry) == 2


def test_a_token_is_of_one_cell_one_person_and_one_value(
    database: Database, officer: Actor, cell: Cell, world: World
) -> None:
    colleague = town_officer(database)
    record(officer, cell, token="one click")
    before = count(database, Change)
    for attempt in (
        lambda: record(colleague, cell, token="one click"),
        lambda: record(officer, Cell(world.split, world.commune, world.half), token="one click"),
        lambda: record(officer, cell, Value("figure", 96, 100), base_version=1, token="one click"),
        lambda: record(officer, cell, Value("nil"), token="one click"),
    ):
        with pytest.raises(InputRefused) as refused:
            attempt()
        assert (refused.value.name, refused.value.problem) == ("token", "other_attempt")
    assert (count(database, FigureEntry), count(database, Change)) == (1, before)


def test_a_person_without_the_right_learns_nothing_by_a_known_token(
    database: Database, officer: Actor, cell: Cell
) -> None:
    record(officer, cell, token="one click")
    stranger = Actor(officer.id, "khac", "Khác", Role.commune_officer, area_id=99)
    with pytest.raises(NotAllowed):
        record(stranger, cell, token="one click")


def test_an_attempt_sent_twice_at_once_is_kept_once(database: Database, officer: Actor, cell: Cell) -> None:
    outcomes = at_once(*[lambda: record(officer, cell, token="one click")] * 4)
    assert (outcomes, count(database, FigureEntry)) == (["kept"] * 4, 1)


def test_the_year_must_not_fall_below_its_six_months(
    database: Database, officer: Actor, cell: Cell, world: World
) -> None:
    record(officer, Cell(world.split, world.commune, world.half), Value("figure", 50, 60))
    with pytest.raises(FigureRefused) as refused:
        record(officer, cell, Value("figure", 40, 60), token="year")
    assert refused.value.problems[0].code == "year_below_half"


def test_a_jump_asks_for_a_reason_and_passes_with_one(
    database: Database, officer: Actor, cell: Cell, world: World
) -> None:
    with database.write() as transaction:
        last = rows.period(year=2020, part="year", communes_before=None, town_before=None)
        period = rows.stored(transaction.session, last)
        entry = rows.entry(world, period_id=period, numerator=10, denominator=10)
        number = rows.stored(transaction.session, entry)
        rows.stored(
            transaction.session, rows.figure(world, number, period_id=period, numerator=10, denominator=10)
        )
    with pytest.raises(FigureRefused) as refused:
        record(officer, cell)
    assert refused.value.problems[0].severity == "ask_reason"
    assert record(officer, cell, token="why", reason="sáp nhập thôn").version == 1


def test_a_subset_must_stay_within_its_whole(
    database: Database, officer: Actor, cell: Cell, world: World
) -> None:
    with database.write() as transaction:
        cards = transaction.session.get(rows.Indicator, world.indicator)
        assert cards is not None
        cards.splits_rule = "subsets"
        line = Split(indicator_id=world.indicator, slug="dtts", name_vi="DTTS", name_en="Ethnic minority")
        subset = rows.stored(transaction.session, line)
    record(officer, cell)
    with pytest.raises(FigureRefused) as refused:
        record(officer, Cell(subset, world.commune, world.year), Value("figure", 98, 99), token="subset")
    assert refused.value.problems[0].code == "subset_above_whole"


def test_another_commune_is_refused(database: Database, officer: Actor, world: World) -> None:
    with pytest.raises(NotAllowed):
        record(officer, Cell(world.split, world.other_commune, world.year))


def test_an_agency_fills_what_it_leads_for_every_commune(
    database: Database, cell: Cell, world: World
) -> None:
    with database.write() as transaction:
        person = rows.account(login="yte", role="agency_officer", agency_id=world.agency)
        number = rows.stored(transaction.session, person)
    health = Actor(number, "yte", "Y tế", Role.agency_officer, agency_id=world.agency)
    other = Actor(number, "yte", "Y tế", Role.agency_officer, agency_id=world.agency + 1)
    assert record(health, cell).version == 1
    with pytest.raises(NotAllowed):
        record(other, cell, token="other")


def sent_report(world: World) -> Report:
    moments = {"submitted_at": rows.MORNING, "first_submitted_at": rows.MORNING}
    return rows.report(world, state="submitted", submitted_by=world.officer, **moments)


def test_a_submitted_report_is_closed_for_its_commune(
    database: Database, officer: Actor, cell: Cell, world: World
) -> None:
    with database.write() as transaction:
        sent = sent_report(world)
        transaction.session.add(sent)
    with pytest.raises(ReportLocked):
        record(officer, cell)


def test_after_submission_the_town_officer_says_why(database: Database, cell: Cell, world: World) -> None:
    colleague = town_officer(database)
    with database.write() as transaction:
        sent = sent_report(world)
        transaction.session.add(sent)
    with pytest.raises(FigureRefused) as refused:
        record(colleague, cell)
    assert refused.value.problems[0].code == "submitted"
    for blank in ("  ", "\u200b", "\n\u2060\t\ufeff"):
        assert refused_codes(colleague, cell, reason=blank) == ["submitted"]
    assert record(colleague, cell, token="why", reason="đối chiếu với BHXH").version == 1


def test_each_save_is_in_the_sealed_change_log(database: Database, officer: Actor, cell: Cell) -> None:
    record(officer, cell)
    record(officer, cell, Value("nil"), base_version=1)
    with database.read() as session:
        logged = session.scalars(select(Change).order_by(col(Change.id))).all()
        assert list(broken_links(session)) == []
        assert data_version(session) == logged[-1].id
    assert [change.action for change in logged] == ["record_figure", "record_figure"]
    assert '"numerator":97' in (logged[-1].before or "")
    assert logged[-1].actor_login == "thacmo"


def test_a_refused_save_moves_no_version(database: Database, officer: Actor, cell: Cell) -> None:
    with pytest.raises(FigureRefused):
        record(officer, cell, Value("figure", 2, 1))
    with database.read() as session:
        assert data_version(session) == 0


def test_figures_of_a_demonstration_are_marked_as_made_up(
    database: Database, officer: Actor, cell: Cell
) -> None:
    with database.write() as transaction:
        here = transaction.session.get(Installation, 1)
        assert here is not None
        here.is_demonstration, here.demonstration_day = True, date(2021, 11, 5)
    saved = record(officer, cell)
    assert current(database, cell).is_synthetic
    assert saved.at.date() == date(2021, 11, 5)


def test_people_are_named_by_their_account(database: Database, officer: Actor, cell: Cell) -> None:
    saved = record(officer, cell)
    with database.read() as session:
        account = session.get(Account, officer.id)
    assert account is not None
    assert saved.by == account.name
