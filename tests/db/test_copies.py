"""Backup and restore: whole while people work, verified, back on either kind of database, safe when broken off."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rows import small_world
from sqlalchemy import func, inspect, select, text

from db import engine
from db.base import utc_now
from db.changes import broken_links, log_head
from db.copies import CopyFailed, newest_fitting, verify, write_copy
from db.engine import Database
from db.head import HeadFile
from db.locks import InUse, alone
from db.migrate import is_current
from db.restore import loss_of, restore
from db.tables import Account, Change, LoginSession, SignInAttempt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rows import World

ROOT = Path(__file__).parents[2]


def save(database: Database, times: int = 1) -> None:
    for _time in range(times):
        with database.write() as transaction:
            transaction.log("test", "test", 1)


def changes(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Change)) or 0


def accounts(database: Database) -> list[tuple[str, object]]:
    with database.read() as session:
        return [
            (row.login, row.created_at) for row in session.execute(select(Account.login, Account.created_at))
        ]


def test_a_copy_is_one_private_file_that_holds_everything(
    database: Database, world: World, tmp_path: Path
) -> None:
    save(database, 3)
    target = tmp_path / "copy.bak"
    found = write_copy(database, target)
    assert (found.head.id, found.rows["change"], found.rows["account"]) == (3, 3, len(accounts(database)))
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy.bak"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert verify(target) == found
    copied = Database(f"sqlite:///{target}")
    assert accounts(copied) == accounts(database)
    copied.close()


def test_copies_taken_while_people_save_are_each_a_whole_moment(database: Database, tmp_path: Path) -> None:
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            save(database)

    workers = [threading.Thread(target=work) for _worker in range(3)]
    for worker in workers:
        worker.start()
    try:
        found = [write_copy(database, tmp_path / f"{number}.bak") for number in range(4)]
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    ends = [each.head.id for each in found]
    assert ends == sorted(ends)
    assert all(each.rows["change"] == each.head.id and each.broken == 0 for each in found)


def test_what_another_process_saved_and_not_yet_checkpointed_is_in_the_copy(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(str(sqlite_database.path))) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM change").fetchone()
        save(sqlite_database, 50)
        assert write_copy(sqlite_database, tmp_path / "copy.bak").rows["change"] == 50


def test_a_copy_never_takes_the_place_of_a_file(sqlite_database: Database, tmp_path: Path) -> None:
    (tmp_path / "copy.bak").write_text("somebody's")
    with pytest.raises(CopyFailed, match="exists"):
        write_copy(sqlite_database, tmp_path / "copy.bak")
    assert (tmp_path / "copy.bak").read_text() == "somebody's"


def corrupt(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = bytes(4096)
    path.write_bytes(content)


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5000])


def take_rows(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("DELETE FROM area")
        connection.commit()


def drop_log(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE change")
        connection.commit()


@pytest.mark.parametrize(
    "deed",
    [
        corrupt,
        shorten,
        take_rows,
        drop_log,
        lambda path: path.write_text("SELECT 1"),
        lambda path: path.write_bytes(b""),
    ],
)
def test_a_copy_that_is_not_whole_is_refused_and_nothing_changes(
    sqlite_database: Database, tmp_path: Path, deed: Callable[[Path], object]
) -> None:
    with sqlite_database.write() as transaction:
        small_world(transaction.session)
    save(sqlite_database, 60)
    target = tmp_path / "copy.bak"
    write_copy(sqlite_database, target)
    deed(target)
    with pytest.raises(CopyFailed):
        restore(sqlite_database, target, actor_login="system")
    assert changes(sqlite_database) == 60


def test_a_log_edited_by_hand_is_counted_in_its_copy(sqlite_database: Database, tmp_path: Path) -> None:
    save(sqlite_database, 3)
    with sqlite_database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER change_no_update")
        connection.exec_driver_sql("UPDATE change SET actor_login = 'x' WHERE id = 2")
    assert write_copy(sqlite_database, tmp_path / "copy.bak").broken == 1


def test_what_is_restored_is_what_was_copied_and_what_stood_is_kept(
    database: Database, world: World, tmp_path: Path
) -> None:
    head = HeadFile(tmp_path / "log.head")
    database.keep_head(head)
    save(database, 3)
    kept = accounts(database)
    copy = write_copy(database, tmp_path / "copy.bak")
    save(database, 5)
    with database.write() as transaction:
        transaction.session.execute(text("UPDATE account SET name = 'changed'"))
    assert (loss_of(database, copy).changes, loss_of(database, copy).diverged) == (5, False)
    aside = restore(database, tmp_path / "copy.bak", actor_login="system (lan)")
    assert aside
    assert is_current(database)
    assert accounts(database) == kept
    assert changes(database) == 4
    with database.read() as session:
        last = session.scalars(select(Change).order_by(Change.id.desc())).first()  # type: ignore[union-attr]
        assert last is not None
        assert (last.action, last.actor_login) == ("restore", "system (lan)")
        assert list(broken_links(session)) == []
        now = head.read()
        assert now is not None
        assert now.after == log_head(session)
    # New rows get new numbers, and the guards of the tables are there again.
    with database.write() as transaction:
        transaction.session.add(SignInAttempt(login="x", address="x", at=utc_now(), succeeded=False))
    with pytest.raises(Exception, match="only ever added"), database.write() as transaction:
        transaction.session.execute(text("UPDATE change SET action = 'x'"))
    if not database.is_sqlite:
        assert "change" in inspect(database.engine).get_table_names(schema=aside)
    else:
        older = Database(f"sqlite:///{aside}")
        assert changes(older) == 8
        older.close()


def test_a_copy_of_one_kind_goes_back_into_the_other(
    sqlite_url: str, postgresql_url: str, tmp_path: Path
) -> None:
    first, second = Database(sqlite_url), Database(postgresql_url)
    save(first, 3)
    write_copy(first, tmp_path / "one.bak")
    restore(second, tmp_path / "one.bak", actor_login="system")
    assert changes(second) == 4
    save(second)
    write_copy(second, tmp_path / "two.bak")
    restore(first, tmp_path / "two.bak", actor_login="system")
    assert changes(first) == 6
    with first.read() as session:
        assert list(broken_links(session)) == []
    first.close()
    second.close()


def test_sessions_that_were_open_when_the_copy_was_taken_are_over(
    database: Database, world: World, tmp_path: Path
) -> None:
    now = utc_now()
    with database.write() as transaction:
        transaction.session.add(
            LoginSession(
                token_hash="x",
                account_id=world.officer,
                created_at=now,
                last_seen_at=now,
                expires_at=now + timedelta(hours=9),
            )
        )
        transaction.log("test", "test", 1)
    write_copy(database, tmp_path / "copy.bak")
    restore(database, tmp_path / "copy.bak", actor_login="system")
    with database.read() as session:
        assert session.scalar(select(LoginSession.revoked_at)) is not None


def test_an_old_journal_is_never_replayed_over_what_was_restored(
    sqlite_database: Database, tmp_path: Path
) -> None:
    save(sqlite_database)
    write_copy(sqlite_database, tmp_path / "copy.bak")
    save(sqlite_database, 30)
    path = sqlite_database.path
    assert path
    # As after a kill: what was saved since stands in the journal alone.
    shutil.copytree(path.parent, tmp_path / "killed", ignore=lambda *_names: {"killed"})
    sqlite_database.close()
    killed = Database(f"sqlite:///{tmp_path / 'killed' / path.name}")
    aside = Path(restore(killed, tmp_path / "copy.bak", actor_login="system"))
    assert changes(killed) == 2
    killed.close()
    older = Database(f"sqlite:///{aside}")
    assert changes(older) == 31
    older.close()


def test_a_database_that_cannot_be_read_any_more_is_replaced_and_kept(
    sqlite_database: Database, tmp_path: Path
) -> None:
    save(sqlite_database)
    write_copy(sqlite_database, tmp_path / "copy.bak")
    path = sqlite_database.path
    assert path
    sqlite_database.close()
    path.write_bytes(b"damaged" * 1000)
    damaged = Database(f"sqlite:///{path}")
    assert loss_of(damaged, verify(tmp_path / "copy.bak")).unreadable
    aside = Path(restore(damaged, tmp_path / "copy.bak", actor_login="system"))
    assert changes(damaged) == 2
    assert aside.read_bytes().startswith(b"damaged")
    damaged.close()


def test_a_file_that_another_program_has_open_is_not_exchanged(
    sqlite_database: Database, tmp_path: Path
) -> None:
    save(sqlite_database)
    write_copy(sqlite_database, tmp_path / "copy.bak")
    with closing(sqlite3.connect(str(sqlite_database.path))) as other:
        other.execute("SELECT count(*) FROM change").fetchone()
        with pytest.raises(CopyFailed, match="open_elsewhere"):
            restore(sqlite_database, tmp_path / "copy.bak", actor_login="system")
    assert changes(sqlite_database) == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from db.engine import Database
from db.head import HeadFile
from db.restore import restore
url, copy, head, left = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
def count(event, _arguments):
    global left
    if event in {"os.rename", "os.link", "os.remove", "open", "sqlite3.connect", "shutil.copyfile"}:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
database = Database(url)
database.keep_head(HeadFile(head))
sys.addaudithook(count)
restore(database, copy, actor_login="system")
print("done")
"""


