"""Migrations: from empty to newest on both databases, the same as the tables, and back."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import create_engine, inspect

from db.engine import Database
from db.migrate import alembic_config, is_current, newest_revision, upgrade
from db.tables import metadata

if TYPE_CHECKING:
    from pathlib import Path


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
    assert upgrade(sqlite_database) is None
    assert is_current(sqlite_database)


def test_a_file_with_an_older_shape_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('0000')")
    connection.close()
    database = Database(f"sqlite:///{path}")
    with pytest.raises(CommandError, match="0000"):
        upgrade(database)
    database.close()
    assert len(list(tmp_path.glob("old-before-migration-*.db"))) == 1


def test_a_url_without_driver_still_means_psycopg(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    assert database.engine.dialect.driver == "psycopg"
    database.close()
    engine = create_engine("sqlite://")
    assert newest_revision() is not None
    engine.dispose()
