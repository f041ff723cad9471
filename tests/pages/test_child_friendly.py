"""Child-friendly communes: how far each is from recognition, what is missing, and the shortest way there."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import polars as pl
import pytest
import streamlit as st
from sqlalchemy import select
from sqlmodel import col

from dashboard.actions.recognition import ScoreCell, ScoreValue, record_score
from dashboard.domain.permissions import Actor, Role
from dashboard.domain.recognition import Side
from dashboard.ui.as_written import as_written
from dashboard.views import recognition as recognition_view
from db.tables import Account, Area

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from dashboard.views.recognition import Recognition
    from db.engine import Database

    OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """The pages remember by data version, and each test's database counts from the same one."""
    st.cache_resource.clear()


def area_id(database: Database, slug: str) -> int:
    with database.read() as session:
        found = session.scalar(select(col(Area.id)).where(col(Area.slug) == slug))
    assert found is not None
    return found


def text(app: AppTest) -> str:
    shown = (*app.title, *app.markdown, *app.caption, *app.info, *app.warning, *app.error)
    return "\n".join(element.value for element in shown)


def tables(app: AppTest) -> str:
    return "\n".join(html.unescape(element.proto.body) for element in app.get("html"))


def charts(app: AppTest) -> dict[str, str]:
    """What each chart says to who cannot see it."""
    return {chart.proto.id.rpartition("-")[2]: chart.proto.alt for chart in app.get("vega_lite_chart")}


def drawn(app: AppTest) -> pl.DataFrame:
    """What the heatmap of the criteria is drawn from."""
    return pl.read_ipc_stream(app.get("vega_lite_chart")[2].proto.datasets[0].data.data)


def round_of(year: int | None = None) -> Recognition:
    found = recognition_view.recognition(year, "vi")
    assert found is not None
    return found


def row_of(app: AppTest, name: str) -> str:
    """The line of one commune in the list for the meeting."""
    listed = next(table for table in tables(app).split("<table>") if "Đường ngắn nhất" in table)
    return next(line for line in listed.split("<tr>") if f">{name}<" in line)


def choose(app: AppTest, area: int) -> AppTest:
    app.selectbox(key="address:commune").set_value(area).run()
    assert not app.exception
    return app


def test_the_title_states_the_answer_while_a_round_is_prepared(open_page: OpenPage) -> None:
    app = open_page("lanhdao", "child_friendly")
    assert app.title[0].value == "6/7 xã, phường đã đăng ký; 2 đủ điều kiện theo điểm hiện có"


def test_the_title_of_a_decided_round_counts_who_was_recognised(open_page: OpenPage) -> None:
    app = open_page("lanhdao", "child_friendly", round="2019")
    assert app.title[0].value == "4/7 xã, phường được công nhận phù hợp với trẻ em"


def test_the_key_figures_agree_with_the_round(open_page: OpenPage) -> None:
    app = open_page("lanhdao", "child_friendly")
    assert [metric.value for metric in app.metric] == ["6/7", "2/7", "3/7", "4/7"]


@pytest.mark.parametrize(
    ("year", "name", "other"),
    [("2017", "34/2014", "06/QĐ-TTg"), ("2019", "06/QĐ-TTg", "34/2014"), ("2022", "06/QĐ-TTg", "34/2014")],
)
def test_each_round_is_shown_under_its_own_set(
    year: str, name: str, other: str, demonstration: Database, open_page: OpenPage
) -> None:
    app = open_page("lanhdao", "child_friendly")
    app.segmented_control(key="address:round").set_value(year).run()
    assert not app.exception
    # The usual round needs no word in the address.
    assert app.query_params.get("round", "2022") in (year, [year])
    heading = app.caption[0].value
    assert name in heading
    assert year in heading
    assert other not in heading
    seen = round_of(int(year))
    assert len(seen.book.rules) == (15 if year == "2017" else 13)
    labels = drawn(app)["criterion_label"].to_list()
    assert {f"{row['number']} {row['name']}" for row in seen.book.criteria.to_dicts()} == set(labels)


