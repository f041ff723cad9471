"""Hear of commits by other processes: PostgreSQL tells, SQLite is asked for one number seven times a second."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

import psycopg
from sqlalchemy.engine import make_url

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
LAST_RETRY_SECONDS: Final = 5.0


def newest_change(database: Database) -> int:
    with database.read() as session:
        return data_version(session)


def watch(database: Database, publish: Callable[[int], None], stopped: threading.Event) -> None:
    """Publish each new version until `stopped`; after a lost connection try again, ever more slowly."""
    look = _watch_sqlite if database.is_sqlite else _watch_postgresql
    sight = _Sight(publish)
    while not stopped.is_set():
        try:
            look(database, sight.see, stopped)
        except Exception as error:  # noqa: BLE001 - a thread that died of whatever it is would end all live screens unseen
            stopped.wait(sight.lose(error))


class _Sight:
    """How soon to look again: soon after a short fault, ever more slowly while it lasts."""

    def __init__(self, publish: Callable[[int], None]) -> None:
        self._publish = publish
        self._pause = FIRST_RETRY_SECONDS
        self._is_lost = False

    def see(self, version: int) -> None:
        if self._is_lost:
            logger.warning("sees the database again, at version %d", version)
        self._is_lost, self._pause = False, FIRST_RETRY_SECONDS
        self._publish(version)

    def lose(self, error: Exception) -> float:
        """Seconds to wait."""
        pause, self._pause, self._is_lost = self._pause, min(2 * self._pause, LAST_RETRY_SECONDS), True
        logger.warning("lost sight of the database, looks again in %.1f s: %s", pause, type(error).__name__)
        return pause


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