@pytest.mark.parametrize("calls", [*range(1, 24, 4)])
def test_a_restore_killed_anywhere_leaves_the_old_or_the_new_state(
    sqlite_database: Database, tmp_path: Path, calls: int
) -> None:
    head = HeadFile(tmp_path / "log.head")
    sqlite_database.keep_head(head)
    save(sqlite_database)
    write_copy(sqlite_database, tmp_path / "copy.bak")
    save(sqlite_database, 3)
    sqlite_database.close()
    arguments = [
        sys.executable,
        "-c",
        KILLED,
        sqlite_database.url,
        str(tmp_path / "copy.bak"),
        str(head.path),
        str(calls),
    ]
    killed = subprocess.run(arguments, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with sqlite_database.read() as session:
        last = session.scalars(select(Change).order_by(Change.id.desc())).first()  # type: ignore[union-attr]
        assert last is not None
        assert (last.id, last.action) in {(4, "test"), (2, "restore")}
        kept = head.read()
        assert kept is not None
        assert kept.fits(log_head(session))
    sqlite_database.close()
    restore(sqlite_database, tmp_path / "copy.bak", actor_login="system")
    assert changes(sqlite_database) == 2


def test_a_restore_of_a_server_that_is_broken_off_leaves_the_old_state(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(postgresql_url)
    save(database)
    write_copy(database, tmp_path / "copy.bak")
    save(database, 3)

    def broken(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("db.restore._continue_numbers", broken)
    with pytest.raises(KeyboardInterrupt):
        restore(database, tmp_path / "copy.bak", actor_login="system")
    assert changes(database) == 4
    database.close()


SERVING = """
import sys, time
from db.engine import Database
database = Database(sys.argv[1])
database.lock.share()
print("serving", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def serving(database: Database) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the database in use, as a server has."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", SERVING, database.url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdin
    assert process.stdout.readline() == "serving\n"
    yield process
    process.stdin.close()
    process.stdout.close()
    process.wait(timeout=10)


def test_nobody_has_the_database_alone_while_a_server_runs(
    database: Database, serving: subprocess.Popen[str]
) -> None:
    database.close()
    with pytest.raises(InUse), alone(database.lock):
        pass
    database.lock.share()
    database.lock.release()
    os.kill(serving.pid, signal.SIGKILL)
    serving.wait()
    # However the server ended, its lock ended with it.
    with alone(database.lock):
        second = Database(database.url)
        with pytest.raises(InUse):
            second.lock.share()
        second.close()


def test_the_newest_copy_that_this_program_can_use_is_found(
    sqlite_database: Database, tmp_path: Path
) -> None:
    assert newest_fitting(tmp_path / "nowhere") is None
    write_copy(sqlite_database, tmp_path / "a.bak")
    with sqlite_database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    write_copy(sqlite_database, tmp_path / "b.bak")
    (tmp_path / "c.bak").write_text("no copy")
    assert newest_fitting(tmp_path) == tmp_path / "a.bak"
    engine.forget()
