"""A new installation: the plan, one administrator, and no figures yet."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import streamlit as st
from signing_in import sign_in
from streamlit.testing.v1 import AppTest

from dashboard.actions.accounts import add_account
from dashboard.ui import session as ui_session

if TYPE_CHECKING:
    from db.engine import Database

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
PASSWORD = "bồ câu bay qua sông"


# What a page of the registers says is missing, and who supplies it; the register itself begins with a form.
MISSING = {
    "child_friendly": "cần nhập theo bản in",
    "scoring": "cần nhập theo bản in",
    "play_areas": "Sổ điểm vui chơi còn trống.",
    "rules": "cần nhập theo bản in",
}
REGISTER_PAGES = (*MISSING, "play_register")


@pytest.fixture
def app(administrator: AppTest) -> AppTest:
    return administrator


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_overview_says_what_is_missing_instead_of_empty_charts(app: AppTest, language: str) -> None:
    app.query_params["lang"] = language
    app.run()
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == 0
    assert app.info
    assert "/14" not in app.title[0].value
    assert [metric.value for metric in app.metric if "/14" in metric.value] == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_silent_are_counted_on_a_card_and_named_behind_its_question_mark(
    app: AppTest, language: str
) -> None:
    """A card has one line for it, about thirty letters at 1366; what is longer ends in dots."""
    app.query_params["lang"] = language
    app.run()
    notes = {metric.proto.help: metric.proto.delta_description for metric in app.metric if metric.proto.help}
    assert len(notes) == 1
    for names, count in notes.items():
        assert "Long Giang" in names
        assert "7" in count
        assert len(count) < 25


def test_no_banner_speaks_of_made_up_figures(app: AppTest) -> None:
    app.run()
    assert not any("giả định" in element.value for element in app.markdown)


def test_the_first_figure_brings_the_charts(app: AppTest) -> None:
    app.run()
    app.switch_page("../pages/entry.py").run()
    assert not app.exception
    answer = next(control for control in app.segmented_control if (control.key or "").startswith("fld:"))
    answer.set_value("yes").run()
    app.switch_page("../pages/overview.py").run()
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == 2


def words(app: AppTest) -> str:
    shown = (*app.title, *app.markdown, *app.caption, *app.info, *app.error, *app.warning)
    return "\n".join(element.value for element in shown)


@pytest.fixture
def year_of_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wall clock stands in the plan's year, when the town had its seven communes."""
    monkeypatch.setattr("dashboard.clock.utc_now", lambda: datetime(2021, 11, 5, 1, tzinfo=UTC))


def opened(app: AppTest, page: str, **query: str) -> AppTest:
    st.cache_resource.clear()
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(f"../pages/{page}.py").run()
    assert not app.exception
    return app


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("page", REGISTER_PAGES)
def test_a_page_of_the_registers_opens_before_anything_is_entered(
    page: str, language: str, app: AppTest
) -> None:
    assert len(opened(app, page, lang=language).title) == 1


@pytest.mark.usefixtures("year_of_the_plan")
@pytest.mark.parametrize("page", MISSING)
def test_a_page_of_the_registers_says_what_is_missing(page: str, app: AppTest) -> None:
    assert MISSING[page] in words(opened(app, page))


@pytest.mark.usefixtures("year_of_the_plan")
@pytest.mark.parametrize("part", ["places", "quarters", "excel"])
def test_every_part_of_the_register_opens_empty(part: str, app: AppTest) -> None:
    opened(app, "play_register", part=part)
    assert app.title[0].value == "Sổ điểm vui chơi"


@pytest.mark.usefixtures("year_of_the_plan")
def test_an_empty_list_of_thon_and_khu_pho_says_how_it_begins(app: AppTest) -> None:
    assert "Chưa có thôn, khu phố nào." in words(opened(app, "play_register", part="quarters"))


@pytest.mark.usefixtures("year_of_the_plan")
def test_no_sentence_of_an_empty_register_ends_twice(app: AppTest) -> None:
    assert ".." not in words(opened(app, "play_areas"))


@pytest.mark.usefixtures("year_of_the_plan")
def test_no_commune_is_said_to_have_failed_before_anybody_scored(app: AppTest) -> None:
    opened(app, "child_friendly")
    assert app.title[0].value.startswith("0/7 xã, phường đã đăng ký; 0 đủ điều kiện")
    assert "được công nhận phù hợp" not in app.title[0].value
    assert {metric.value for metric in app.metric} == {"0/7", "–"}


@pytest.mark.usefixtures("year_of_the_plan")
def test_the_register_is_begun_from_an_empty_form(app: AppTest) -> None:
    opened(app, "play_register")
    name = next(each for each in app.text_input if (each.key or "").split(":")[-2] == "name")
    name.set_value("Sân chơi đầu tiên")
    next(button for button in app.button if button.label == "Thêm vào sổ").click().run()
    assert not app.exception
    assert any("VC-01 · Sân chơi đầu tiên" in option for box in app.selectbox for option in box.options)
    opened(app, "play_areas")
    assert len(app.get("vega_lite_chart")) >= 1
    assert "Chưa có danh sách thôn, khu phố." in words(app)


@pytest.mark.usefixtures("year_of_the_plan")
def test_a_score_waits_for_its_maximum(app: AppTest) -> None:
    opened(app, "scoring")
    fields = {each.key: each for each in app.text_input if (each.key or "").startswith("fld:score")}
    assert len(fields) == 13
    assert sum(field.disabled for field in fields.values()) == 10


def test_what_is_missing_altogether_is_said_on_every_page(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An account before `dashboard init`: no plan, no communes, no sets of criteria."""
    add_account(actor=None, login="quantri", name="Quản trị", role="administrator", password=PASSWORD)
    token = sign_in(login="quantri", password=PASSWORD, address="127.0.0.1")
    monkeypatch.setattr(ui_session, "session_token", lambda: token)
    app = AppTest.from_file(APP, default_timeout=30).run()
    for page in REGISTER_PAGES:
        opened(app, page)
        assert "dashboard init" in words(app)


def test_an_administrator_is_never_told_that_the_account_only_looks(app: AppTest) -> None:
    """Today no commune of the plan exists any more: that, and no lack of rights, is why the page is empty."""
    opened(app, "play_register")
    assert "chỉ xem" not in words(app)
    assert app.info


def test_without_communes_the_rules_say_why_there_is_no_class_to_choose(app: AppTest) -> None:
    opened(app, "rules")
    assert "Không xã, phường nào của kế hoạch còn hiệu lực" in words(app)


def test_without_communes_no_share_of_nothing_is_shown(app: AppTest) -> None:
    opened(app, "play_areas")
    assert "0/0" not in words(app)
    assert "0/0" not in {metric.value for metric in app.metric}
