"""One engine a process; sessions live for one block and never leave it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from db.base import utc_now
from db.changes import Change, append_change, as_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine

WRITE_LOCK = 20_210_409  # names our advisory lock in PostgreSQL
CHANNEL = "dashboard_changes"
PATIENCE_SECONDS = 15.0
_WRITING = {"writing": True}


class Transaction:
    """A write under way: its session, and the log that is stored with it or not at all."""

    def __init__(self, session: Session, actor_id: int | None, actor_login: str) -> None:
        self.session = session
        self.version: int | None = None
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
        self.version = append_change(self.session, change)


class Database:
    """Reads see one consistent snapshot; writes are taken one after another, each with its change log."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url)
        # SQLite reads from a snapshot of itself; PostgreSQL has to be asked for one.
        snapshot = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reading = self.engine.execution_options(**snapshot)
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
        actor_login: str = "system",
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> Iterator[Transaction]:
        """Commit at the end of the block, roll back on any error; tell listeners after the commit.

        Waits `patience_seconds` for other writers at most, then raises OperationalError.
        """
        options = {**_WRITING, "patience": patience_seconds}
        with self.engine.connect().execution_options(**options) as connection:
            session = Session(connection, expire_on_commit=False)
            with session, session.begin():
                transaction = Transaction(session, actor_id, actor_login)
                if not self.is_sqlite:
                    patience = {"wait": f"{int(patience_seconds * 1000)}ms"}
                    session.execute(text("SELECT set_config('lock_timeout', :wait, true)"), patience)
                    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITE_LOCK})
                yield transaction
                self._notify_others(session, transaction.version)
        if transaction.version is not None:
            for listener in tuple(self._listeners):
                listener(transaction.version)

    def _notify_others(self, session: Session, version: int | None) -> None:
        if version is not None and not self.is_sqlite:
            statement = text("SELECT pg_notify(:channel, :version)")
            session.execute(statement, {"channel": CHANNEL, "version": str(version)})

    def after_commit(self, listener: Callable[[int], None]) -> Callable[[], None]:
        """Call `listener` with the new data version after each commit of this process; returns the way off."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def close(self) -> None:
        self.engine.dispose()


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url, connect_args={"check_same_thread": False, "timeout": 15}, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    # Python's own transaction handling sends BEGIN too late and loses updates: we send it ourselves.
    dbapi_connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        dbapi_connection.execute(f"PRAGMA {pragma}")


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


def forget() -> None:
    """Let go of the process's database: for tests, which use one after another."""
    global _current  # noqa: PLW0603 - the counterpart of use()
    with _lock:
        if _current is not None:
            _current.close()
        _current = None
