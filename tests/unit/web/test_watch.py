"""The one thread that hears of commits: whatever the database does meanwhile, it looks again."""

from __future__ import annotations

import logging
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from dashboard.web import watch as watching

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.engine import Database

FAULTS: tuple[Exception, ...] = (
    sqlite3.OperationalError("disk I/O error"),
    sqlite3.DatabaseError("file is not a database"),
    OperationalError("", {}, Exception("database is locked")),
    psycopg.OperationalError("the server closed the connection"),
    OSError(28, "No space left on device"),
    RuntimeError("anything else"),
    ValueError("a notice that is no number"),
)


def follow(
    look: Callable[..., None], database: Database, monkeypatch: pytest.MonkeyPatch, until: int
) -> list[int]:
    """The versions that were heard until the one that is waited for."""
    heard: list[int] = []
    stopped = threading.Event()

    def hear(version: int) -> None:
        heard.append(version)
        if version >= until:
            stopped.set()

    monkeypatch.setattr(watching, "FIRST_RETRY_SECONDS", 0.01)
    monkeypatch.setattr(watching, "_watch_sqlite", look)
    thread = threading.Thread(target=watching.watch, args=(database, hear, stopped))
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
    return heard


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
def test_after_any_fault_it_looks_again(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    times = [0]

    def look(_database: Database, publish: Callable[[int], None], _stopped: threading.Event) -> None:
        times[0] += 1
        if times[0] < 3:
            raise fault
        publish(7)

    assert follow(look, sqlite_database, monkeypatch, until=7) == [7]


def test_losing_sight_and_seeing_again_are_in_the_log(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    times = [0]

    def look(_database: Database, publish: Callable[[int], None], _stopped: threading.Event) -> None:
        times[0] += 1
        publish(times[0])
        if times[0] < 3:
            raise OSError

    follow(look, sqlite_database, monkeypatch, until=3)
    texts = [record.getMessage() for record in caplog.records]
    assert texts == [
        "lost sight of the database, looks again in 0.0 s: OSError",
        "sees the database again, at version 2",
        "lost sight of the database, looks again in 0.0 s: OSError",
        "sees the database again, at version 3",
    ]


def test_a_real_file_that_is_taken_away_and_comes_back_is_followed_again(
    sqlite_database: Database, sqlite_url: str, tmp_path: Path
) -> None:
    heard = threading.Event()
    stopped = threading.Event()
    versions: list[int] = []

    def hear(version: int) -> None:
        versions.append(version)
        heard.set()

    path, aside = Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "aside.db"
    sqlite_database.close()
    path.replace(aside)
    path.mkdir()
    thread = threading.Thread(target=watching.watch, args=(sqlite_database, hear, stopped))
    thread.start()
    assert not heard.wait(0.3)
    path.rmdir()
    aside.replace(path)
    assert heard.wait(10)
    heard.clear()
    with sqlite_database.write() as transaction:
        transaction.log("test", "test", 1)
    assert heard.wait(10)
    assert versions[-1] == 1
    stopped.set()
    thread.join(10)
