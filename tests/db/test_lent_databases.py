"""A PostgreSQL database that goes from test to test is as empty for the next as a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
import rows
from postgresql_server import shape_of

from db.engine import Database

if TYPE_CHECKING:
    from postgresql_server import Databases

EVERY_TABLE = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


def write(url: str) -> int:
    """Write one row and two changes; return the row's number."""
    database = Database(url)
    with database.write() as transaction:
        number = rows.stored(transaction.session, rows.area(slug="x", code="1"))
        transaction.log("try", "thing", 1)
        transaction.log("try", "thing", 2)
    database.close()
    return number


def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    with psycopg.connect(url) as connection:
        tables = [name for (name,) in connection.execute(EVERY_TABLE)]
        return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}  # noqa: S608 - names of ours


def test_rows_and_numbers_begin_anew(postgresql_databases: Databases) -> None:
    with postgresql_databases.lent("before") as url:
        fresh = contents(url)
        first = write(url)
        assert contents(url) != fresh
    with postgresql_databases.lent("after") as url:
        assert contents(url) == fresh
        assert write(url) == first


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE area ADD COLUMN x integer",
        "CREATE TABLE x (id integer)",
        "DROP TRIGGER change_no_update ON change",
        "ALTER TABLE change DISABLE TRIGGER change_no_update",
        "DROP TABLE play_photo CASCADE",
        "CREATE INDEX x ON area (kind)",
        "ALTER TABLE area DROP CONSTRAINT ck_area_kind_known",
        "CREATE SCHEMA x",
        "CREATE OR REPLACE FUNCTION x() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE area ALTER COLUMN kind DROP NOT NULL",
        "ALTER TABLE area ALTER COLUMN kind SET DEFAULT 'x'",
    ],
)
def test_every_change_but_of_rows_is_noticed(change: str, postgresql_databases: Databases) -> None:
    with postgresql_databases.lent("before") as url, psycopg.connect(url) as connection:
        fresh = shape_of(connection)
        connection.execute(change)
        assert shape_of(connection) != fresh
        connection.rollback()
        assert shape_of(connection) == fresh


def test_nothing_but_rows_is_handed_on(postgresql_databases: Databases) -> None:
    with postgresql_databases.lent("before") as url:
        fresh, shape = contents(url), described(url)
    with postgresql_databases.lent("changed") as url, psycopg.connect(url) as connection:
        connection.execute("DROP TRIGGER change_no_update ON change")
        connection.execute("DROP TABLE play_photo CASCADE")
    with postgresql_databases.lent("after") as url:
        assert contents(url) == fresh
        assert described(url) == shape


def described(url: str) -> list[tuple[object, ...]]:
    """Columns, constraints, indexes, triggers, functions and schemas by their definitions."""
    queries = (
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint",
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT tgname, tgenabled::text, pg_get_triggerdef(oid) FROM pg_trigger",
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
        "SELECT nspname FROM pg_namespace",
    )
    with psycopg.connect(url) as connection:
        return sorted(row for query in queries for row in connection.execute(query))


def test_who_was_connected_to_it_is_thrown_out_and_does_not_find_it_again(
    postgresql_databases: Databases,
) -> None:
    with postgresql_databases.lent("before") as url:
        straggler = psycopg.connect(url)
        straggler.execute("LISTEN dashboard_changes")
    with postgresql_databases.lent("after") as other:
        with pytest.raises(psycopg.OperationalError):
            straggler.execute("SELECT 1")
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            psycopg.connect(url)
        assert write(other)
    straggler.close()