def test_a_criterion_at_zero_is_the_one_thing_that_long_phuoc_lacks(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = choose(open_page("lanhdao", "child_friendly"), area_id(demonstration, "long-phuoc"))
    said = text(app)
    assert "**Điểm tự chấm: 861 / 850** · Đã đăng ký" in said
    assert "✕ Không có tiêu chí 0 điểm: chưa đạt" in said
    assert "✓ Tổng điểm từ 850 trở lên: đạt" in said
    assert "**Còn thiếu gì:** 0 điểm: 9 Trẻ em được khám sức khỏe định kỳ" in said
    assert "**Đường ngắn nhất:** tiêu chí 9 (Trẻ em được khám sức khỏe định kỳ): từ 0 lên 1" in said
    assert "TC 9: 0 → 1" in row_of(app, "Phường Long Phước")


def test_son_giang_is_told_its_missing_points_its_gaps_and_the_way(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = choose(open_page("lanhdao", "child_friendly"), area_id(demonstration, "son-giang"))
    said = text(app)
    assert "còn thiếu 270 điểm" in said
    assert "chưa chấm: tiêu chí 11, 13" in said
    assert "**Đường ngắn nhất:** tiêu chí 6" in said
    line = row_of(app, "Phường Sơn Giang")
    for step in ("TC 11: 0 → 75", "TC 12: 10 → 75", "TC 13: 0 → 75"):
        assert step in line


def test_every_shortest_path_that_is_shown_leads_there(demonstration: Database) -> None:
    """Raising what it names, and nothing else, fulfils all three conditions."""
    seen = round_of(2022)
    for commune in seen.communes:
        assert commune.path is not None
        points = {**commune.points, **{step.number: step.target for step in commune.path}}
        assert len(points) == 13
        assert all(value > 0 for value in points.values())
        assert sum(points.values()) >= 850
        assert all(points[rule.number] <= (rule.maximum or 0) for rule in seen.book.rules)


def test_the_list_for_the_meeting_has_every_commune(open_page: OpenPage) -> None:
    app = open_page("lanhdao", "child_friendly")
    for commune in round_of().communes:
        assert commune.full_name in row_of(app, commune.full_name)


def test_a_decided_commune_is_shown_no_way(demonstration: Database, open_page: OpenPage) -> None:
    app = open_page("lanhdao", "child_friendly", round="2019")
    choose(app, area_id(demonstration, "phuoc-tin"))
    said = text(app)
    assert "0 điểm: 9 Trẻ em được khám sức khỏe định kỳ" in said
    assert "Đường ngắn nhất:" not in said
    assert "Đủ tổng điểm nhưng một tiêu chí 0 điểm" in tables(app)
    assert "422/UBND-VX (27/11/2019)" in tables(app)


def test_the_appraised_points_count_once_they_are_complete(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = open_page("lanhdao", "child_friendly", round="2019")
    choose(app, area_id(demonstration, "son-giang"))
    assert "**Điểm thẩm định:" in text(app)


def test_made_up_maxima_are_marked_and_those_of_the_decree_are_not(open_page: OpenPage) -> None:
    app = open_page("lanhdao", "child_friendly")
    assert f"{as_written('*')} điểm tối đa minh họa, không phải của quyết định" in text(app)
    maxima = dict(drawn(app).select("criterion", "max_label").unique().iter_rows())
    read = {number: label for number, label in maxima.items() if not label.endswith("*")}
    assert read == {1: "100", 6: "125", 7: "50"}
    assert maxima[2] == "75*"


def test_the_national_targets_stand_with_their_source(open_page: OpenPage) -> None:
    said = text(open_page("lanhdao", "child_friendly"))
    assert "Mục tiêu toàn quốc 2025: 65% (Quyết định số 23/QĐ-TTg" in said
    assert "Mục tiêu toàn quốc 2030: 75%" in said
    assert "công nhận" in said.partition("Mục tiêu toàn quốc 2025")[2]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("year", ["2017", "2019", "2022"])
def test_every_chart_says_its_answer_in_words(year: str, language: str, open_page: OpenPage) -> None:
    app = open_page("lanhdao", "child_friendly", round=year, lang=language)
    shown = charts(app)
    assert sorted(shown) == ["criteria", "points", "stages"]
    for words in shown.values():
        assert words.endswith(".")
    for name in ("stages", "points"):
        assert all(commune.name in shown[name] for commune in round_of().communes)


def test_the_words_for_the_criteria_name_the_zero(open_page: OpenPage) -> None:
    words = charts(open_page("lanhdao", "child_friendly"))["criteria"]
    assert "9 Trẻ em được khám sức khỏe định kỳ Long Phước 0" in words


def test_the_choice_of_a_commune_is_in_the_address(demonstration: Database, open_page: OpenPage) -> None:
    area = area_id(demonstration, "long-giang")
    app = open_page("lanhdao", "child_friendly", commune=str(area))
    assert app.selectbox(key="address:commune").value == area
    assert "Chưa đăng ký" in text(app)
    assert "Chưa có bước nào trong kỳ đánh giá này." in text(app)


def test_the_rounds_before_are_listed_each_with_its_outcome(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = choose(open_page("lanhdao", "child_friendly"), area_id(demonstration, "long-phuoc"))
    history = next(table for table in tables(app).split("<table>") if "<caption>Qua các kỳ" in table)
    found = [history.index(f"<td>{year}</td>") for year in (2022, 2019, 2017)]
    assert found == sorted(found)
    assert "861 / 850" in history


def test_a_score_that_is_saved_moves_the_page(demonstration: Database, open_page: OpenPage) -> None:
    app = open_page("lanhdao", "child_friendly")
    with demonstration.read() as session:
        account = session.scalar(select(Account).where(col(Account.login) == "longphuoc"))
    assert account is not None
    seen = round_of(2022)
    criterion = seen.book.criteria.row(8, named=True)
    area = area_id(demonstration, "long-phuoc")
    record_score(
        actor=Actor(account.id or 0, "longphuoc", account.name, Role.commune_officer, account.area_id),
        cell=ScoreCell(area, seen.round["round"], criterion["criterion"], Side.own),
        value=ScoreValue(1),
        base_version=next(
            row["version"]
            for row in seen.scores.to_dicts()
            if (row["area"], row["number"], row["side"]) == (area, 9, Side.own)
        ),
        token="page-test",
    )
    app.run()
    assert not app.exception
    assert "3 đủ điều kiện theo điểm hiện có" in app.title[0].value


def test_nobody_is_offered_a_field_to_score_here(open_page: OpenPage) -> None:
    app = open_page("quantri", "child_friendly")
    assert not app.text_input
    assert not app.text_area
    assert not app.button
