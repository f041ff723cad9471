"""The shape of a database: which it has, which this program knows, and the way to the newest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.engine import Database

MIGRATIONS: Final = Path(__file__).with_name("migrations")

Shape = Literal["empty", "old", "current", "newer"]


BUSY_SECONDS: Final = 15.0  # how long a migration waits for who stands in its way


def alembic_config(
    url: str, connection: Connection | None = None, busy_seconds: float = BUSY_SECONDS
) -> Config:
    """For Alembic's commands; with `connection` they work in its transaction, and leave the commit to its owner."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    # A percent sign would be read as an interpolation.
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["busy_seconds"] = busy_seconds
    return config


def newest_revision() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def is_known(revision: str | None) -> bool:
    """Whether this program has the step: a newer program's database carries one that it has not."""
    return revision in {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


def current_revision(database: Database) -> str | None:
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_current(database: Database) -> bool:
    return current_revision(database) == newest_revision()


def shape_of(database: Database) -> Shape:
    revision = current_revision(database)
    if revision is None:
        return "empty"
    if revision == newest_revision():
        return "current"
    return "old" if is_known(revision) else "newer"


def shape(
    url: str, revision: str, connection: Connection | None = None, *, busy_seconds: float = BUSY_SECONDS
) -> None:
    """Bring what stands at `url` to `revision`, in one transaction: afterwards it has all steps or none."""
    command.upgrade(alembic_config(url, connection, busy_seconds), revision)


def upgrade(database: Database, revision: str = "head") -> None:
    """Migrate to `revision`: all steps or none. Raises SQLAlchemyError where the database is busy or refuses."""
    database.close()
    shape(database.url, revision)
