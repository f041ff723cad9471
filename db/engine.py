"""One engine a process; sessions live for one block and never leave it."""

from __future__ import annotations

import logging
import sqlite3
import threading
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from db.base import utc_now
from db.changes import Change, Head, append_change, as_json, holds, log_head
from db.files import checkpoint, identities, sqlite_path
from db.locks import PROGRAM, FileLock, ServerLock
from db.rescue import rescue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from db.head import HeadFile

logger = logging.getLogger(__name__)

WRITE_LOCK = 20_210_409  # names our advisory lock in PostgreSQL
CHANNEL = "dashboard_changes"
PATIENCE_SECONDS = 15.0
_WRITING = {"writing": True}
OPENED = "opened files"  # where a connection keeps which files it opened


class DatabaseReplaced(SQLAlchemyError):
    """The database under this process is not the one that it opened: nothing is written until the next start."""


class Stopping(SQLAlchemyError):
    """This process is on its way out and stores nothing more."""


class Transaction:
    """A write under way: its session, and the log that is stored with it or not at all."""

    def __init__(self, session: Session, actor_id: int | None, actor_login: str) -> None:
        self.session = session
        self.before: Head | None = None
        self.after: Head | None = None
        self._actor = (actor_id, actor_login)

    def log(
        self,
        action: str,
        subject: str,
        subject_id: object,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        actor_id, actor_login = self._actor
        self.before = self.before or log_head(self.session)
        change = Change(
            at=utc_now(),
            actor_id=actor_id,
            actor_login=actor_login,
            action=action,
            subject=subject,
            subject_id=str(subject_id),
            before=as_json(before),
            after=as_json(after),
        )
        self.session.flush()
        self.after = Head(append_change(self.session, change), change.hash)

    @property
    def version(self) -> int | None:
        """The data version after this write; None as long as it has logged nothing."""
        return self.after.id if self.after else None


class Database:
    """Reads see one consistent snapshot; writes are taken one after another, each with its change log."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url)
        # SQLite reads from a snapshot of itself; PostgreSQL has to be asked for one.
        snapshot = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reading = self.engine.execution_options(**snapshot)
        self.path = sqlite_path(url)
        self.head: HeadFile | None = None
        self.lock: FileLock | ServerLock = FileLock(self.path) if self.path else ServerLock(self.engine)
        self.system_login = "system"  # who writes where no account does
        self.is_replaced = False
        self._is_stopping = False
        self._last: Head | None = None
        self._listeners: list[Callable[[int], None]] = []

    @contextmanager
    def read(self) -> Iterator[Session]:
        with Session(self._reading, autoflush=False) as session:
            yield session

    @contextmanager
    def write(
        self,
        *,
        actor_id: int | None = None,
        actor_login: str = "",
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> Iterator[Transaction]:
        """Commit at the end of the block, roll back on any error; tell listeners after the commit.

        Waits `patience_seconds` for other writers at most. Raises SQLAlchemyError where nothing was stored, or where
        what was stored is not in the files any more.
        """
        self._refuse_stopped()
        options = {**_WRITING, "patience": patience_seconds}
        with self.engine.connect().execution_options(**options) as connection:
            self._refuse_replaced(connection)
            session = Session(connection, expire_on_commit=False)
            with session, session.begin():
                transaction = Transaction(session, actor_id, actor_login or self.system_login)
                if not self.is_sqlite:
                    patience = {"wait": f"{int(patience_seconds * 1000)}ms"}
                    session.execute(text("SELECT set_config('lock_timeout', :wait, true)"), patience)
                    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITE_LOCK})
                yield transaction
                self._before_commit(transaction)
            self._refuse_replaced(connection)
        self._tell(transaction)

    def _before_commit(self, transaction: Transaction) -> None:
        before, after = transaction.before, transaction.after
        if before is None or after is None:
            return
        if self._last and not holds(transaction.session, self._last):
            self._lose("its log went back, or another way")
        if self.head:
            self.head.move(before, after)
        if not self.is_sqlite:
            statement = text("SELECT pg_notify(:channel, :version)")
            transaction.session.execute(statement, {"channel": CHANNEL, "version": str(after.id)})

    def _tell(self, transaction: Transaction) -> None:
        if transaction.after is None:
            return
        self._last = max(transaction.after, self._last or transaction.after)
        if self.head:
            self.head.settle(transaction.after)
        for listener in tuple(self._listeners):
            listener(transaction.after.id)

    def _refuse_stopped(self) -> None:
        if self.is_replaced:
            raise DatabaseReplaced
        if self._is_stopping:
            raise Stopping

    def _refuse_replaced(self, connection: Connection) -> None:
        """A removed or exchanged file goes on taking writes that nobody will ever read."""
        opened = connection.info.get(OPENED)
        if self.path is None or opened is None or opened == identities(self.path):
            return
        copy = None if self.is_replaced else rescue(connection.connection.dbapi_connection, self.path)
        logger.critical("what the removed files held was copied to %s", copy)
        self._lose("its files were removed or exchanged")

    def files_are_others(self) -> bool:
        """Whether some open connection's files are no longer those that stand there."""
        if self.path is None:
            return False
        with self.engine.connect() as connection:
            return connection.info.get(OPENED) not in (None, identities(self.path))

    def _lose(self, why: str) -> None:
        self.is_replaced = True
        logger.critical("%s: %s; nothing is written until the next start", self.path or "the database", why)
        raise DatabaseReplaced

    def after_commit(self, listener: Callable[[int], None]) -> Callable[[], None]:
        """Call `listener` with the new data version after each commit of this process; returns the way off."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def keep_head(self, head: HeadFile) -> None:
        """Keep the end of the log outside from now on, and notice when the database goes back behind it."""
        self.head = head
        with self.read() as session:
            self._last = log_head(session)

    def close(self) -> None:
        self.engine.dispose()

    def let_go(self) -> None:
        """Before another database is put in this one's place by this very process."""
        self.close()
        self._last = None

    def stop(self) -> None:
        """Take no more writes and leave one file that holds everything. May be called twice; never fails."""
        self._is_stopping = True
        self.close()
        if self.path and not self.is_replaced:
            self._empty_log(self.path)
        self.lock.release()

    @staticmethod
    def _empty_log(path: Path) -> None:
        try:
            if not checkpoint(path):
                logger.warning("another program reads %s: its -wal file still belongs to it", path)
        except (OSError, sqlite3.Error):
            logger.exception("the write-ahead log of %s could not be emptied", path)


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url, connect_args={"check_same_thread": False, "timeout": 15}, hide_parameters=True
    )
    path = sqlite_path(url)
    event.listen(engine, "connect", _prepare_sqlite)
    if path:
        event.listen(engine, "connect", partial(_note_files, path))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    # Python's own transaction handling sends BEGIN too late and loses updates: we send it ourselves.
    dbapi_connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        dbapi_connection.execute(f"PRAGMA {pragma}")


