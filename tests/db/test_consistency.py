"""What SQL past the program leaves behind is found: values, entries, rows and the log have to agree."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from play_town import Town, quarter_said
from rows import stored
from sqlalchemy import inspect, select, text
from sqlmodel import col

from dashboard.actions import passwords, recognition_rules
from dashboard.actions.accounts import add_account, disable_account
from dashboard.actions.figures import Cell, Value, record_figure
from dashboard.actions.play_closures import close_place
from dashboard.actions.quarters import save_quarter
from dashboard.actions.recognition_rules import CriterionPoints, set_commune_class, set_points
from dashboard.actions.reports import return_report
from dashboard.doctor import accept_head
from dashboard.domain.permissions import Actor, Role
from dashboard.views.consistency import disagreements
from db import engine
from db.noted import noted as read_note
from db.tables import Account, CommuneClass, PlayArea, PlayAreaClosure, Report, RuleSet
from seed.demonstration import load_demonstration

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rows import World

    from db.engine import Database


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", lambda: cheap)


@pytest.fixture
def worked(database: Database, world: World, town: Town) -> Database:
    """People have worked: figures with a correction, an account, a khu phố, a place and a safety check."""
    actor = Actor(world.officer, "thacmo", "x", Role.commune_officer, area_id=world.commune)
    cell = Cell(world.split, world.commune, world.year)
    record_figure(actor=actor, cell=cell, value=Value("figure", 97, 100), base_version=0, token="1")
    record_figure(actor=actor, cell=cell, value=Value("figure", 98, 100), base_version=1, token="2")
    add_account(actor=None, login="lan", name="Lan", role="viewer", password="mưa rào trên sông bé")
    save_quarter(
        actor=town.own, description=quarter_said(town, name="Khu phố 77", children=12), base_version=0
    )
    town.save(replace(town.description, name="Sân chơi thứ hai"))
    town.check()
    return database


def found(database: Database) -> set[tuple[str, str]]:
    return {(each.kind, each.table) for each in disagreements()}


def by_sql(database: Database, statement: str) -> None:
    """As somebody with a database's shell would: guards dropped first."""
    with database.engine.begin() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for name in names.scalars().all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            for table in inspect(connection).get_table_names():
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        connection.execute(text(statement))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE figure SET numerator = 5", ("current", "figure")),
        ("UPDATE figure SET entered_by = entered_by + 1", ("current", "figure")),
        ("UPDATE figure SET version = 1", ("current", "figure")),
        ("DELETE FROM figure", ("current", "figure")),
        ("UPDATE figure_entry SET numerator = 5 WHERE version = 1", ("differs", "figure_entry")),
        ("UPDATE figure_entry SET reason = 'x' WHERE version = 1", ("differs", "figure_entry")),
        (
            "UPDATE figure_entry SET entered_by = entered_by + 1 WHERE version = 1",
            ("differs", "figure_entry"),
        ),
        ("UPDATE figure_entry SET version = 7 WHERE version = 1", ("missing", "figure_entry")),
        ("DELETE FROM figure_entry WHERE version = 1", ("missing", "figure_entry")),
        ("UPDATE account SET role = 'administrator' WHERE login = 'lan'", ("differs", "account")),
        ("UPDATE account SET name = 'Hoa' WHERE login = 'lan'", ("differs", "account")),
        ("UPDATE account SET disabled_at = NULL WHERE login = 'lan'", None),
        ("DELETE FROM account WHERE login = 'lan'", ("missing", "account")),
        ("UPDATE quarter SET children = 500 WHERE name = 'Khu phố 77'", ("differs", "quarter")),
        ("UPDATE play_area SET area_m2 = 9999", ("differs", "play_area")),
        ("UPDATE safety_check SET result = 'failed'", ("missing", "safety_check")),
        ("DELETE FROM safety_check", ("missing", "safety_check")),
    ],
)
def test_an_edit_past_the_program_is_found(
    worked: Database, statement: str, expected: tuple[str, str] | None
) -> None:
    before = found(worked)
    assert not {kind for kind, _table in before} & {"current", "differs", "missing"}
    by_sql(worked, statement)
    assert found(worked) >= ({expected} if expected else set())
    if expected is None:
        assert found(worked) == before


def test_a_report_turned_by_sql_is_found(worked: Database, world: World) -> None:
    with worked.write() as transaction:
        number = stored(
            transaction.session, Report(area_id=world.commune, period_id=world.half, state="draft")
        )
        transaction.log(
            "submit_report", "report", f"{world.commune}/{world.half}", after={"state": "submitted"}
        )
    assert number
    assert ("differs", "report") in found(worked)


def test_a_row_slipped_into_a_real_installation_is_found(worked: Database, world: World) -> None:
    slipped = (
        "INSERT INTO figure_entry (split_id, area_id, period_id, version, answer, numerator, denominator, reason,"
        " is_synthetic, entered_by, entered_at, token) SELECT split_id, area_id, period_id, 3, answer, 1, denominator,"
        " reason, is_synthetic, entered_by, entered_at, 'x' FROM figure_entry WHERE version = 2"
    )
    by_sql(worked, "UPDATE installation SET is_demonstration = false, demonstration_day = NULL")
    by_sql(worked, slipped)
    assert {("unlogged", "figure_entry"), ("current", "figure")} <= found(worked)


