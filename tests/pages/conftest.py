"""Pages as AppTest sees them, over the demonstration's database, signed in as any of its people."""

from __future__ import annotations

import functools
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from dashboard.actions.sessions import sign_in
from dashboard.ui import session as ui_session
from db import engine as db_engine
from db.migrate import upgrade
from seed.demonstration import DEMONSTRATION_ACCOUNTS, load_demonstration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from db.engine import Database

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


@dataclass(frozen=True)
class Template:
    """A demonstration's database to copy, in which everybody has signed in: comparing passwords is slow on purpose."""

    path: Path
    tokens: Mapping[str, str]


@pytest.fixture(scope="session", autouse=True)
def components() -> Iterator[None]:
    """Streamlit looks for components through all installed packages before each page, and finds the same ones."""
    with pytest.MonkeyPatch.context() as patch:
        found = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", found)
        yield


@pytest.fixture(scope="session")
def demonstration_template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    path = tmp_path_factory.mktemp("demonstration") / "demo.db"
    database = db_engine.use(f"sqlite:///{path}")
    upgrade(database)
    load_demonstration()
    tokens = {
        person.login: sign_in(login=person.login, password=person.password, address="127.0.0.1")
        for person in DEMONSTRATION_ACCOUNTS
    }
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db_engine.forget()
    return Template(path, tokens)


@pytest.fixture
def demonstration(demonstration_template: Template, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "demo.db"
    shutil.copy(demonstration_template.path, path)
    # Views are kept by data version, and every test begins with the same one.
    st.cache_resource.clear()
    yield db_engine.use(f"sqlite:///{path}")
    db_engine.forget()


@pytest.fixture
def open_page(
    demonstration: Database,
    demonstration_template: Template,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., AppTest]:
    """Open a page as `login`; fails where the page shows an exception."""

    def opened(login: str, page: str | None = None, **query: str) -> AppTest:
        token = demonstration_template.tokens[login]
        monkeypatch.setattr(ui_session, "session_token", lambda: token)
        app = AppTest.from_file(APP, default_timeout=30)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        if page:
            app.switch_page(f"../pages/{page}.py").run()
        assert not app.exception
        return app

    return opened
