"""Alembic's way in. It opens an engine of its own, because SQLite must not enforce foreign keys meanwhile.

Rebuilding a table with foreign keys on deletes the rows of its children without an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from alembic import context
from sqlalchemy import create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool
from sqlmodel.sql.sqltypes import AutoString

from db.base import Moment
from db.locks import PROGRAM
from db.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


def _busy_seconds() -> float:
    return float(context.config.attributes["busy_seconds"])


def _engine_url() -> str:
    url = make_url(context.config.get_main_option("sqlalchemy.url") or "")
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)


def _plain_type(kind: str, item: object, _autogen: object) -> str | Literal[False]:
    """Migrations name plain types only, so that they do not change their meaning when our classes do."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})"
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def _check_foreign_keys(connection: Connection) -> None:
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if orphans:
        message = f"the migration left rows without their parents: {orphans[:5]}"
        raise RuntimeError(message)


def _sqlite_engine() -> Engine:
    """One transaction for all steps, definitions of tables included: Python's own handling would commit each."""
    engine = create_engine(_engine_url(), poolclass=NullPool, connect_args={"timeout": _busy_seconds()})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        # Readers go on reading while the steps are taken.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _postgresql_engine() -> Engine:
    # A reader that stays in the way makes a refusal, not a standstill of everybody behind us.
    options = {"options": f"-c lock_timeout={round(_busy_seconds() * 1000)}", "application_name": PROGRAM}
    return create_engine(_engine_url(), poolclass=NullPool, connect_args=options)


def _migrate(connection: Connection) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=_plain_type,
        user_module_prefix="sa.",
        transactional_ddl=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()
        if is_sqlite:
            _check_foreign_keys(connection)


def run() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    is_sqlite = make_url(_engine_url()).get_backend_name() == "sqlite"
    engine = _sqlite_engine() if is_sqlite else _postgresql_engine()
    with engine.connect() as connection:
        _migrate(connection)
    engine.dispose()


run()
