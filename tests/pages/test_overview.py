"""The overview says what is met, who has not reported, and why a cell says what it says."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
from sqlalchemy import select
from sqlmodel import col

from dashboard.domain.permissions import Sight
from dashboard.ui.overview import recent_cells
from dashboard.views import installation
from dashboard.views.overview import overview
from db.tables import Area

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from db.engine import Database

EVERYWHERE = Sight(is_everywhere=True)


def area_id(database: Database, slug: str) -> int:
    with database.read() as session:
        found = session.scalar(select(col(Area.id)).where(col(Area.slug) == slug))
    assert found is not None
    return found


def explain(app: AppTest, code: str, area: int) -> AppTest:
    app.selectbox(key="explain:indicator").set_value(code).run()
    app.selectbox(key="explain:area").set_value(area).run()
    assert not app.exception
    return app


def test_the_title_states_the_answer(open_page: Callable[..., AppTest]) -> None:
    app = open_page("lanhdao")
    assert app.title[0].value.startswith("Tạm tính ")
    assert "/14 chỉ tiêu đạt" in app.title[0].value
    assert "4 xã, phường chưa nộp" in app.title[0].value


def test_the_title_speaks_english_when_asked(open_page: Callable[..., AppTest]) -> None:
    app = open_page("lanhdao", lang="en")
    assert "/14 indicators met" in app.title[0].value


def test_the_scorecard_has_every_indicator_and_the_town(open_page: Callable[..., AppTest]) -> None:
    app = open_page("lanhdao")
    charts = app.get("vega_lite_chart")
    assert len(charts) == 2
    spec = json.loads(charts[0].proto.spec)
    assert "cell" in json.dumps(spec["params"])


def test_a_cell_explains_itself_with_formula_clause_author_and_history(
    demonstration: Database, open_page: Callable[..., AppTest]
) -> None:
    app = open_page("lanhdao", period="half")
    explain(app, "T2a", area_id(demonstration, "thac-mo"))
    text = "\n".join(element.value for element in (*app.markdown, *app.caption))
    assert "÷" in text
    assert "II.2" in text
    assert "2021" in text
    assert "Ai nhập, khi nào" in text


def test_the_town_names_the_communes_that_are_silent(
    demonstration: Database, open_page: Callable[..., AppTest]
) -> None:
    app = open_page("lanhdao")
    explain(app, "T2a", area_id(demonstration, "phuoc-long"))
    text = "\n".join(element.value for element in app.caption)
    assert "Chưa nộp" in text
    assert "Long Giang" in text


def headings(app: AppTest) -> str:
    return "\n".join(element.value for element in app.markdown)


def test_closing_the_reason_brings_the_targets_back(
    demonstration: Database, open_page: Callable[..., AppTest]
) -> None:
    app = open_page("lanhdao")
    explain(app, "T2a", area_id(demonstration, "thac-mo"))
    assert "Toàn thị xã so với mục tiêu" not in headings(app)
    app.button(key="btn:close-explanation").click().run()
    assert not app.exception
    assert "Toàn thị xã so với mục tiêu" in headings(app)


def test_the_town_is_explained_by_place_and_over_time(
    demonstration: Database, open_page: Callable[..., AppTest]
) -> None:
    app = open_page("lanhdao")
    explain(app, "T2a", area_id(demonstration, "phuoc-long"))
    assert len(app.get("vega_lite_chart")) == 3
    assert "Còn thiếu" in headings(app)


def test_what_is_due_is_said_in_the_words_of_the_plan(open_page: Callable[..., AppTest]) -> None:
    app = open_page("lanhdao")
    text = "\n".join(element.value for element in app.markdown)
    assert "trước ngày 10/11/2021" in text
    assert "15/11/2021" in text


def test_a_year_without_targets_does_not_say_that_none_was_met(open_page: Callable[..., AppTest]) -> None:
    app = open_page("lanhdao", year="2019")
    assert "0/14" not in app.title[0].value
    assert "chưa có mục tiêu" in app.title[0].value
    assert app.metric[0].value == "–"


def test_the_town_is_compared_with_the_same_communes_of_last_year(demonstration: Database) -> None:
    """Three communes of this year against seven of last year would make a rise of a fall."""
    seen = overview(2021, "year", "vi", EVERYWHERE)
    assert seen is not None
    rows = seen.cells.filter(pl.col("code") == "T11a")
    reported = rows.filter(~pl.col("is_town"), pl.col("denominator").is_not_null())
    town = rows.filter("is_town").row(0, named=True)
    assert 0 < reported.height < 7
    assert town["baseline_denominator"] == reported["baseline_denominator"].sum()
    assert town["baseline_numerator"] == reported["baseline_numerator"].sum()


def test_a_cell_that_changed_just_now_is_outlined(
    demonstration: Database, open_page: Callable[..., AppTest]
) -> None:
    open_page("lanhdao")
    seen = overview(2021, "year", "vi", EVERYWHERE)
    assert seen is not None
    assert recent_cells(seen) == ()
    later = seen.cells.with_columns(
        entered_at=pl.when((pl.col("code") == "T2a") & (pl.col("column") == 1))
        .then(pl.lit(installation.now()))
        .otherwise("entered_at")
    )
    assert recent_cells(replace(seen, cells=later)) == (("T2a", area_id(demonstration, "thac-mo")),)
