"""Where and since when: one indicator over the communes in their places, and the town over the reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.charts.export import tile_map_alternative, trend_alternative
from dashboard.charts.tiles import tile_map_chart
from dashboard.charts.trend import TrendWords, trend_chart
from dashboard.domain.numbers import format_number
from dashboard.i18n import _, current_language
from dashboard.ui.charts import finished_spec, style
from dashboard.ui.labels import value_label
from dashboard.ui.words import status_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.views.overview import Overview

TILE_TEXT = 12


def show_places(overview: Overview, row: Mapping[str, Any]) -> None:
    """The communes as equal squares in rough geographic place; nothing where places are not known."""
    below = overview.cells.filter(pl.col("code") == row["code"], pl.col("tile_row").is_not_null())
    if below.is_empty():
        return
    rows = below.to_dicts()
    tiles = below.select(
        pl.col("area").alias("area_id"),
        pl.col("tile_row").alias("row"),
        pl.col("tile_column").alias("column"),
        pl.col("area_name").alias("label"),
        "status",
        pl.Series("value_label", [value_label(each) for each in rows], dtype=pl.String),
        pl.Series("status_word", [status_word(each["status"]) for each in rows], dtype=pl.String),
        pl.col("area_name").alias("tooltip_title"),
        pl.Series("tooltip_lines", [status_word(each["status"]) for each in rows], dtype=pl.String),
    )
    words = tile_map_alternative(tiles, title=row["name"])
    chart = tile_map_chart(tiles, style=style(text_size=TILE_TEXT))
    st.vega_lite_chart(finished_spec(chart), key="places", width="content", alt=words)


def show_course(overview: Overview, row: Mapping[str, Any]) -> None:
    """The town's share over the last reports, with the target where there is a number for it."""
    known = overview.trend.filter(pl.col("code") == row["code"])
    if known["share"].drop_nulls().len() < len(("first", "last")):
        return
    target = None if row["target_bp"] is None else row["target_bp"] / 10000
    steps = known.select(
        "step",
        pl.Series("period_label", _reports(known), dtype=pl.String),
        "share",
        pl.lit(target, dtype=pl.Float64).alias("target"),
        pl.Series("value_label", [_percent(share) for share in known["share"]], dtype=pl.String),
    )
    words = TrendWords(target="", short_axis=_("trục từ 80%"))
    st.caption(_("Toàn thị xã qua các kỳ báo cáo (nét đứt: mục tiêu; 6T: sáu tháng đầu năm)"))
    chart = trend_chart(steps, words=words, style=style(text_size=TILE_TEXT))
    st.vega_lite_chart(finished_spec(chart), key="course", alt=trend_alternative(steps, title=row["name"]))


def _reports(known: pl.DataFrame) -> list[str]:
    """Short names of the reports in order: the year under its full year, and under a last report of six months."""
    names = [
        _("6T") if part == "half" else str(year) for year, part in known.select("year", "part").iter_rows()
    ]
    if known["part"][-1] == "half":
        names[-1] = f"{names[-1]}\n{known['year'][-1]}"
    return names


def _percent(share: float | None) -> str:
    if share is None:
        return ""
    return f"{format_number(share * 100, language=current_language(), decimals=1)}%"