def _note_files(path: Path, dbapi_connection: Any, record: Any) -> None:
    # Reading makes SQLite open its write-ahead log, which from now on stays the same file.
    dbapi_connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    record.info[OPENED] = identities(path)


def _begin_sqlite(connection: Connection) -> None:
    # A plain BEGIN that writes later fails at once when another writer came first; IMMEDIATE waits its turn.
    options = connection.get_execution_options()
    if not options.get("writing", False):
        connection.exec_driver_sql("BEGIN")
        return
    patience = int(options.get("patience", PATIENCE_SECONDS) * 1000)
    connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgresql_engine(url: str) -> Engine:
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        connect_args={"application_name": PROGRAM},
        pool_pre_ping=True,
        pool_size=10,
        hide_parameters=True,
    )


_current: Database | None = None
_lock = threading.Lock()


def use(url: str) -> Database:
    """Make `url` the database of this process; the same url again keeps the open one."""
    global _current  # noqa: PLW0603 - one database a process, by design
    with _lock:
        if _current is None or _current.url != url:
            _current = Database(url)
        return _current


def database() -> Database:
    if _current is None:
        message = "no database is in use: call db.engine.use(url) first"
        raise RuntimeError(message)
    return _current


def let_go() -> None:
    """Close what this process has open, so that the last one out leaves a single file behind."""
    if _current is not None:
        _current.close()
        _current.lock.release()


def forget() -> None:
    """Let go of the process's database: for tests, which use one after another."""
    global _current  # noqa: PLW0603 - the counterpart of use()
    with _lock:
        if _current is not None:
            _current.lock.release()
            _current.close()
        _current = None
