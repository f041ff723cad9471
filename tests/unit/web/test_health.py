from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.web.health import database_state
from db import engine

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from db.engine import Database


def test_a_working_server_is_well(visitor: TestClient) -> None:
    answer = visitor.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok"})


def test_an_old_database_is_not(visitor: TestClient, sqlite_database: Database) -> None:
    with sqlite_database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    answer = visitor.get("/healthz")
    assert (answer.status_code, answer.json()["database"]) == (503, "old")


def test_an_empty_database_is_not(visitor: TestClient, sqlite_database: Database) -> None:
    with sqlite_database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    assert visitor.get("/healthz").status_code == 503


def test_without_any_database_the_server_says_so() -> None:
    engine.forget()
    assert database_state() == "unreachable"
