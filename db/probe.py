"""Whether something can be written now: a write that is tried and taken back, within a few seconds."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from typing import TYPE_CHECKING, Final, Literal

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from db.files import existing

if TYPE_CHECKING:
    from pathlib import Path

    from db.engine import Database

Writable = Literal["ok", "readonly", "full", "locked", "replaced", "unreachable"]

SECONDS: Final = 3
# What the next saves, their log and a checkpoint may need.
NEEDED_BYTES: Final = 262_144
# Every database of ours has the table, and nobody's work touches it.
WRITE: Final = "UPDATE alembic_version SET version_num = version_num"


def try_write(database: Database) -> tuple[Writable, BaseException | None]:
    """What a save would meet now, and the fault behind it."""
    if database.is_replaced or database.files_are_others():
        return "replaced", None
    try:
        if database.path:
            _try_file(database.path)
        else:
            _try_server(database)
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        return _state(error), error
    return "ok", None


def _try_file(path: Path) -> None:
    with closing(
        sqlite3.connect(existing(path), uri=True, timeout=SECONDS, isolation_level=None)
    ) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(WRITE)
        connection.execute("ROLLBACK")
    # What is taken back never reaches the disk, so whether there is room has to be asked apart.
    with tempfile.TemporaryFile(dir=path.parent) as file:
        file.write(bytes(NEEDED_BYTES))
        file.flush()
        os.fsync(file.fileno())


def _try_server(database: Database) -> None:
    with database.engine.connect() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = '{SECONDS}s'"))
        connection.execute(text(f"SET LOCAL statement_timeout = '{SECONDS}s'"))
        connection.execute(text(WRITE))
        connection.rollback()


def _state(error: BaseException) -> Writable:
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled)):
        return "locked"
    if isinstance(
        original,
        (psycopg.errors.ReadOnlySqlTransaction, psycopg.errors.InsufficientPrivilege, PermissionError),
    ):
        return "readonly"
    message = str(original).lower()
    signs: tuple[tuple[str, Writable], ...] = (
        ("locked", "locked"),
        ("readonly", "readonly"),
        ("read-only", "readonly"),
        ("full", "full"),
        ("no space", "full"),
        ("quota", "full"),
    )
    return next((state for sign, state in signs if sign in message), "unreachable")
