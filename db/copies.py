"""Copies of a database, taken while people work: one SQLite file, whole and verified, whatever the database is.

The copy of a PostgreSQL database is a SQLite file of the same shape, made from one snapshot by our own code: it needs
no program of the right version beside it, is verified by the same rules, and goes back into either kind.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from sqlalchemy import URL, MetaData, create_engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from db.changes import NOTHING_LOGGED, Head, broken_links
from db.files import PRIVATE, existing, put_in_place, with_journals
from db.migrate import current_revision, is_known, shape

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqlalchemy import Connection, Engine, Table

    from db.engine import Database

MAGIC: Final = b"SQLite format 3\x00"
ENDING: Final = ".bak"
PART: Final = 200  # rows carried at a time: photos lie in them


class CopyFailed(Exception):
    """`why`: exists, not_a_copy, damaged, orphans, differs, unknown_shape; `detail` for who looks closer."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why, detail)
        self.why = why
        self.detail = detail


@dataclass(frozen=True)
class Summary:
    """What a database or a copy holds; `rows` by table. Two with equal summaries hold the same rows."""

    revision: str | None
    head: Head
    newest_at: datetime | None
    rows: Mapping[str, int]
    broken: int = 0


def write_copy(database: Database, target: Path) -> Summary:
    """Copy all of `database` to `target`; nothing stands there until the copy is whole, verified and on the disk.

    Raises CopyFailed, OSError, sqlite3.Error, SQLAlchemyError.
    """
    if target.exists():
        raise CopyFailed("exists", str(target))
    draft = target.with_name(f"{target.name}.part")
    _remove(draft)
    draft.touch(PRIVATE)
    try:
        source = _copy_file(database.path, draft) if database.path else _copy_server(database, draft)
        found = verify(draft)
        _compare(source, found)
        put_in_place(draft, target)
    finally:
        _remove(draft)
    return found


def verify(path: Path) -> Summary:
    """What the copy holds, once all of it could be read and fits together.

    `broken` counts changes of the log that were edited: a copy of an edited database is faithful. Raises CopyFailed,
    OSError.
    """
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise CopyFailed("not_a_copy", str(path))
    try:
        with closing(sqlite3.connect(f"{existing(path)}&immutable=1", uri=True)) as connection:
            _refuse_damaged(connection)
            found = summary(connection)
        broken = _broken(path)
    except sqlite3.DatabaseError as error:
        raise CopyFailed("damaged", str(error)) from error
    return Summary(found.revision, found.head, found.newest_at, found.rows, broken)


def summary(connection: sqlite3.Connection) -> Summary:
    """Of one snapshot: call it inside a transaction. Raises CopyFailed, sqlite3.Error."""
    statement = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    names = [name for (name,) in connection.execute(statement)]
    if not {"alembic_version", "change"} <= set(names):
        raise CopyFailed("not_a_copy", "no change log")
    rows = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
    revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    last = connection.execute("SELECT id, hash, at FROM change ORDER BY id DESC LIMIT 1").fetchone()
    head = Head(last[0], last[1]) if last else NOTHING_LOGGED
    at = datetime.fromisoformat(last[2]).replace(tzinfo=UTC) if last else None
    return Summary(revision[0] if revision else None, head, at, rows)


def plain_engine(path: Path, **options: str) -> Engine:
    """An engine on a copy: no write-ahead log, no rules of ours. `options` are those of SQLite's file addresses."""
    name = f"file:{quote(str(path.absolute()))}"
    return create_engine(
        URL.create("sqlite", database=name, query={"uri": "true", **options}), poolclass=NullPool
    )


def _refuse_damaged(connection: sqlite3.Connection) -> None:
    answer = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if answer != "ok":
        raise CopyFailed("damaged", answer)
    orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
    if orphan:
        raise CopyFailed("orphans", str(orphan[0]))


