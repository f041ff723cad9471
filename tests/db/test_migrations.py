"""Migrations: from empty to newest on both databases, the same as the tables, and back."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.util import CommandError
from rows import small_world
from sqlalchemy import Engine, create_engine, event, func, inspect, select
from sqlalchemy.exc import OperationalError

from db.engine import Database
from db.migrate import (
    alembic_config,
    current_revision,
    is_current,
    newest_revision,
    shape,
    shape_of,
    upgrade,
)
from db.tables import Account, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]


def test_an_empty_database_reaches_the_newest_shape(database: Database) -> None:
    assert is_current(database)
    assert set(inspect(database.engine).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_migrations_and_tables_say_the_same(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_check_rules_of_migrations_and_tables_are_the_same(database: Database) -> None:
    """Alembic does not compare CHECK rules, so their names are compared here."""
    known = inspect(database.engine)
    for name, table in metadata.tables.items():
        stored = {rule["name"] for rule in known.get_check_constraints(name)}
        assert {str(rule.name) for rule in table.constraints if str(rule.name).startswith("ck_")} == stored


def test_every_step_can_be_taken_back(database: Database) -> None:
    command.downgrade(alembic_config(database.url), "base")
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    upgrade(database)
    assert is_current(database)


def test_a_second_upgrade_changes_nothing(sqlite_database: Database) -> None:
    upgrade(sqlite_database)
    assert is_current(sqlite_database)


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


class Broken(Exception):
    """What a test throws between two statements: as good as a kill there, for the transaction."""


@contextmanager
def broken_off_after(statements: int) -> Iterator[None]:
    """Whatever engine is used meanwhile fails once it has executed so many changing statements."""
    done = 0

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal done
        done += (
            statement.lstrip().upper().startswith(("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE"))
        )
        if done > statements:
            raise Broken

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", count)


@pytest.fixture
def old_database(database: Database) -> Database:
    """One step behind, with somebody's rows in it."""
    with database.write() as transaction:
        small_world(transaction.session)
        transaction.log("test", "test", 1)
    command.downgrade(alembic_config(database.url), "0001")
    return database


@pytest.mark.parametrize("statements", [1, 6, 17, 28])
def test_a_migration_that_is_broken_off_leaves_the_old_shape_whole(
    old_database: Database, statements: int
) -> None:
    before = tables(old_database)
    with broken_off_after(statements), pytest.raises(Broken):
        upgrade(old_database)
    assert shape_of(old_database) == "old"
    assert current_revision(old_database) == "0001"
    assert tables(old_database) == before
    upgrade(old_database)
    assert is_current(old_database)
    with old_database.read() as session:
        assert session.scalar(select(func.count()).select_from(Account))


KILLED = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from db.engine import Database
from db.migrate import upgrade
left = int(sys.argv[2])
@event.listens_for(Engine, "after_cursor_execute")
def count(*_arguments):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
upgrade(Database(sys.argv[1]))
"""


@pytest.mark.parametrize("statements", [12, 30])
def test_a_killed_migration_can_be_run_again(old_database: Database, statements: int) -> None:
    before = tables(old_database)
    old_database.close()
    arguments = [sys.executable, "-c", KILLED, old_database.url, str(statements)]
    killed = subprocess.run(arguments, cwd=ROOT, check=False)  # noqa: S603 - our own program
    assert killed.returncode == -signal.SIGKILL
    assert tables(old_database) == before
    upgrade(old_database)
    assert is_current(old_database)


def test_a_reader_does_not_stop_a_migration_of_a_file(sqlite_database: Database) -> None:
    command.downgrade(alembic_config(sqlite_database.url), "0001")
    with closing(sqlite3.connect(str(sqlite_database.path))) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM account").fetchall()
        upgrade(sqlite_database)
    assert is_current(sqlite_database)


def test_a_writer_in_the_way_leaves_the_old_shape_and_the_way_free(old_database: Database) -> None:
    before = tables(old_database)
    with old_database.engine.connect().execution_options(writing=True) as other, other.begin():
        if not old_database.is_sqlite:
            other.exec_driver_sql("LOCK TABLE indicator")
        with pytest.raises(OperationalError):
            shape(old_database.url, "head", busy_seconds=0.2)
    assert tables(old_database) == before
    upgrade(old_database)
    assert is_current(old_database)


def test_what_stands_at_a_step_that_this_program_does_not_know_is_newer(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert shape_of(database) == "newer"
    with pytest.raises(CommandError):
        upgrade(database)


def test_a_url_without_driver_still_means_psycopg(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    assert database.engine.dialect.driver == "psycopg"
    database.close()
    engine = create_engine("sqlite://")
    assert newest_revision() is not None
    engine.dispose()
