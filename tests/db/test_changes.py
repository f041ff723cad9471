"""The change log: only added to, sealed, and told to others after the commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import rows
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from db.changes import broken_links, data_version
from db.tables import FigureEntry

if TYPE_CHECKING:
    from rows import World

    from db.engine import Database


def log_three(database: Database) -> None:
    for number in range(3):
        with database.write(actor_login="quantri") as transaction:
            transaction.log("try", "thing", number, after={"n": number, "tên": "Thác Mơ"})


def test_an_untouched_chain_holds(database: Database) -> None:
    log_three(database)
    with database.read() as session:
        assert list(broken_links(session)) == []
        assert data_version(session) == 3


@pytest.mark.parametrize("deed", ["UPDATE change SET actor_login = 'x'", "DELETE FROM change"])
def test_the_database_refuses_to_alter_the_log(deed: str, database: Database) -> None:
    log_three(database)
    with pytest.raises(DBAPIError, match="only ever added"), database.engine.begin() as connection:
        connection.execute(text(deed))


@pytest.mark.parametrize("deed", ["UPDATE figure_entry SET reason = 'x'", "DELETE FROM figure_entry"])
def test_the_database_refuses_to_alter_entries(deed: str, database: Database, world: World) -> None:
    with database.write() as transaction:
        kept = rows.stored(transaction.session, rows.entry(world, reason="đã đối chiếu"))
    with pytest.raises(DBAPIError, match="only ever added"), database.engine.begin() as connection:
        connection.execute(text(deed))
    with database.read() as session:
        assert session.execute(select(col(FigureEntry.id), col(FigureEntry.reason))).all() == [
            (kept, "đã đối chiếu")
        ]


@pytest.mark.parametrize("deed", ["UPDATE report_event SET reason = 'x'", "DELETE FROM report_event"])
def test_the_database_refuses_to_alter_what_was_done_with_a_report(
    deed: str, database: Database, world: World
) -> None:
    with database.write() as transaction:
        report = rows.stored(transaction.session, rows.report(world))
        rows.stored(transaction.session, rows.report_event(world, report))
    with pytest.raises(DBAPIError, match="only ever added"), database.engine.begin() as connection:
        connection.execute(text(deed))


def test_a_row_edited_behind_our_back_is_found(sqlite_database: Database) -> None:
    log_three(sqlite_database)
    with sqlite_database.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER change_no_update"))
        connection.execute(text("UPDATE change SET after = '{}' WHERE id = 2"))
    with sqlite_database.read() as session:
        assert list(broken_links(session)) == [2]


def test_a_row_removed_behind_our_back_is_found(sqlite_database: Database) -> None:
    log_three(sqlite_database)
    with sqlite_database.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER change_no_delete"))
        connection.execute(text("DELETE FROM change WHERE id = 2"))
    with sqlite_database.read() as session:
        assert list(broken_links(session)) == [3]


def test_listeners_hear_the_version_after_the_commit(database: Database) -> None:
    heard: list[tuple[int, int]] = []

    def listen(version: int) -> None:
        with database.read() as session:
            heard.append((version, data_version(session)))

    stop = database.after_commit(listen)
    log_three(database)
    stop()
    log_three(database)
    assert heard == [(1, 1), (2, 2), (3, 3)]


def write_and_fail(database: Database) -> None:
    with database.write() as transaction:
        transaction.log("try", "thing", 1)
        raise ZeroDivisionError


def test_a_write_that_fails_leaves_nothing_and_tells_nobody(database: Database) -> None:
    heard: list[int] = []
    stop = database.after_commit(heard.append)
    with pytest.raises(ZeroDivisionError):
        write_and_fail(database)
    stop()
    with database.read() as session:
        assert data_version(session) == 0
    assert heard == []


def test_one_reading_sees_one_state_of_the_data(database: Database) -> None:
    """Figures and the version that names them must belong together, or a screen would call itself newer than it is."""
    log_three(database)
    with database.read() as session:
        before = data_version(session)
        log_three(database)
        assert data_version(session) == before
    with database.read() as session:
        assert data_version(session) == before + 3
