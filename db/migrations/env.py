"""Alembic's way in. It opens an engine of its own, because SQLite must not enforce foreign keys meanwhile.

Rebuilding a table with foreign keys on deletes the rows of its children without an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool
from sqlmodel.sql.sqltypes import AutoString

from db.base import Moment
from db.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection


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


def run() -> None:
    engine = create_engine(_engine_url(), poolclass=NullPool)
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            render_item=_plain_type,
            user_module_prefix="sa.",
        )
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite:
            _check_foreign_keys(connection)
    engine.dispose()


run()
