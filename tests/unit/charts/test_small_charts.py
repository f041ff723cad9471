"""Gap by commune, trend and tile map."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias

import polars as pl
import pytest

from dashboard.charts.palette import with_look
from dashboard.charts.scorecard import ScorecardWords, scorecard_chart
from dashboard.charts.tiles import tile_map_chart
from dashboard.charts.trend import TrendWords, trend_chart

Spec: TypeAlias = dict[str, Any]
Rows: TypeAlias = Callable[..., list[dict[str, Any]]]
WORDS = TrendWords(target="Mục tiêu 100%", short_axis="trục từ 80%")


@pytest.fixture(scope="session")
def trend(course: pl.DataFrame) -> Spec:
    spec: Spec = trend_chart(course, words=WORDS).to_dict()
    return spec


@pytest.fixture(scope="session")
def tile_map(tiles: pl.DataFrame) -> Spec:
    spec: Spec = tile_map_chart(tiles).to_dict()
    return spec


def test_a_trend_is_not_smoothed(trend: Spec) -> None:
    assert "interpolate" not in trend["layer"][0]["mark"]


def test_the_target_is_a_step(trend: Spec) -> None:
    step = next(layer for layer in trend["layer"] if layer["mark"].get("interpolate") == "step")
    assert step["encoding"]["y"]["field"] == "target"


def test_only_the_first_and_the_last_value_are_labelled(trend: Spec, rows_of: Rows) -> None:
    assert [row["value_label"] for row in rows_of(trend, "text")] == ["62,0%", "97,0%"]


def test_a_missing_report_breaks_the_line_and_has_no_dot(trend: Spec, rows_of: Rows) -> None:
    assert [row["share"] for row in rows_of(trend, "line")] == [0.62, None, 0.83, 0.97]
    assert [row["share"] for row in rows_of(trend, "point")] == [0.62, 0.83, 0.97]


def test_every_report_is_named_under_the_trend(trend: Spec) -> None:
    expression = trend["layer"][0]["encoding"]["x"]["axis"]["labelExpr"]
    assert '"6 tháng 2020"' in expression


def test_tiles_are_squares(tile_map: Spec) -> None:
    encoding = tile_map["layer"][0]["encoding"]
    columns, rows = encoding["x"]["scale"]["domain"][1], encoding["y"]["scale"]["domain"][0]
    assert tile_map["width"] / columns == tile_map["height"] / rows


def test_tiles_keep_their_places_from_the_first_row_and_column(tile_map: Spec, rows_of: Rows) -> None:
    assert [(row["x"], row["y"]) for row in rows_of(tile_map, "rect")] == [(0, 0), (1, 1), (0, 2)]


def test_a_tile_without_a_value_says_its_state(tile_map: Spec, rows_of: Rows) -> None:
    assert [row["shown"] for row in rows_of(tile_map, "rect")] == ["100% ✓", "Chưa nộp", "97,3% !"]


def test_a_click_on_a_tile_selects_its_area(tile_map: Spec) -> None:
    (chosen,) = tile_map["params"]
    assert (chosen["name"], chosen["select"]["fields"]) == ("area", ["area_id"])


def test_a_provisional_figure_is_hatched_and_a_final_one_is_not(cells: pl.DataFrame) -> None:
    hatched = with_look(cells.with_columns(is_provisional=pl.lit(value=True)))
    assert hatched.filter(pl.col("tint") == pl.col("fill")).is_empty()
    assert not with_look(cells)["is_provisional"].any()
    assert "datum.is_provisional ? {gradient" in json.dumps(
        scorecard_chart(cells, words=ScorecardWords(target="x", trend="y")).to_dict()
    )
