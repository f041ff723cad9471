"""Databases for tests: migrated once, copied for each test."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from loopback import keep_to_loopback
from postgresql_server import Databases, running_server
from shared import made_once, settle

from db import engine as db_engine
from db.migrate import upgrade
from seed.demonstration import load_demonstration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.engine import Database


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as `fast` what needs neither a browser nor PostgreSQL nor prints how long something takes."""
    for item in items:
        if isinstance(item, pytest.Function) and not is_slow(item):
            item.add_marker("fast")


def is_slow(item: pytest.Function) -> bool:
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    values = item.callspec.params.values() if hasattr(item, "callspec") else ()
    needs_postgresql = any(name.startswith("postgresql") for name in item.fixturenames)
    return folder in ("browser", "load") or "postgresql" in values or needs_postgresql


@pytest.fixture(scope="session", autouse=True)
def _loopback() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        keep_to_loopback(patch)
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "template", _migrate) / "template.db"


def _migrate(folder: Path) -> None:
    path = folder / "template.db"
    upgrade(db_engine.use(f"sqlite:///{path}"))
    settle(path)


@pytest.fixture(scope="session")
def demonstration_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration as `dashboard demo` makes it."""

    def make(folder: Path) -> None:
        path = folder / "demo.db"
        shutil.copy(sqlite_template, path)
        db_engine.use(f"sqlite:///{path}")
        load_demonstration()
        settle(path)

    return made_once(tmp_path_factory, "demonstration", make) / "demo.db"


SERVER_FOLDER = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """The process that started the run keeps a folder for its PostgreSQL, and removes it at the end."""
    if not hasattr(config, "workerinput"):
        config.stash[SERVER_FOLDER] = tempfile.TemporaryDirectory()
        Path(config.stash[SERVER_FOLDER].name).chmod(0o755)


def pytest_configure_node(node: Any) -> None:
    node.workerinput["server_folder"] = node.config.stash[SERVER_FOLDER].name


def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVER_FOLDER in config.stash:
        config.stash[SERVER_FOLDER].cleanup()


@pytest.fixture(scope="session")
def postgresql_databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    started_by = getattr(request.config, "workerinput", None)
    folder = started_by["server_folder"] if started_by else request.config.stash[SERVER_FOLDER].name
    with running_server(Path(folder)) as server:
        yield Databases(server)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "test.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_databases: Databases, request: pytest.FixtureRequest) -> Iterator[str]:
    with postgresql_databases.lent(f"test_{abs(hash(request.node.nodeid)):x}") as url:
        yield url


def _in_use(url: str) -> Iterator[Database]:
    database = db_engine.use(url)
    yield database
    database.close()
    db_engine.forget()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated, empty database in use by this process; the test runs once on each kind."""
    yield from _in_use(database_url)


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    yield from _in_use(sqlite_url)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI nothing is skipped silently: a test that did not run has guarded nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped"):
        reporter.write_line("tests were skipped, which CI does not accept", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
