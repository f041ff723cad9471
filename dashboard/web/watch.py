"""Hear of commits by other processes: PostgreSQL tells, SQLite is asked for one number seven times a second."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

import psycopg
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from db.changes import data_version
from db.engine import CHANNEL

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from db.engine import Database

logger = logging.getLogger(__name__)

SQLITE_SECONDS: Final = 0.15
# How long the thread waits inside the driver before it looks whether it should stop.
POSTGRESQL_SECONDS: Final = 0.5
FIRST_RETRY_SECONDS: Final = 0.5
LAST_RETRY_SECONDS: Final = 15.0


def newest_change(database: Database) -> int:
    with database.read() as session:
        return data_version(session)


def watch(database: Database, publish: Callable[[int], None], stopped: threading.Event) -> None:
    """Publish each new version until `stopped`; after a lost connection try again, ever more slowly."""
    look = _watch_sqlite if database.is_sqlite else _watch_postgresql
    pause = FIRST_RETRY_SECONDS
    while not stopped.is_set():
        try:
            look(database, publish, stopped)
            pause = FIRST_RETRY_SECONDS
        except (sqlite3.Error, psycopg.Error, SQLAlchemyError) as error:
            logger.warning(
                "lost sight of the database, trying again in %.1f s: %s", pause, type(error).__name__
            )
            stopped.wait(pause)
            pause = min(2 * pause, LAST_RETRY_SECONDS)


def _watch_sqlite(database: Database, publish: Callable[[int], None], stopped: threading.Event) -> None:
    path = make_url(database.url).database or ""
    with closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as connection:
        seen = None
        while not stopped.is_set():
            # Moves with every commit by any other connection, and costs no read of any table.
            number = connection.execute("PRAGMA data_version").fetchone()
            if number != seen:
                seen = number
                publish(newest_change(database))
            stopped.wait(SQLITE_SECONDS)


def _watch_postgresql(database: Database, publish: Callable[[int], None], stopped: threading.Event) -> None:
    address = make_url(database.url).set(drivername="postgresql").render_as_string(hide_password=False)
    # A server that vanished without a word is noticed within a minute.
    with psycopg.connect(address, autocommit=True, keepalives_idle=20, keepalives_interval=10) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        # What was said while nobody listened.
        publish(newest_change(database))
        while not stopped.is_set():
            for notice in connection.notifies(timeout=POSTGRESQL_SECONDS):
                publish(int(notice.payload))
