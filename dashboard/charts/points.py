"""Points: what every commune has of the points for recognition, against the least it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import altair as alt
import polars as pl

from dashboard.charts.bullet import BAND, BAR, TICK
from dashboard.charts.layout import (
    DEFAULT_STYLE,
    OWN_ROWS,
    Style,
    finished,
    row_axis,
    row_scale,
    tooltip,
    where_chosen,
)
from dashboard.charts.palette import with_look
from dashboard.charts.stages import commune_axis, for_arrow
from dashboard.charts.tiles import AREA_SELECTION

ALL_POINTS: Final = 1000
AXIS_STEPS: Final = 4
# Figures of the axis that come closer than so many pixels leave every other one out.
LABEL_GAP: Final = 10
# The text at the right has two lines.
ROW: Final = 1.25


@dataclass(frozen=True, slots=True)
class PointsWords:
    """`axis` says what the axis counts ("điểm")."""

    axis: str


@dataclass(frozen=True, slots=True)
class Scores:
    """Communes in their order with their axes."""

    rows: pl.DataFrame
    words: PointsWords
    style: Style
    end: int

    def x(self, field: str) -> alt.X:
        scale = alt.Scale(domain=[0, self.end], nice=False, zero=False)
        return alt.X(f"{field}:Q", scale=scale, axis=_points_axis(self))

    def y(self, field: str = "row", axis: alt.Axis | None = None) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=row_scale(self.rows.height), axis=axis)

    def strip(self, frame: pl.DataFrame, part: float) -> pl.DataFrame:
        """Rows with the edges of a strip that fills this part of their height."""
        return frame.with_columns(
            start=pl.lit(0.0),
            end=pl.lit(float(self.end)),
            top=pl.col("row") - part / 2,
            bottom=pl.col("row") + part / 2,
        )


def points_chart(
    rows: pl.DataFrame,
    *,
    words: PointsWords,
    style: Style = DEFAULT_STYLE,
) -> alt.LayerChart:
    """Draw one bar of points per commune; a row without a total shows its text alone.

    `rows`: area_id, position, out_of (Int), total, threshold (Int or null), area_label, status, right_label
    (a line break makes two lines), tooltip_title, tooltip_lines (String). A click fills the point selection
    `area`, which carries `area_id`.
    """
    scores = _scores(rows, words, style)
    layers = [_hits(scores), _bands(scores), _bars(scores), _thresholds(scores), _right_labels(scores)]
    return finished(layers, style, height=style.row * ROW * rows.height, resolve=OWN_ROWS)


def _scores(rows: pl.DataFrame, words: PointsWords, style: Style) -> Scores:
    ordered = with_look(for_arrow(rows.sort("position", "area_id")), style.theme).with_columns(
        row=pl.int_range(pl.len()).cast(pl.Float64),
    )
    end = rows.select(pl.col("out_of").max()).item()
    return Scores(ordered, words, style, end=ALL_POINTS if end is None else int(end))


def _points_axis(scores: Scores) -> alt.Axis:
    style = scores.style
    return alt.Axis(
        title=scores.words.axis,
        titleColor=style.ink.muted,
        titleFontSize=style.text_size,
        titleFontWeight="normal",
        format=",d",
        values=[scores.end * n / AXIS_STEPS for n in range(AXIS_STEPS + 1)],
        ticks=False,
        domain=False,
        grid=True,
        gridColor=style.ink.grid,
        labelColor=style.ink.muted,
        labelFontSize=style.text_size - 1,
        labelPadding=6,
        labelOverlap=True,
        labelSeparation=LABEL_GAP,
    )


def _hits(scores: Scores) -> alt.Chart:
    """Unseen until chosen; also where the pointer asks, so that a row without a bar answers as well."""
    chosen = alt.selection_point(name=AREA_SELECTION, fields=["area_id"], on="click")
    names = commune_axis(scores.rows["area_label"].to_list(), scores.style)
    layer: alt.Chart = (
        alt.Chart(scores.strip(scores.rows, 1), name="rows")
        .mark_rect(cursor="pointer", tooltip=tooltip())
        .encode(
            x=scores.x("start"),
            x2=alt.X2("end:Q"),
            y=scores.y("top", names),
            y2=alt.Y2("bottom:Q"),
            fill=alt.FillValue(
                "transparent", condition=where_chosen(AREA_SELECTION, scores.style.ink.bands[2])
            ),
            description=alt.Description("tooltip_title:N"),
        )
        .add_params(chosen)
    )
    return layer


def _bands(scores: Scores) -> alt.Chart:
    """A darker grey up to the threshold, a lighter one beyond it."""
    far, near = scores.style.ink.bands[:2]
    known = scores.strip(scores.rows.drop_nulls("total"), BAND)
    limit = pl.col("threshold").cast(pl.Float64)
    below = known.with_columns(end=limit.fill_null(pl.col("end")), grey=pl.lit(far))
    beyond = known.with_columns(start=limit.fill_null(pl.col("end")), grey=pl.lit(near))
    layer: alt.Chart = (
        alt.Chart(pl.concat([below, beyond]).filter(pl.col("end") > pl.col("start")))
        .mark_rect()
        .encode(
            x=scores.x("start"),
            x2=alt.X2("end:Q"),
            y=scores.y("top"),
            y2=alt.Y2("bottom:Q"),
            fill=alt.Fill("grey:N", scale=None),
        )
    )
    return layer


def _bars(scores: Scores) -> alt.Chart:
    layer: alt.Chart = (
        alt.Chart(scores.strip(scores.rows.drop_nulls("total"), BAR))
        .mark_rect(strokeWidth=1)
        .encode(
            x=scores.x("start"),
            x2=alt.X2("total:Q"),
            y=scores.y("top"),
            y2=alt.Y2("bottom:Q"),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("outline:N", scale=None),
        )
    )
    return layer


def _thresholds(scores: Scores) -> alt.Chart:
    layer: alt.Chart = (
        alt.Chart(scores.strip(scores.rows.drop_nulls(["total", "threshold"]), TICK))
        .mark_rule(strokeWidth=3, color=scores.style.ink.target)
        .encode(x=scores.x("threshold"), y=scores.y("top"), y2=alt.Y2("bottom:Q"))
    )
    return layer


def _right_labels(scores: Scores) -> alt.Chart:
    """The figures are an axis at the right: the browser makes room for it, whatever the font."""
    axis = row_axis(scores.rows["right_label"].to_list(), scores.style, orient="right")
    layer: alt.Chart = (
        alt.Chart(scores.rows).mark_point(opacity=0).encode(x=scores.x("total"), y=scores.y("row", axis))
    )
    return layer
