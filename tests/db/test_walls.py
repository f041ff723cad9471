"""The last wall: what is only ever added is neither replaced nor emptied, and columns hold what they are for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import rows
from alembic import command
from refusals import refusal
from rows import Registers, World
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from db.migrate import alembic_config, is_current, upgrade
from db.tables import FigureEntry, Quarter, ReportEvent, metadata

if TYPE_CHECKING:
    from db.engine import Database

BEFORE = "0006"
ADDED = (
    *("change", "figure_entry", "score_entry", "assessment_step"),
    *("safety_check", "play_standard", "report_event"),
)


@pytest.fixture
def added(database: Database, world: World, registers: Registers) -> Database:
    """A database with one row at least in every table whose rows are only ever added."""
    with database.write() as transaction:
        for row in (
            rows.step(world, registers.assessment),
            rows.score_entry(world, registers),
            rows.safety_check(world, registers.place),
            rows.standard(world),
            rows.entry(world),
        ):
            rows.stored(transaction.session, row)
        report = rows.stored(transaction.session, rows.report(world))
        event = ReportEvent(report_id=report, version=1, kind="taken_back", by=world.officer, at=rows.MORNING)
        rows.stored(transaction.session, event)
        transaction.log("x", "x", 1)
    return database


# By any of these a row could be taken for the one that is replaced.
KEYS = [
    *((table, "id") for table in ADDED),
    *(("change", "hash"), ("figure_entry", "token"), ("score_entry", "token"), ("safety_check", "token")),
    *((table, "version") for table in ("figure_entry", "score_entry", "assessment_step", "report_event")),
]


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_what_was_said_is_not_replaced(table: str, key: str, added: Database) -> None:
    """SQLite deletes the row that is in the way of a REPLACE without asking the triggers of deletion."""
    if not added.is_sqlite:
        return  # PostgreSQL has no REPLACE, and what its ON CONFLICT changes its triggers see
    other = {"id": "id + 1000", "token": "token || 'x'", "hash": "hash || 'x'"}
    columns = list(metadata.tables[table].c.keys())
    values = ", ".join(other.get(name, name) if name != key else name for name in columns)
    replace = f"INSERT OR REPLACE INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table}"  # noqa: S608
    before = content(added, table)
    with pytest.raises(DBAPIError, match="only ever added"), added.engine.begin() as connection:
        connection.exec_driver_sql(replace)
    assert content(added, table) == before


def content(database: Database, table: str) -> list[Any]:
    with database.engine.connect() as connection:
        return list(connection.execute(select(metadata.tables[table])).all())


@pytest.mark.parametrize("table", ADDED)
def test_what_was_said_is_not_emptied(table: str, added: Database) -> None:
    deed = "DELETE FROM {}" if added.is_sqlite else "TRUNCATE {} CASCADE"
    with pytest.raises(DBAPIError, match="only ever added"), added.engine.begin() as connection:
        connection.exec_driver_sql(deed.format(table))


FRACTIONS = {
    "figure_entry": ("numerator", lambda w, r: rows.entry(w, denominator=None)),
    "score_entry": ("points", rows.score_entry),
    "quarter": ("children", lambda w, r: rows.quarter(w, name="x")),
    "play_area": ("area_m2", lambda w, r: rows.play_area(w, code="VC-02", token="two")),
    "play_standard": ("walking_m", lambda w, r: rows.standard(w)),
}


@pytest.mark.parametrize("wrong", [12.5, float("inf"), "12,5", "abc", b"12"])
@pytest.mark.parametrize("table", FRACTIONS)
def test_a_column_of_integers_holds_integers_in_sqlite_too(
    table: str, wrong: object, sqlite_database: Database, request: pytest.FixtureRequest
) -> None:
    with sqlite_database.write() as transaction:
        world = rows.small_world(transaction.session)
        registers = rows.small_registers(transaction.session, world)
    column, row = FRACTIONS[table]
    made = row(world, registers)
    setattr(made, column, wrong)
    assert f"ck_{table}_{column}_whole" in refusal(sqlite_database, made)


@pytest.mark.parametrize("wrong", ["2021-13-01", "2021-1-5", "1/5/2021", "", "abc", 20210501, 12.5])
def test_a_column_of_days_holds_days_in_sqlite_too(wrong: object, sqlite_database: Database) -> None:
    with sqlite_database.write() as transaction:
        world = rows.small_world(transaction.session)
        place = rows.small_registers(transaction.session, world).place
    with pytest.raises(DBAPIError, match="closed_on_possible"), sqlite_database.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO play_area_closure (play_area_id, closed_on, reason, reopened_reason) VALUES (?, ?, '', '')",
            (place, wrong),
        )


def test_rows_that_a_new_rule_would_refuse_are_named_and_stay_as_they_are(
    database: Database, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """An entry of 12.5 children is part of the history: it is neither changed nor in the way of the new version."""
    command.downgrade(alembic_config(database.url), BEFORE)
    with database.write() as transaction:
        rows.stored(transaction.session, rows.entry(world, numerator=10**13, denominator=None))
        rows.stored(transaction.session, rows.quarter(world, listed_on=date(1850, 1, 1)))
    with caplog.at_level("WARNING"):
        upgrade(database)
    assert [record.getMessage() for record in caplog.records if "kept" in record.getMessage()] == [
        "figure_entry: rows kept although they break numerator_whole: 1",
        "quarter: rows kept although they break listed_on_possible: 1",
    ]
    with database.read() as session:
        assert session.scalar(select(col(FigureEntry.numerator))) == 10**13
        assert session.scalar(select(col(Quarter.listed_on))) == date(1850, 1, 1)
    later = rows.entry(world, version=2, token="two", numerator=10**13, denominator=None)
    assert "ck_figure_entry_numerator_whole" in refusal(database, later)
    command.downgrade(alembic_config(database.url), BEFORE)
    upgrade(database)
    assert is_current(database)


def test_the_walls_lose_no_row_and_no_guard_on_the_way_up_and_down(added: Database) -> None:
    before = {table: content(added, table) for table in metadata.tables}
    command.downgrade(alembic_config(added.url), BEFORE)
    upgrade(added)
    assert {table: content(added, table) for table in metadata.tables} == before
    with pytest.raises(DBAPIError, match="only ever added"), added.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE figure_entry SET reason = 'x'")
