"""Where and since when: one indicator over the communes in their places, and one area's course over the reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.charts.export import tile_map_alternative, trend_alternative
from dashboard.charts.tiles import tile_map_chart
from dashboard.charts.trend import TrendWords, trend_chart
from dashboard.domain.catalogue import IndicatorKind
from dashboard.domain.numbers import format_number
from dashboard.i18n import _, current_language
from dashboard.ui.as_written import as_written
from dashboard.ui.cell_notes import notes
from dashboard.ui.charts import finished_spec, style
from dashboard.ui.labels import value_label
from dashboard.ui.words import state_words, yes_no

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
        pl.Series("status_word", [state_words(each) for each in rows], dtype=pl.String),
        pl.col("area_name").alias("tooltip_title"),
        pl.Series(
            "tooltip_lines", ["\n".join(_tile_lines(overview, each)) for each in rows], dtype=pl.String
        ),
        "is_provisional",
    )
    words = tile_map_alternative(tiles, title=row["name"])
    chart = tile_map_chart(tiles, style=style(text_size=TILE_TEXT))
    st.vega_lite_chart(finished_spec(chart), key="places", width="content", alt=words)


def _tile_lines(overview: Overview, row: Mapping[str, Any]) -> list[str]:
    return [state_words(row), *notes(overview, row)]


def show_course(overview: Overview, row: Mapping[str, Any]) -> None:
    """The chosen area's share over the last reports: a commune's own, with the town paler behind it."""
    known = overview.trend.filter(pl.col("code") == row["code"], pl.col("area") == row["area"])
    if not row["is_town"] and row["kind"] == IndicatorKind.share_of_communes:
        _show_answers(known, row)
        return
    if known["share"].drop_nulls().len() < len(("first", "last")):
        return
    steps = _steps(overview, known, row)
    st.caption(_course_legend(steps, row))
    words = TrendWords(target="", short_axis=_("trục từ 80%"))
    chart = trend_chart(steps, words=words, style=style(text_size=TILE_TEXT))
    title = f"{row['name']}, {row['area_name']}"
    st.vega_lite_chart(finished_spec(chart), key="course", alt=trend_alternative(steps, title=title))


def _steps(overview: Overview, known: pl.DataFrame, row: Mapping[str, Any]) -> pl.DataFrame:
    target = None if row["target_bp"] is None else row["target_bp"] / 10000
    town = overview.trend.filter(
        pl.col("code") == row["code"], pl.col("area") == overview.header.area_id
    ).select("step", behind="share")
    behind = pl.lit(None, dtype=pl.Float64) if row["is_town"] else pl.col("behind")
    return known.join(town, on="step", how="left", maintain_order="left").select(
        "step",
        pl.Series("period_label", _reports(known), dtype=pl.String),
        "share",
        "is_provisional",
        pl.lit(target, dtype=pl.Float64).alias("target"),
        pl.Series("value_label", [_percent(share) for share in known["share"]], dtype=pl.String),
        behind=behind,
    )


def _course_legend(steps: pl.DataFrame, row: Mapping[str, Any]) -> str:
    """Whose course it is, and only those marks that are drawn."""
    whose = _("{area} qua các kỳ báo cáo").format(area=as_written(row["area_name"]))
    marks = [
        (steps["behind"].drop_nulls().len() > 0, _("đường xám: toàn thị xã")),
        (steps["target"].drop_nulls().len() > 0, _("nét đứt: mục tiêu")),
        (bool(steps.drop_nulls("share")["is_provisional"].any()), _("vòng rỗng: tạm tính")),
        (True, _("6T: sáu tháng đầu năm")),
    ]
    return f"{whose} ({'; '.join(sentence for is_there, sentence in marks if is_there)})"


def _show_answers(known: pl.DataFrame, row: Mapping[str, Any]) -> None:
    """Yes and no over the years are words: a curve between 0 and 100 % would say nothing more."""
    answers = [
        f"{name}: {yes_no(numerator)}"
        for name, numerator in zip(_reports(known), known["numerator"], strict=True)
        if numerator is not None
    ]
    if answers:
        shown = " · ".join(answer.replace("\n", " ") for answer in answers)
        st.caption(
            _("{area} qua các kỳ báo cáo: {answers}").format(area=as_written(row["area_name"]), answers=shown)
        )


def _reports(known: pl.DataFrame) -> list[str]:
    """Short names of the reports in order: a full year by its number, six months under theirs."""
    half = _("6T")
    return [
        f"{half}\n{year}" if part == "half" else str(year)
        for year, part in known.select("year", "part").iter_rows()
    ]


def _percent(share: float | None) -> str:
    if share is None:
        return ""
    return f"{format_number(share * 100, language=current_language(), decimals=1)}%"
