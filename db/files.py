"""The files of a SQLite database: where they are, whether they are still those that were opened, one file as truth."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKPOINT_SECONDS: Final = 5
JOURNALS: Final = ("-wal", "-shm")
PRIVATE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700

Identity = tuple[int, int] | None


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite address; None for PostgreSQL and for a database in memory."""
    parsed = make_url(url)
    named = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:")
    return Path(parsed.database or "") if named else None


def beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def with_journals(path: Path) -> Iterator[Path]:
    """The database and what SQLite keeps beside it, as far as they exist."""
    return (file for file in (path, *(beside(path, ending) for ending in JOURNALS)) if file.exists())


def identity(path: Path) -> Identity:
    """Which file stands at `path` now; None where none does."""
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None


def identities(path: Path) -> tuple[Identity, Identity]:
    """Of the database and of its write-ahead log: while a connection is open, neither may be another one."""
    return identity(path), identity(beside(path, "-wal"))


def existing(path: Path) -> str:
    """An address for sqlite3 that never makes an empty file where one is missing."""
    return f"file:{quote(str(path.absolute()))}?mode=rw"


def checkpoint(path: Path, *, seconds: float = CHECKPOINT_SECONDS) -> bool:
    """Bring what the write-ahead log holds into the file; whether the file alone is the truth afterwards.

    Raises sqlite3.Error where the file cannot be read or written.
    """
    with closing(
        sqlite3.connect(existing(path), uri=True, timeout=seconds, isolation_level=None)
    ) as connection:
        # With the default the closing of the last connection would be all that empties the log.
        busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    log = beside(path, "-wal")
    return not busy and not (log.exists() and log.stat().st_size)


def unused(path: Path) -> Path:
    """`path`, or the first of its name with a number behind that nothing stands at."""
    tries = (path, *(path.with_name(f"{path.stem}-{number}{path.suffix}") for number in range(2, 1000)))
    return next(candidate for candidate in tries if not candidate.exists())


def second_name(file: Path, name: Path) -> None:
    """Let the file stand under `name` too; where a file system knows no second names, as a copy."""
    try:
        os.link(file, name)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copy2(file, name)
        sync(name)


def sync(path: Path) -> None:
    """Wait until the file's content is on the disk; for a folder, its names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        # Some file systems (a USB stick's) know no syncing of folders.
        if not path.is_dir():
            raise
    finally:
        os.close(descriptor)


def put_in_place(finished: Path, target: Path) -> None:
    """Give a finished file its name, for good: after a crash the name holds all of it or is not there."""
    sync(finished)
    finished.replace(target)
    sync(target.parent)
