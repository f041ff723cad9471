"""A new installation: the plan, one administrator, and no figures yet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.actions.accounts import add_account
from dashboard.actions.sessions import sign_in
from dashboard.ui import session as ui_session
from seed.plan import load_plan

if TYPE_CHECKING:
    from db.engine import Database

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
PASSWORD = "mật khẩu đủ dài"


@pytest.fixture
def app(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    load_plan()
    add_account(actor=None, login="quantri", name="Quản trị", role="administrator", password=PASSWORD)
    token = sign_in(login="quantri", password=PASSWORD, address="127.0.0.1")
    monkeypatch.setattr(ui_session, "session_token", lambda: token)
    return AppTest.from_file(APP, default_timeout=30)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_overview_says_what_is_missing_instead_of_empty_charts(app: AppTest, language: str) -> None:
    app.query_params["lang"] = language
    app.run()
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == 0
    assert app.info
    assert "0/14" in app.title[0].value


def test_no_banner_speaks_of_made_up_figures(app: AppTest) -> None:
    app.run()
    assert not any("giả định" in element.value for element in app.markdown)


def test_the_first_figure_brings_the_charts(app: AppTest) -> None:
    app.run()
    app.switch_page("../pages/entry.py").run()
    assert not app.exception
    answer = next(control for control in app.segmented_control if control.key.startswith("fld:"))
    answer.set_value("yes").run()
    app.switch_page("../pages/overview.py").run()
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == 2