def _broken(path: Path) -> int:
    engine = plain_engine(path, mode="ro", immutable="1")
    try:
        with Session(engine) as session:
            return sum(1 for _id in broken_links(session))
    except SQLAlchemyError as error:
        raise CopyFailed("damaged", str(error)) from error
    finally:
        engine.dispose()


def _compare(source: Summary, found: Summary) -> None:
    if (source.revision, source.head, dict(source.rows)) != (found.revision, found.head, dict(found.rows)):
        raise CopyFailed("differs", f"{source.head.id} / {found.head.id}")


def _copy_file(path: Path, draft: Path) -> Summary:
    """By SQLite's own interface, from the snapshot whose rows are counted: nobody waits, nothing is torn."""
    with (
        closing(sqlite3.connect(existing(path), uri=True, timeout=15, isolation_level=None)) as source,
        closing(sqlite3.connect(draft, isolation_level=None)) as target,
    ):
        source.execute("BEGIN")
        found = summary(source)
        source.backup(target)
        source.execute("ROLLBACK")
        # One file, which opening does not grow others beside.
        target.execute("PRAGMA journal_mode=DELETE")
    return found


def _copy_server(database: Database, draft: Path) -> Summary:
    revision = current_revision(database)
    if not is_known(revision):
        raise CopyFailed("unknown_shape", str(revision))
    shape(f"sqlite:///{draft.absolute()}", str(revision))
    target = plain_engine(draft)
    snapshot = database.engine.execution_options(isolation_level="REPEATABLE READ")
    try:
        with snapshot.connect() as source, source.begin(), target.begin() as copy:
            rows = carry(source, copy)
            last = source.exec_driver_sql("SELECT id, hash, at FROM change ORDER BY id DESC LIMIT 1").first()
    finally:
        target.dispose()
    head = Head(last[0], last[1]) if last else NOTHING_LOGGED
    return Summary(revision, head, last[2] if last else None, rows)


def carry(source: Connection, target: Connection) -> dict[str, int]:
    """Bring all rows into empty tables of the same shape; how many of each. Raises CopyFailed, SQLAlchemyError."""
    ours, theirs = MetaData(), MetaData()
    ours.reflect(source)
    theirs.reflect(target)
    shapes = [{name: set(table.c.keys()) for name, table in known.tables.items()} for known in (ours, theirs)]
    if shapes[0] != shapes[1]:
        raise CopyFailed("unknown_shape", ", ".join(sorted(set(shapes[0]) ^ set(shapes[1]))))
    for table in reversed(theirs.sorted_tables):
        # What the steps themselves put in stands among the source's rows.
        target.execute(table.delete())
    return {
        table.name: _carry_table(source, ours.tables[table.name], target, table)
        for table in theirs.sorted_tables
    }


def _carry_table(source: Connection, ours: Table, target: Connection, theirs: Table) -> int:
    rows = source.execution_options(yield_per=PART).execute(select(ours)).mappings()
    carried = 0
    for part in rows.partitions():
        target.execute(
            theirs.insert(), [{name: _moved(row[name], theirs, name) for name in row} for row in part]
        )
        carried += len(part)
    stored = target.scalar(select(func.count()).select_from(theirs))
    if stored != carried:
        raise CopyFailed("differs", theirs.name)
    return carried


def _moved(value: Any, table: Table, column: str) -> Any:
    """SQLite keeps moments in UTC without saying so, PostgreSQL with a zone."""
    if not isinstance(value, datetime):
        return value
    in_utc = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    return in_utc if getattr(table.c[column].type, "timezone", False) else in_utc.replace(tzinfo=None)


def newest_fitting(folder: Path) -> Path | None:
    """The newest copy in `folder` that this program can put back."""
    with suppress(OSError):
        for path in sorted(folder.glob(f"*{ENDING}"), key=lambda file: file.stat().st_mtime, reverse=True):
            with suppress(CopyFailed, OSError):
                if is_known(verify(path).revision):
                    return path
    return None


def _remove(draft: Path) -> None:
    for file in list(with_journals(draft)):
        with suppress(FileNotFoundError):
            file.unlink()
