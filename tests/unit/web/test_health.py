from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from dashboard import __version__
from dashboard.web import health
from dashboard.web.health import _latest, database_state
from db import engine, probe
from db.files import beside
from db.probe import try_write

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from db.engine import Database


def test_a_working_server_is_well(visitor: TestClient) -> None:
    answer = visitor.get("/healthz")
    known = {"status": "ok", "database": "ok", "version": __version__}
    assert (answer.status_code, answer.json()) == (200, known)


@pytest.mark.parametrize(("revision", "state"), [("0001", "old"), ("9999", "newer")])
def test_a_database_of_another_version_is_not(
    visitor: TestClient, sqlite_database: Database, revision: str, state: str
) -> None:
    with sqlite_database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (revision,))
    answer = visitor.get("/healthz")
    assert (answer.status_code, answer.json()["database"]) == (503, state)


def test_a_locked_database_is_not_until_the_lock_is_gone(
    visitor: TestClient, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "SECONDS", 0.05)
    with closing(sqlite3.connect(str(sqlite_database.path), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = visitor.get("/healthz")
    assert (answer.status_code, answer.json()["database"]) == (503, "locked")
    _latest.forget()
    assert visitor.get("/healthz").status_code == 200


def test_a_full_disk_is_not_well(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_options: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(probe.tempfile, "TemporaryFile", full)
    assert database_state() == "full"


def test_a_database_that_takes_no_writes_is_not_well(database: Database) -> None:
    """SQLite: the file is read through an address that allows no writing; PostgreSQL: a session that is read-only."""
    if database.path:
        with (
            closing(sqlite3.connect(f"file:{database.path}?mode=ro", uri=True)) as connection,
            pytest.raises(sqlite3.OperationalError) as refused,
        ):
            connection.execute("UPDATE alembic_version SET version_num = version_num")
        assert probe._state(refused.value) == "readonly"
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = connection.exec_driver_sql("SELECT current_database()").scalar()
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    database.close()
    assert database_state() == "readonly"


def test_a_database_whose_files_were_exchanged_is_not_well(sqlite_database: Database) -> None:
    with sqlite_database.write() as transaction:
        transaction.log("a", "b", 1)
    beside(sqlite_database.path or Path(), "-wal").unlink()
    assert try_write(sqlite_database)[0] == "replaced"


def test_a_write_is_tried_once_however_many_ask(visitor: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    _latest.forget()
    tries = []
    monkeypatch.setattr(health, "database_state", lambda: tries.append(1) or "ok")
    assert {visitor.get("/healthz").status_code for _time in range(20)} == {200}
    assert len(tries) == 1


def test_an_empty_database_is_not(visitor: TestClient, sqlite_database: Database) -> None:
    with sqlite_database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    assert visitor.get("/healthz").status_code == 503


def test_without_any_database_the_server_says_so() -> None:
    engine.forget()
    assert database_state() == "unreachable"
