"""Who has the database in use: many may share it, a restore or a migration needs it alone.

SQLite: a lock on a file beside the database, which ends with the process, however that ends. PostgreSQL: an advisory
lock, and, because that one is lost when the server is restarted, the names of the connections that are open.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from db.files import PRIVATE, beside

try:
    import fcntl
except ImportError:  # no such locks on Windows, where the program is only tried out
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

USE_LOCK: Final = 20_210_410  # names the advisory lock of who has the database in use
PROGRAM: Final = "children-plan-dashboard"  # how our connections call themselves in PostgreSQL


class InUse(Exception):
    """Another process of this program has the database in use, or has it for itself."""


class FileLock:
    """Held until it is released or the process ends. Not inherited by programs that this one starts."""

    def __init__(self, path: Path) -> None:
        self._path = beside(path, ".lock")
        self._descriptor: int | None = None

    def share(self) -> None:
        """Raises InUse, OSError."""
        self._take(alone=False)

    def take_alone(self) -> None:
        """Raises InUse, OSError."""
        self._take(alone=True)

    def _take(self, *, alone: bool) -> None:
        if fcntl is None:
            return
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, PRIVATE)
        try:
            fcntl.flock(self._descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.release()
            raise InUse from error

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class ServerLock:
    """On a connection of its own, which stays open as long as the lock."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def share(self) -> None:
        self._take("pg_try_advisory_lock_shared")

    def take_alone(self) -> None:
        """Other connections of this process must be closed before: each of them counts as a user."""
        connection = self._take("pg_try_advisory_lock")
        others = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = :program AND pid <> pg_backend_pid()"
        )
        if connection.scalar(others, {"program": PROGRAM}):
            self.release()
            raise InUse

    def _take(self, function: str) -> Connection:
        self.release()
        self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if not self._connection.scalar(text(f"SELECT {function}(:key)"), {"key": USE_LOCK}):
            self.release()
            raise InUse
        return self._connection

    def release(self) -> None:
        if self._connection is not None:
            # The connection goes, and its lock with it: back in the pool it would keep it.
            with suppress(Exception):
                self._connection.invalidate()
            self._connection.close()
            self._connection = None


@contextmanager
def alone(lock: FileLock | ServerLock) -> Iterator[None]:
    """Raises InUse where anybody else has the database in use."""
    lock.take_alone()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def held_folder(folder: Path) -> Iterator[None]:
    """Waits until no other process holds it. Raises OSError."""
    if fcntl is None:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
