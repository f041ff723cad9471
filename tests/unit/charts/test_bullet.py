"""Bullet graph: fixed axis, target, last year, and rows that have no share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import polars as pl
import pytest

from dashboard.charts.bullet import BAND, BulletWords, bullet_chart

Spec: TypeAlias = dict[str, Any]
Rows: TypeAlias = Callable[..., list[dict[str, Any]]]
WORDS = BulletWords(short_axis="trục từ 80%")
BARS = 1


@pytest.fixture(scope="session")
def dots(bullets: pl.DataFrame) -> Spec:
    close = bullets.filter(pl.col("target") >= 0.9, pl.col("share") >= 0.9).with_columns(last=pl.lit(0.95))
    spec: Spec = bullet_chart(close, words=WORDS).to_dict()
    return spec


def test_shares_lie_on_a_fixed_axis_from_nothing_to_all(bullet: Spec) -> None:
    assert all(layer["encoding"]["x"]["scale"]["domain"] == [0, 1] for layer in bullet["layer"])


def test_bars_follow_the_order_of_the_plan(bullet: Spec, rows_of: Rows) -> None:
    assert [row["indicator_code"] for row in rows_of(bullet, "rect", BARS)] == ["BHYT", "KS", "BOI"]


def test_a_bar_is_a_third_of_the_band(bullet: Spec, rows_of: Rows) -> None:
    row = rows_of(bullet, "rect", BARS)[0]
    assert round((row["bottom"] - row["top"]) * 3, 6) == BAND


def test_the_target_is_a_black_tick_three_pixels_thick(bullet: Spec, rows_of: Rows) -> None:
    tick = next(layer for layer in bullet["layer"] if layer["mark"]["type"] == "rule")
    assert tick["mark"]["strokeWidth"] == 3
    assert [row["target"] for row in rows_of(bullet, "rule")] == [0.9, 1.0]


def test_last_year_is_a_hollow_diamond_where_it_is_known(bullet: Spec, rows_of: Rows) -> None:
    diamond = next(layer for layer in bullet["layer"] if layer["mark"].get("shape") == "diamond")
    assert diamond["mark"]["fill"] == "#FFFFFF"
    assert [row["last"] for row in rows_of(bullet, "point")] == [0.7, 0.31]


def test_a_row_without_a_share_keeps_its_text_alone(bullet: Spec, rows_of: Rows) -> None:
    drawn = rows_of(bullet, "rect", BARS) + rows_of(bullet, "rule") + rows_of(bullet, "point")
    assert "MG" not in {row["indicator_code"] for row in drawn}
    assert '"Chưa nộp"' in bullet["layer"][-1]["encoding"]["y"]["axis"]["labelExpr"]


def test_the_figures_at_the_right_are_an_axis_that_is_never_cut(bullet: Spec) -> None:
    axis = bullet["layer"][-1]["encoding"]["y"]["axis"]
    assert (axis["orient"], axis["labelLimit"]) == ("right", 0)


def test_bands_end_where_near_and_target_begin(bullet: Spec, rows_of: Rows) -> None:
    bands = [(row["low"], row["high"]) for row in rows_of(bullet, "rect") if row["row"] == 0]
    assert sorted(bands) == [(0, 0.85), (0.85, 0.9), (0.9, 1)]


def test_a_row_without_a_target_has_one_band(bullet: Spec, rows_of: Rows) -> None:
    assert [(row["low"], row["high"]) for row in rows_of(bullet, "rect") if row["row"] == 3] == [(0, 1)]


def test_values_close_to_all_are_dots_on_an_axis_that_says_so(dots: Spec) -> None:
    x = dots["layer"][0]["encoding"]["x"]
    assert (x["scale"]["domain"], x["axis"]["title"]) == ([0.8, 1], "trục từ 80%")
    assert {layer["mark"].get("shape") for layer in dots["layer"]} >= {"circle"}
