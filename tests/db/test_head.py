"""The end of the log, kept outside: what a whole chain cannot tell."""

from __future__ import annotations

import json
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from db.base import utc_now
from db.changes import NOTHING_LOGGED, Change, Head, append_change, holds, log_head
from db.head import HeadFile, HeadUnreadable

if TYPE_CHECKING:
    from pathlib import Path

    from db.engine import Database


@pytest.fixture
def head(database: Database, tmp_path: Path) -> HeadFile:
    file = HeadFile(tmp_path / "log.head")
    database.keep_head(file)
    return file


def save(database: Database, times: int = 1) -> Head:
    for _time in range(times):
        with database.write() as transaction:
            transaction.log("test", "test", 1)
            transaction.log("test", "test", 2)
    assert transaction.after
    return transaction.after


def end(database: Database) -> Head:
    with database.read() as session:
        return log_head(session)


def fits(database: Database, head: HeadFile) -> bool:
    kept = head.read()
    return kept is not None and not kept.breaks and kept.fits(end(database))


def without_guards(database: Database, statement: str) -> None:
    with database.engine.begin() as connection:
        if database.is_sqlite:
            names = connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'change'"
            ).scalars()
            for name in names.all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("ALTER TABLE change DISABLE TRIGGER ALL")
        connection.execute(text(statement))


def forge(database: Database) -> None:
    """A change with a right seal, slipped in at the end past the program."""
    with database.write() as transaction:
        keeper, database.head = database.head, None
        change = Change(at=utc_now(), actor_login="x", action="a", subject="s", subject_id="1")
        append_change(transaction.session, change)
    database.head = keeper


def test_each_save_moves_the_mark_with_it(database: Database, head: HeadFile) -> None:
    assert head.read() is None
    for _time in range(3):
        last = save(database)
        kept = head.read()
        assert kept is not None
        assert kept.before == kept.after == last == end(database)
    assert stat.S_IMODE(head.path.stat().st_mode) == 0o600


def test_a_save_that_came_to_nothing_leaves_no_doubt(database: Database, head: HeadFile) -> None:
    save(database)
    with suppress(RuntimeError), database.write() as transaction:
        transaction.log("test", "test", 1)
        database._before_commit(transaction)
        raise RuntimeError
    assert fits(database, head)
    save(database)
    assert fits(database, head)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM change WHERE id > 3",
        "DELETE FROM change WHERE id > 5",
        "DELETE FROM change WHERE id > 4",
        "DELETE FROM change",
        "UPDATE change SET hash = CASE substr(hash, 1, 1) WHEN 'f' THEN 'e' ELSE 'f' END || substr(hash, 2) WHERE id = 6",
    ],
)
def test_rows_cut_off_or_exchanged_are_found(database: Database, head: HeadFile, statement: str) -> None:
    save(database, 3)
    without_guards(database, statement)
    assert not fits(database, head)


def test_an_emptied_log_is_found_after_a_single_save(database: Database, head: HeadFile) -> None:
    save(database)
    without_guards(database, "DELETE FROM change")
    assert not fits(database, head)


def test_a_save_that_is_late_to_say_that_it_is_stored_leaves_the_next_ones_mark(
    database: Database, head: HeadFile
) -> None:
    first, second = save(database), save(database)
    third = Head(second.id + 2, "3" * 64)
    head.move(second, third)
    for late in (first, second):
        head.settle(late)
        kept = head.read()
        assert kept is not None
        assert (kept.before, kept.after) == (second, third)


def test_a_forged_tail_is_found_though_its_chain_is_whole(database: Database, head: HeadFile) -> None:
    last = save(database)
    forge(database)
    assert not fits(database, head)
    with database.read() as session:
        assert holds(session, last)


def test_what_was_found_once_stays_found_when_the_program_goes_on(database: Database, head: HeadFile) -> None:
    last = save(database)
    forge(database)
    save(database)
    kept = head.read()
    assert kept is not None
    assert [each.kept for each in kept.breaks] == [last]
    head.accept(end(database))
    assert fits(database, head)


def test_a_mark_that_cannot_be_written_does_not_stop_the_work(
    database: Database, head: HeadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: HeadFile, _kept: object) -> None:
        raise OSError

    monkeypatch.setattr(HeadFile, "_write", full)
    assert save(database).id == 2


@pytest.mark.parametrize(
    "content", ["", "{}", "[1]", json.dumps({"before": [1], "after": 2, "breaks": []}), "\x00"]
)
def test_a_file_that_is_not_ours_any_more_is_said_so(tmp_path: Path, content: str) -> None:
    file = HeadFile(tmp_path / "log.head")
    file.path.write_text(content)
    with pytest.raises(HeadUnreadable):
        file.read()


def test_an_empty_log_has_an_end_too(database: Database) -> None:
    assert end(database) == NOTHING_LOGGED
    with database.read() as session:
        assert holds(session, NOTHING_LOGGED)
