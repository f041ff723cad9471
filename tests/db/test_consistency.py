"""What SQL past the program leaves behind is found: values, entries, rows and the log have to agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from play_town import Town, quarter_said
from rows import stored
from sqlalchemy import inspect, text

from dashboard.actions import passwords
from dashboard.actions.accounts import add_account
from dashboard.actions.figures import Cell, Value, record_figure
from dashboard.actions.quarters import save_quarter
from dashboard.domain.permissions import Actor, Role
from dashboard.views.consistency import disagreements
from db.tables import Report

if TYPE_CHECKING:
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
    save_quarter(actor=town.own, said=quarter_said(town, name="Khu phố 77", children=12), base_version=0)
    town.save(town.said)
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
