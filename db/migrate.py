"""Bring a database to the newest shape, and tell whether it is there."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from db.base import utc_now

if TYPE_CHECKING:
    from db.engine import Database

MIGRATIONS = Path(__file__).with_name("migrations")


def alembic_config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    # A percent sign would be read as an interpolation.
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def newest_revision() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def current_revision(database: Database) -> str | None:
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_current(database: Database) -> bool:
    return current_revision(database) == newest_revision()


def upgrade(database: Database, revision: str = "head") -> Path | None:
    """Migrate to `revision`. A SQLite file that holds data is copied first; returns the copy's path."""
    copy = _copy_before(database) if current_revision(database) not in (None, newest_revision()) else None
    database.close()
    command.upgrade(alembic_config(database.url), revision)
    return copy


def _copy_before(database: Database) -> Path | None:
    if not database.is_sqlite:
        return None
    source = Path(make_url(database.url).database or "")
    with database.engine.connect() as connection:
        # Everything in the write-ahead log goes into the file before the file is copied.
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    target = source.with_name(f"{source.stem}-before-migration-{utc_now():%Y%m%d%H%M%S}{source.suffix}")
    shutil.copy2(source, target)
    return target
