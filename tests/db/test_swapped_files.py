"""The database's files are exchanged under a running program: nothing is called saved that is not."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import SQLAlchemyError

from db.engine import DatabaseReplaced
from db.files import beside, checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from db.engine import Database


def save(database: Database) -> int:
    with database.write() as transaction:
        transaction.log("test", "test", 1)
    return transaction.version or 0


def path_of(database: Database) -> Path:
    assert database.path
    return database.path


def stored(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM change").fetchone()[0])


def remove_log(path: Path) -> None:
    beside(path, "-wal").unlink()


def remove_all(path: Path) -> None:
    for file in (path, beside(path, "-wal"), beside(path, "-shm")):
        file.unlink()


def exchange(path: Path) -> None:
    """Another file of the same name, as a careless restore does it."""
    shutil.copy(path, beside(path, ".new"))
    beside(path, ".new").replace(path)


def empty_log_of_another(path: Path) -> None:
    beside(path, "-wal").unlink()
    beside(path, "-wal").touch()


def rename_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("moved"))


@pytest.mark.parametrize("deed", [remove_log, remove_all, exchange, empty_log_of_another, rename_folder])
def test_a_save_into_files_that_are_gone_is_refused(
    sqlite_database: Database, tmp_path: Path, deed: Callable[[Path], None]
) -> None:
    acknowledged = [save(sqlite_database) for _time in range(5)]
    deed(path_of(sqlite_database))
    with pytest.raises(DatabaseReplaced):
        save(sqlite_database)
    with pytest.raises(DatabaseReplaced):
        save(sqlite_database)
    copies = list(tmp_path.rglob("*-rescued-*"))
    # What was acknowledged is in the copy, where there was still a place for one.
    assert [stored(copy) for copy in copies] == ([] if deed is rename_folder else [len(acknowledged)])
    assert sqlite_database.is_replaced


def test_files_that_go_while_a_save_is_under_way(sqlite_database: Database) -> None:
    save(sqlite_database)

    def interrupted() -> None:
        with sqlite_database.write() as transaction:
            transaction.log("test", "test", 1)
            remove_log(path_of(sqlite_database))

    with pytest.raises(DatabaseReplaced):
        interrupted()


def test_an_older_content_written_into_the_same_file_is_noticed(
    sqlite_database: Database, tmp_path: Path
) -> None:
    save(sqlite_database)
    checkpoint(path_of(sqlite_database))
    older = tmp_path / "older"
    shutil.copyfile(path_of(sqlite_database), older)
    for _time in range(3):
        save(sqlite_database)
    checkpoint(path_of(sqlite_database))
    path_of(sqlite_database).write_bytes(older.read_bytes())
    # SQLite itself may find the file malformed first; called saved it is not.
    with pytest.raises(SQLAlchemyError):
        save(sqlite_database)


def test_saves_by_others_and_checkpoints_are_no_exchange(sqlite_database: Database) -> None:
    save(sqlite_database)
    with closing(sqlite3.connect(path_of(sqlite_database))) as other:
        other.execute("UPDATE alembic_version SET version_num = version_num")
        other.commit()
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert save(sqlite_database) == 2
    sqlite_database.close()
    assert save(sqlite_database) == 3


def test_after_a_stop_one_file_holds_everything_and_takes_no_more(
    sqlite_database: Database, tmp_path: Path
) -> None:
    for _time in range(20):
        save(sqlite_database)
    sqlite_database.stop()
    sqlite_database.stop()
    copy = tmp_path / "copy"
    shutil.copyfile(path_of(sqlite_database), copy)
    assert stored(copy) == 20
    assert not beside(path_of(sqlite_database), "-wal").exists()
    with pytest.raises(SQLAlchemyError):
        save(sqlite_database)


def test_a_stop_while_another_program_reads_still_empties_the_log(
    sqlite_database: Database, tmp_path: Path
) -> None:
    save(sqlite_database)
    with closing(sqlite3.connect(path_of(sqlite_database))) as reader:
        reader.execute("SELECT count(*) FROM change").fetchone()
        sqlite_database.stop()
    copy = tmp_path / "copy"
    shutil.copyfile(path_of(sqlite_database), copy)
    assert stored(copy) == 1
