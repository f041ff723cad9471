"""Scorecard: order, places, texts, outlines and the selection a page listens to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import polars as pl
import pytest

from dashboard.charts.layout import Style
from dashboard.charts.palette import INKS, LOOKS, PALE_OUTLINE
from dashboard.charts.scorecard import ScorecardWords, scorecard_chart

Spec: TypeAlias = dict[str, Any]
Rows: TypeAlias = Callable[..., list[dict[str, Any]]]
WORDS = ScorecardWords(target="Mục tiêu", trend="Diễn biến")


@pytest.fixture(scope="session")
def meeting(cells: pl.DataFrame) -> Spec:
    """Communes alone, without trends, in the text of a meeting."""
    communes = cells.filter(~pl.col("is_town"))
    spec: Spec = scorecard_chart(communes, words=WORDS, style=Style(text_size=20)).to_dict()
    return spec


def cell(rows: list[dict[str, Any]], code: str, area_id: int) -> dict[str, Any]:
    return next(row for row in rows if row["indicator_code"] == code and row["area_id"] == area_id)


def test_rows_stand_in_the_order_of_the_plan(scorecard: Spec, rows_of: Rows) -> None:
    order = {row["row"]: row["indicator_code"] for row in rows_of(scorecard, "rect")}
    assert [order[place] for place in sorted(order)] == ["BHYT", "KS", "BOI"]


def test_the_first_row_is_on_top(scorecard: Spec) -> None:
    assert scorecard["layer"][0]["encoding"]["y"]["scale"]["domain"] == [2.5, -0.5]


def test_the_town_stands_apart_at_the_right_and_wider(scorecard: Spec, rows_of: Rows) -> None:
    rows = rows_of(scorecard, "rect")
    town, last = cell(rows, "BHYT", 1), cell(rows, "BHYT", 12)
    assert town["left"] > last["right"]
    assert town["right"] - town["left"] > last["right"] - last["left"]


def test_communes_stand_side_by_side(scorecard: Spec, rows_of: Rows) -> None:
    rows = rows_of(scorecard, "rect")
    assert cell(rows, "BHYT", 11)["right"] == cell(rows, "BHYT", 12)["left"]


def test_every_layer_shares_the_axes_so_that_none_is_lost(scorecard: Spec) -> None:
    for side in ("x", "y"):
        axes = [layer["encoding"][side]["axis"] for layer in scorecard["layer"]]
        assert axes == [axes[0]] * len(axes)


def test_labels_are_neither_cut_nor_dropped(scorecard: Spec) -> None:
    for side in ("x", "y"):
        axis = scorecard["layer"][0]["encoding"][side]["axis"]
        assert (axis["labelLimit"], axis["labelOverlap"]) == (0, False)


def test_long_indicator_names_take_two_lines(scorecard: Spec) -> None:
    expression = scorecard["layer"][0]["encoding"]["y"]["axis"]["labelExpr"]
    assert '["Trẻ em được đăng ký", "khai sinh đúng hạn"]' in expression


def test_area_names_hang_on_two_lines_above_the_cells(scorecard: Spec) -> None:
    axis = scorecard["layer"][0]["encoding"]["x"]["axis"]
    assert axis["orient"] == "top"
    assert '["Phước", "Tín"]' in axis["labelExpr"]


def test_the_name_of_the_town_alone_is_bold(scorecard: Spec) -> None:
    weight = scorecard["layer"][0]["encoding"]["x"]["axis"]["labelFontWeight"]
    assert weight["condition"]["value"] == "bold"
    assert weight["value"] == "normal"


def test_a_click_selects_the_indicator_and_the_area(scorecard: Spec) -> None:
    (chosen,) = scorecard["params"]
    assert (chosen["name"], chosen["views"]) == ("cell", ["cells"])
    assert chosen["select"] == {"type": "point", "fields": ["indicator_code", "area_id"], "on": "click"}


def test_pale_fills_have_an_outline_and_strong_ones_none(scorecard: Spec, rows_of: Rows) -> None:
    rows = rows_of(scorecard, "rect")
    assert cell(rows, "BOI", 11)["stroke"] == PALE_OUTLINE
    assert cell(rows, "BHYT", 11)["stroke"] == "transparent"


def test_a_recent_change_is_outlined_more_strongly_than_its_state(scorecard: Spec, rows_of: Rows) -> None:
    rows = rows_of(scorecard, "rect")
    changed, other = cell(rows, "KS", 11), cell(rows, "BHYT", 12)
    assert changed["stroke"] == INKS["light"].recent
    assert changed["stroke_width"] > other["stroke_width"]


def test_a_cell_says_value_and_symbol(scorecard: Spec, rows_of: Rows) -> None:
    rows = rows_of(scorecard, "text")
    assert cell(rows, "BHYT", 11)["text"] == f"100% {LOOKS['met'].symbol}"
    assert cell(rows, "BHYT", 12)["text"] == f"97,3% {LOOKS['near'].symbol}"


def test_a_missing_report_is_a_word_and_never_a_nought(scorecard: Spec, rows_of: Rows) -> None:
    rows = rows_of(scorecard, "text")
    assert cell(rows, "KS", 12)["text"] == "Chưa nộp"
    assert cell(rows, "BOI", 11)["text"] == "0"


def test_a_narrow_cell_keeps_its_symbol(scorecard: Spec, rows_of: Rows) -> None:
    assert cell(rows_of(scorecard, "text"), "KS", 11)["short_text"] == LOOKS["off"].symbol


def test_a_screen_reader_hears_name_value_and_state(scorecard: Spec, rows_of: Rows) -> None:
    spoken = cell(rows_of(scorecard, "rect"), "BHYT", 12)["spoken"]
    assert spoken == "Thẻ BHYT · Phước Tín 97,3% Gần đạt"


def test_a_trend_stays_within_its_row(scorecard: Spec, rows_of: Rows) -> None:
    points = rows_of(scorecard, "line")
    assert all(abs(point["height"] - point["row"]) < 0.5 for point in points)


def test_a_tenth_of_a_point_does_not_look_like_a_rise(scorecard: Spec, rows_of: Rows) -> None:
    heights = [point["height"] for point in rows_of(scorecard, "line") if point["indicator_code"] == "KS"]
    assert max(heights) - min(heights) < 0.01


def test_a_missing_report_leaves_no_point_in_the_trend(scorecard: Spec, rows_of: Rows) -> None:
    points = rows_of(scorecard, "line")
    assert [point["step"] for point in points if point["indicator_code"] == "BHYT"] == [0, 2]


def test_the_chart_stretches_and_its_rows_keep_their_height(scorecard: Spec) -> None:
    assert scorecard["width"] == "container"
    assert scorecard["autosize"]["type"] == "fit-x"
    assert scorecard["height"] == 3 * Style().row


def test_a_meeting_gets_larger_text_and_higher_rows(meeting: Spec) -> None:
    assert meeting["layer"][0]["encoding"]["y"]["axis"]["labelFontSize"] == 20
    assert meeting["height"] >= 3 * 2 * 20


def test_without_a_town_only_communes_are_drawn(meeting: Spec, rows_of: Rows) -> None:
    assert {row["area_id"] for row in rows_of(meeting, "rect")} == {11, 12}
