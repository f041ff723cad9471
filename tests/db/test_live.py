from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from dashboard.web.hub import Hub
from dashboard.web.watch import newest_change
from db.engine import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

# So long nobody waits unless nothing ever comes.
PATIENCE = 20.0


class Ear:
    """Notes each version that is heard of."""

    def __init__(self, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
        self.heard: set[int] = set()
        self._news = threading.Condition()
        publish = hub.publish

        def note(version: int) -> None:
            publish(version)
            with self._news:
                self.heard.add(version)
                self._news.notify_all()

        monkeypatch.setattr(hub, "publish", note)

    def wait_for(self, version: int) -> None:
        with self._news:
            assert self._news.wait_for(lambda: version in self.heard, PATIENCE), "nothing was heard"


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub()
    yield hub
    hub.stop()


@pytest.fixture
def other(database: Database) -> Iterator[Database]:
    """The same data opened once more, as another process opens them."""
    opened = Database(database.url)
    yield opened
    opened.close()


def save(database: Database) -> int:
    with database.write() as transaction:
        transaction.log("test", "test", 1)
    assert transaction.version
    return transaction.version


def test_a_hub_knows_from_the_start_where_the_data_stand(database: Database, hub: Hub) -> None:
    version = save(database)
    hub.follow(database)
    assert hub.version == version


def test_a_commit_of_this_process_is_heard_at_once(database: Database, hub: Hub) -> None:
    hub.follow(database)
    assert save(database) == hub.version


def test_every_commit_of_another_process_is_heard(
    database: Database, other: Database, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    ear = Ear(hub, monkeypatch)
    hub.follow(database)
    for _time in range(5):
        version = save(other)
        ear.wait_for(version)
    assert hub.version == version


def test_what_was_rolled_back_is_never_announced(database: Database, hub: Hub) -> None:
    hub.follow(database)
    with pytest.raises(ZeroDivisionError), database.write() as transaction:  # noqa: PT012 - it must fail late
        transaction.log("test", "test", 1)
        _ = 1 // 0
    assert hub.version == 0


def test_a_stopped_hub_hears_nothing_more_and_leaves_no_thread(database: Database, hub: Hub) -> None:
    hub.follow(database)
    hub.stop()
    save(database)
    assert hub.version == 0
    assert "watch-changes" not in {thread.name for thread in threading.enumerate()}


def test_a_hub_can_start_again(
    database: Database, other: Database, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.follow(database)
    hub.stop()
    ear = Ear(hub, monkeypatch)
    hub.follow(database)
    ear.wait_for(save(other))


def test_watching_goes_on_after_the_connection_was_lost(
    postgresql_url: str, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, other = Database(postgresql_url), Database(postgresql_url)
    ear = Ear(hub, monkeypatch)
    hub.follow(database)
    ear.wait_for(save(other))
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE starts_with(query, 'LISTEN')"
    with other.engine.begin() as connection:
        connection.exec_driver_sql(cut)
    ear.wait_for(save(other))
    database.close()
    other.close()


def test_a_command_beside_the_running_server_is_heard(
    sqlite_database: Database, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    ear = Ear(hub, monkeypatch)
    hub.follow(sqlite_database)
    writing = (
        "import sys; from db.engine import Database\n"
        "with Database(sys.argv[1]).write() as transaction: transaction.log('test', 'test', 1)"
    )
    subprocess.run([sys.executable, "-c", writing, sqlite_database.url], check=True)  # noqa: S603 - our own words
    ear.wait_for(newest_change(sqlite_database))