@pytest.fixture
def noted(demonstration_file: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(demonstration_file, tmp_path / "demo.db")
    yield engine.use(f"sqlite:///{tmp_path / 'demo.db'}")
    engine.forget()


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE target SET value_bp = value_bp - 500 WHERE id = 1", "target"),
        ("UPDATE target SET near_bp = near_bp - 1 WHERE id = 2", "target"),
        ("DELETE FROM target WHERE id = 3", "target"),
        ("UPDATE period SET town_before = '2031-01-01' WHERE id = 5", "period"),
        ("UPDATE indicator SET direction = 'down' WHERE direction = 'up' AND id < 9", "indicator"),
        ("UPDATE indicator SET name_vi = name_vi || '.' WHERE id = 4", "indicator"),
        ("UPDATE split SET is_sensitive = NOT is_sensitive WHERE id = 9", "split"),
        ("UPDATE criterion SET max_points = max_points + 10 WHERE id = 3", "criterion"),
        ("UPDATE scoring_band SET points = points - 1 WHERE id = 1", "scoring_band"),
        ("UPDATE recognition_threshold SET points = points - 100", "recognition_threshold"),
        ("UPDATE commune_class SET commune_class = 'remote' WHERE id = 1", "commune_class"),
        ("UPDATE checklist_item SET is_essential = NOT is_essential", "checklist_item"),
        ("UPDATE area SET valid_to = '2020-12-31' WHERE id = 4", "area"),
        ("UPDATE account SET role = 'administrator', area_id = NULL WHERE login = 'thacmo'", "account"),
        ("UPDATE account SET area_id = area_id + 1 WHERE login = 'thacmo'", "account"),
        (
            "UPDATE report SET state = 'draft', submitted_at = NULL, submitted_by = NULL WHERE id = 3",
            "report",
        ),
        ("UPDATE report SET data_as_of = '2021-01-01' WHERE id = 3", "report"),
        ("UPDATE report_event SET reason = 'x' WHERE id = 3", "report_event"),
        ("UPDATE figure_entry SET numerator = 1, denominator = 7 WHERE id = 10", "figure_entry"),
        ("UPDATE score_entry SET points = points + 1 WHERE id = 10", "score_entry"),
        ("UPDATE safety_check SET answers = '{}' WHERE id = 2", "safety_check"),
        ("UPDATE assessment_step SET document_number = 'x' WHERE id = 1", "assessment_step"),
        ("UPDATE play_standard SET min_area_m2 = 1", "play_standard"),
        ("UPDATE play_photo SET jpeg = thumbnail", "play_photo"),
    ],
)
def test_an_edit_of_what_was_loaded_is_found(noted: Database, statement: str, table: str) -> None:
    assert found(noted) == set()
    by_sql(noted, statement)
    assert {name for _kind, name in found(noted)} >= {table}


def test_a_line_slipped_into_the_plan_is_found(noted: Database) -> None:
    by_sql(
        noted,
        "INSERT INTO target (indicator_id, year_from, kind, value_bp, near_bp, clause, certainty)"
        " SELECT indicator_id, 2020, kind, 1, near_bp, clause, certainty FROM target WHERE id = 1",
    )
    assert ("unlogged", "target") in found(noted)


def test_what_people_do_afterwards_is_no_edit(noted: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with noted.read() as session:
        office = session.scalars(select(Account).where(col(Account.role) == "administrator")).one()
        officer = session.scalars(select(Account).where(col(Account.login) == "thacmo")).one()
        place = session.scalars(select(PlayArea).where(col(PlayArea.id).not_in(_closed()))).first()
        sent = session.scalars(select(Report).where(col(Report.state) == "submitted")).first()
        rules = session.scalars(select(RuleSet).order_by(col(RuleSet.id))).first()
        classed = session.scalars(select(CommuneClass)).first()
    assert place
    assert sent
    assert rules
    assert classed
    actor = Actor(office.id or 0, office.login, office.name, Role.administrator)
    disable_account(actor=actor, login=officer.login, base_version=officer.version)
    close_place(actor=actor, place_id=place.id or 0, base_version=0, day=date(2021, 11, 1), reason="Sửa sàn")
    return_report(
        actor=actor,
        area_id=sent.area_id,
        period_id=sent.period_id,
        base_version=sent.version,
        reason="Đề nghị xem lại",
    )
    rules_before = {"rule_set_id": rules.id or 0, "base_version": rules.version}
    monkeypatch.setattr(recognition_rules, "_refuse_points", lambda *_: None)
    set_points(actor=actor, **rules_before, points={2: CriterionPoints(76), 3: CriterionPoints(74)})
    set_commune_class(
        actor=actor, area_id=classed.area_id, base_version=classed.version, commune_class="remote"
    )
    assert found(noted) == set()
    by_sql(noted, "UPDATE criterion SET max_points = 77 WHERE max_points = 76")
    by_sql(noted, "UPDATE commune_class SET commune_class = 'other' WHERE version > 1")
    assert found(noted) == {("differs", "criterion"), ("differs", "commune_class")}


def _closed() -> Any:
    return select(col(PlayAreaClosure.play_area_id)).where(col(PlayAreaClosure.reopened_on).is_(None))


def test_marks_are_the_same_on_both_databases_and_tell_every_row_apart(database: Database) -> None:
    """A copy of one kind goes back into the other, and its marks with it."""
    load_demonstration()
    assert found(database) == set()
    with database.read() as session:
        _number, marks, _columns = read_note(session)
    for table, of_rows in marks.items():
        assert len(set(of_rows.values())) == len(of_rows), table


def test_an_edit_that_somebody_meant_is_accepted_and_logged(noted: Database) -> None:
    by_sql(noted, "UPDATE period SET town_before = '2022-01-15' WHERE id = 6")
    assert found(noted) == {("differs", "period")}
    accept_head(noted)
    assert found(noted) == set()
    by_sql(noted, "UPDATE period SET town_before = '2022-01-16' WHERE id = 6")
    assert found(noted) == {("differs", "period")}
