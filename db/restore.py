"""Put a copy back. Nothing is thrown away, and whenever it is broken off, either the old or the new state stands."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import inspect, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlmodel import col

from db.base import utc_now
from db.changes import NOTHING_LOGGED, Change, Head, append_change, as_json, holds, log_head
from db.copies import CopyFailed, carry, plain_engine, verify
from db.engine import WRITE_LOCK
from db.files import (
    JOURNALS,
    PRIVATE,
    beside,
    checkpoint,
    put_in_place,
    second_name,
    sync,
    unused,
    with_journals,
)
from db.migrate import current_revision, is_known, shape
from db.tables import LoginSession

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from db.copies import Summary
    from db.engine import Database

logger = logging.getLogger(__name__)

LOCK_SECONDS: Final = 15


@dataclass(frozen=True)
class Loss:
    """What is given up: changes newer than the copy; `diverged`: the two logs went different ways."""

    changes: int
    diverged: bool = False
    unreadable: bool = False


def loss_of(database: Database, copy: Summary) -> Loss:
    """Compare what stands with what would come. A database that cannot be read cannot say what it loses."""
    try:
        if current_revision(database) is None:
            return Loss(0)
        with database.read() as session:
            now = log_head(session)
            return Loss(max(now.id - copy.head.id, 0), diverged=not holds(session, copy.head))
    except SQLAlchemyError:
        return Loss(0, unreadable=True)


def restore(database: Database, file: Path, *, actor_login: str) -> str:
    """Bring the database to what `file` holds; returns where what stood there was put ("" where nothing stood).

    The caller has the database alone. Everybody has to sign in again. Raises CopyFailed, OSError, sqlite3.Error,
    SQLAlchemyError; then what stood there stands.
    """
    copy = verify(file)
    if not is_known(copy.revision):
        raise CopyFailed("unknown_shape", str(copy.revision))
    note = _note(database, copy, file.name, actor_login)
    if database.path:
        return _restore_file(database, database.path, file, note)
    return _restore_server(database, file, copy, note)


def _note(database: Database, copy: Summary, name: str, actor_login: str) -> Change:
    given_up = loss_of(database, copy)
    after = {
        "file": name,
        "changes": copy.head.id,
        "given_up": given_up.changes,
        "diverged": given_up.diverged,
    }
    return Change(
        at=utc_now(),
        actor_login=actor_login[:60],
        action="restore",
        subject="database",
        subject_id="all",
        after=as_json(after),
    )


def _finish(session: Session, note: Change) -> Head:
    """Write down what happened, and end sessions that were revoked after the copy was taken."""
    ends = update(LoginSession).where(col(LoginSession.revoked_at).is_(None))
    session.execute(ends.values(revoked_at=utc_now()))
    return Head(append_change(session, note), note.hash)


def _restore_file(database: Database, path: Path, file: Path, note: Change) -> str:
    draft = beside(path, ".restoring")
    for leftover in list(with_journals(draft)):
        leftover.unlink()
    draft.touch(PRIVATE)
    shutil.copyfile(file, draft)
    head = _finish_file(draft, note)
    verify(draft)
    aside = _put_aside(database, path)
    if database.head:
        # From here on either end is true: a kill between the next two steps leaves no doubt behind.
        database.head.expect(aside[1], head)
    put_in_place(draft, path)
    if database.head:
        database.head.accept(head)
    return str(aside[0] or "")


def _finish_file(draft: Path, note: Change) -> Head:
    engine = plain_engine(draft)
    try:
        with Session(engine) as session, session.begin():
            return _finish(session, note)
    finally:
        engine.dispose()


def _put_aside(database: Database, path: Path) -> tuple[Path | None, Head]:
    """Keep the old files under another name; afterwards no journal stands beside `path`, which others would replay.

    A file that can be read takes its journal in first, so that the exchange is one renaming. Raises CopyFailed where
    another program has the file open.
    """
    if not path.exists():
        return None, NOTHING_LOGGED
    head = _head_of(database)
    database.let_go()
    with suppress(sqlite3.DatabaseError):
        checkpoint(path)
    if head is not None and beside(path, "-wal").exists():
        raise CopyFailed("open_elsewhere", str(path))
    aside = unused(path.with_name(f"{path.stem}-before-restore-{utc_now():%Y%m%d%H%M%S}{path.suffix}"))
    for ending in ("", *JOURNALS):
        with suppress(FileNotFoundError):
            second_name(beside(path, ending), beside(aside, ending))
    sync(path.parent)
    for ending in JOURNALS:
        beside(path, ending).unlink(missing_ok=True)
    return aside, head or NOTHING_LOGGED


def _head_of(database: Database) -> Head | None:
    """None where the database is too damaged to say."""
    try:
        with database.read() as session:
            return log_head(session)
    except SQLAlchemyError:
        return None


def _restore_server(database: Database, file: Path, copy: Summary, note: Change) -> str:
    """In one transaction: the old tables move into a schema of their own, the new ones are filled, or nothing."""
    source = plain_engine(file, mode="ro", immutable="1")
    aside = f"before_restore_{utc_now():%Y%m%d%H%M%S%f}"
    database.let_go()
    try:
        with database.engine.connect() as connection, connection.begin():
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITE_LOCK})
            before, moved = _move_aside(connection, aside)
            after = _fill(connection, source, copy, note)
            if database.head:
                database.head.expect(before, after)
    finally:
        source.dispose()
    if database.head:
        database.head.accept(after)
    return aside if moved else ""


def _move_aside(connection: Connection, aside: str) -> tuple[Head, bool]:
    names = inspect(connection).get_table_names()
    has_log = "change" in names
    with Session(connection, join_transaction_mode="rollback_only") as session:
        before = log_head(session) if has_log else NOTHING_LOGGED
    if not names:
        return before, False
    quoted = connection.dialect.identifier_preparer.quote
    connection.execute(text(f"CREATE SCHEMA {quoted(aside)}"))
    for name in names:
        connection.execute(text(f"ALTER TABLE {quoted(name)} SET SCHEMA {quoted(aside)}"))
    functions = text(
        "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace"
        " AND p.prorettype = 'trigger'::regtype"
    )
    for name in connection.scalars(functions).all():
        connection.execute(text(f"ALTER FUNCTION {name} SET SCHEMA {quoted(aside)}"))
    return before, True


def _fill(connection: Connection, source: Engine, copy: Summary, note: Change) -> Head:
    shape("postgresql://", str(copy.revision), connection)
    with source.connect() as rows:
        carried = carry(rows, connection)
    if carried != dict(copy.rows):
        raise CopyFailed("differs", str(copy.revision))
    _continue_numbers(connection)
    # Not a transaction of its own: what it flushes is stored with the rest.
    with Session(connection, join_transaction_mode="rollback_only") as session:
        head = _finish(session, note)
        session.commit()
    return head


def _continue_numbers(connection: Connection) -> None:
    """New rows get the numbers after the carried ones."""
    serial = text(
        "SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name)"
        " FROM information_schema.columns WHERE table_schema = current_schema()"
        " AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL"
    )
    quoted = connection.dialect.identifier_preparer.quote
    for table, column, sequence in connection.execute(serial).all():
        last: Any = connection.scalar(text(f"SELECT max({quoted(column)}) FROM {quoted(table)}"))  # noqa: S608
        statement = select(text("setval(cast(:sequence AS regclass), :last, :used)"))
        connection.execute(statement, {"sequence": sequence, "last": last or 1, "used": last is not None})
