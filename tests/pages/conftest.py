"""Pages as AppTest sees them, over the demonstration's database, signed in as any of its people."""

from __future__ import annotations

import functools
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import streamlit as st
from kept_views import KeptViews
from shared import made_once, settle
from signing_in import sign_in
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.caching.cache_utils import CachedFunc
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test, local_script_runner

from dashboard.actions.accounts import add_account
from dashboard.ui import session as ui_session
from db import engine as db_engine
from seed.demonstration import DEMONSTRATION_ACCOUNTS
from seed.plan import load_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from db.engine import Database

PASSWORD = "bồ câu bay qua sông"
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


@pytest.fixture(scope="session", autouse=True)
def compiled_pages() -> Iterator[None]:
    """A server compiles a page once; AppTest would do it for each run."""
    compiled = ScriptCache()
    with pytest.MonkeyPatch.context() as patch:
        for module in (app_test, local_script_runner):
            patch.setattr(module, "ScriptCache", lambda: compiled)
        yield


@pytest.fixture(scope="session")
def demonstration_template(demonstration_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Template:
    def make(folder: Path) -> None:
        path = folder / "demo.db"
        shutil.copy(demonstration_file, path)
        db_engine.use(f"sqlite:///{path}")
        tokens = {
            person.login: sign_in(login=person.login, password=person.password, address="127.0.0.1")
            for person in DEMONSTRATION_ACCOUNTS
        }
        (folder / "tokens.json").write_text(json.dumps(tokens), encoding="utf-8")
        settle(path)

    folder = made_once(tmp_path_factory, "everybody-signed-in", make)
    return Template(folder / "demo.db", json.loads((folder / "tokens.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def installation_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """What `dashboard init` leaves: the plan, no figures, and one administrator, who has signed in."""

    def make(folder: Path) -> None:
        path = folder / "installed.db"
        shutil.copy(sqlite_template, path)
        db_engine.use(f"sqlite:///{path}")
        load_plan()
        add_account(actor=None, login="quantri", name="Quản trị", role="administrator", password=PASSWORD)
        token = sign_in(login="quantri", password=PASSWORD, address="127.0.0.1")
        (folder / "token").write_text(token, encoding="utf-8")
        settle(path)

    folder = made_once(tmp_path_factory, "installation", make)
    return Template(folder / "installed.db", {"quantri": (folder / "token").read_text(encoding="utf-8")})


@pytest.fixture
def installation(installation_template: Template, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "installed.db"
    shutil.copy(installation_template.path, path)
    st.cache_resource.clear()
    yield db_engine.use(f"sqlite:///{path}")
    db_engine.forget()


@pytest.fixture
def administrator(
    installation: Database,
    installation_template: Template,
    registered_pages: Mapping[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> AppTest:
    """The program of a new installation before its first run, signed in as its administrator."""
    token = installation_template.tokens["quantri"]
    monkeypatch.setattr(ui_session, "session_token", lambda: token)
    app = AppTest.from_file(APP, default_timeout=30)
    app._registered_pages = dict(registered_pages)
    return app


@pytest.fixture(scope="session")
def kept_views() -> Iterator[KeptViews]:
    kept = KeptViews()

    def computed(cached: CachedFunc[..., Any], *arguments: Any) -> Any:
        return kept.compute(cached, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CachedFunc, "_handle_cache_miss", computed)
        yield kept


@pytest.fixture
def demonstration(
    demonstration_template: Template,
    tmp_path: Path,
    kept_views: KeptViews,
    request: pytest.FixtureRequest,
) -> Iterator[Database]:
    path = tmp_path / "demo.db"
    shutil.copy(demonstration_template.path, path)
    # Views are kept by data version, and every test begins with the same one.
    st.cache_resource.clear()
    kept_views.begin(path, request)
    yield db_engine.use(f"sqlite:///{path}")
    kept_views.end()
    db_engine.forget()


@pytest.fixture(scope="session")
def registered_pages(demonstration_template: Template) -> Mapping[str, Any]:
    """What `st.navigation` knows once the program has run: with it a page is opened at once, as its address does.

    Without it AppTest has to run the overview first, a second whole page in each test.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ui_session, "session_token", lambda: demonstration_template.tokens["lanhdao"])
        db_engine.use(f"sqlite:///{demonstration_template.path}")
        app = AppTest.from_file(APP, default_timeout=30).run()
        db_engine.forget()
    assert not app.exception
    return app._registered_pages


@pytest.fixture
def open_page(
    demonstration: Database,
    demonstration_template: Template,
    registered_pages: Mapping[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., AppTest]:
    """Open a page as `login`; fails where the page shows an exception."""

    def opened(login: str, page: str | None = None, **query: str) -> AppTest:
        token = demonstration_template.tokens[login]
        monkeypatch.setattr(ui_session, "session_token", lambda: token)
        app = AppTest.from_file(APP, default_timeout=30)
        for name, value in query.items():
            app.query_params[name] = value
        app._registered_pages = dict(registered_pages)
        if page:
            app.switch_page(f"../pages/{page}.py")
        app.run()
        assert not app.exception
        return app

    return opened
