"""Pages as AppTest sees them, over the demonstration's database, signed in as any of its people."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.actions.sessions import sign_in
from dashboard.ui import session as ui_session
from db import engine as db_engine
from db.migrate import upgrade
from seed.demonstration import DEMONSTRATION_ACCOUNTS, load_demonstration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from db.engine import Database

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


@pytest.fixture(scope="session")
def demonstration_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demonstration") / "demo.db"
    database = db_engine.use(f"sqlite:///{path}")
    upgrade(database)
    load_demonstration()
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db_engine.forget()
    return path


@pytest.fixture
def demonstration(demonstration_template: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "demo.db"
    shutil.copy(demonstration_template, path)
    # Views are kept by data version, and every test begins with the same one.
    st.cache_resource.clear()
    yield db_engine.use(f"sqlite:///{path}")
    db_engine.forget()


@pytest.fixture
def open_page(demonstration: Database, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open a page as `login`; fails where the page shows an exception."""

    def opened(login: str, page: str | None = None, **query: str) -> AppTest:
        password = next(person.password for person in DEMONSTRATION_ACCOUNTS if person.login == login)
        token = sign_in(login=login, password=password, address="127.0.0.1")
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
